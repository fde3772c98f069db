import Foundation
import Processes
import TestSupport
import Testing

@testable import baton

/// The product as a whole: real processes, a real database, real sockets, SIGKILL.
@Suite(.needsOwnServer) struct `The take-over` {
    /// The executable that was built beside the tests.
    private static let baton = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("baton").path

    @Test(.timeLimit(.minutes(3)))
    func `of a dead worker's and a dead node's work comes out`() async throws {
        let demo = try ChildProcess(executable: Self.baton, arguments: ["demo", "takeover"])
        var lines: [String] = []
        for await line in demo.lines {
            switch line {
            case .output(let text), .error(let text): lines.append(text)
            }
        }
        let story = lines.joined(separator: "\n")
        #expect(await demo.exit() == .status(0), "\(story)")
        #expect(story.contains("node A and worker 1 are dead"))
        #expect(story.contains("task created once, completed once, by worker 2"))
    }
}
