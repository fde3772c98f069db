import Foundation
import Processes
import TestSupport
import Testing

/// The lab itself, for as long as there is patience at every change: real processes, a real database, real signals.
@Suite(.serialized, .needsOwnServer) struct `A short lab` {
    /// The executable that was built beside the tests.
    private static let lab = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("baton-lab").path

    @Test(.timeLimit(.minutes(5)))
    func `of killed and paused nodes, killed workers and a crashed database breaks no promise`() async throws {
        let faults = "kill-node,pause-node,kill-workers,restart-database,closed-sockets"
        try await run(
            ["--seconds", "36", "--faults", faults, "--seed", "7"],
            showing: ["× kill-node", "× pause-node", "× restart-database"]
        )
    }

    @Test(.timeLimit(.minutes(5)))
    func `of broken networks, sessions, standbys and tables breaks no promise`() async throws {
        let faults = """
            slow-network,rolling-restart,few-descriptors,orderly-restart,terminate-sessions,held-rows,locked-table,\
            standby-cut,fail-over,lock-storms
            """
        try await run(
            ["--seconds", "36", "--faults", faults, "--seed", "3"],
            showing: ["× slow-network", "× standby-cut"]
        )
    }

    /// Runs a lab of two nodes, in which some faults must be seen: one in which nothing happened proves nothing.
    private func run(_ arguments: [String], showing signs: [String]) async throws {
        let lab = try ChildProcess(executable: Self.lab, arguments: ["run", "--nodes", "2"] + arguments)
        var lines: [String] = []
        for await line in lab.lines {
            switch line {
            case .output(let text), .error(let text): lines.append(text)
            }
        }
        let told = lines.joined(separator: "\n")
        #expect(await lab.exit() == .status(0), "\(told)")
        for sign in signs + ["Nothing that was promised was broken"] { #expect(told.contains(sign), "\(told)") }
    }
}
