import Foundation
import Processes
import Testing

/// The lab itself, for as long as there is patience at every change: real processes, a real database, real signals.
@Suite struct `A short lab` {
    /// The executable that was built beside the tests.
    private static let lab = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("baton-lab").path

    @Test(.timeLimit(.minutes(5)))
    func `of killed and paused nodes, killed workers and a crashed database breaks no promise`() async throws {
        let faults = "kill-node,pause-node,kill-workers,restart-database,closed-sockets"
        let lab = try ChildProcess(
            executable: Self.lab,
            arguments: ["run", "--seconds", "36", "--nodes", "2", "--faults", faults, "--seed", "7"]
        )
        var lines: [String] = []
        for await line in lab.lines {
            switch line {
            case .output(let text), .error(let text): lines.append(text)
            }
        }
        let told = lines.joined(separator: "\n")
        #expect(await lab.exit() == .status(0), "\(told)")
        // A lab in which nothing happened proves nothing.
        for sign in ["× kill-node", "× pause-node", "× restart-database", "Nothing that was promised was broken"] {
            #expect(told.contains(sign), "\(told)")
        }
    }
}
