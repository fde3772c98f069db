import Foundation
import Testing

@testable import Processes

@Suite struct `A child process` {
    @Test func `hands over its lines and its exit status`() async throws {
        let child = try ChildProcess.shell("echo one; echo two >&2; printf three; exit 7")
        let lines = await child.lines.reduce(into: [ChildProcess.Line]()) { $0.append($1) }
        #expect(Set(lines.map(\.description)) == ["one", "error two", "three"])
        #expect(await child.exit() == .status(7))
    }

    @Test func `ends when it is killed`() async throws {
        let child = try ChildProcess.shell("cat")
        child.signal(SIGKILL)
        #expect(await child.exit() == .signal(SIGKILL))
    }

    @Test func `is ended even if it does not listen`() async throws {
        let child = try ChildProcess.shell("trap '' TERM; echo ready; while :; do read -r line || :; done")
        for await line in child.lines where line == .output("ready") { break }
        await child.terminate(within: .milliseconds(50))
        #expect(await child.exit() == .signal(SIGKILL))
    }

    @Test func `gets the environment it is given`() async throws {
        let child = try ChildProcess(
            executable: "/bin/sh",
            arguments: ["-c", "echo $BATON_TEST"],
            environment: ["BATON_TEST": "passed on"]
        )
        #expect(await child.lines.reduce(into: []) { $0.append($1) } == [.output("passed on")])
    }
}

@Suite struct `Splitting lines` {
    @Test func `joins what arrives in pieces`() {
        var splitter = LineSplitter()
        #expect(splitter.append(Data("on".utf8)) == [])
        #expect(splitter.append(Data("e\ntwo\nth".utf8)) == ["one", "two"])
        #expect(splitter.finish() == "th")
        #expect(splitter.finish() == nil)
    }

    @Test func `keeps no more of an endless line than its bound`() {
        var splitter = LineSplitter()
        let lines = splitter.append(Data(repeating: UInt8(ascii: "x"), count: LineSplitter.maximumLength + 1))
        #expect(lines.map(\.count) == [LineSplitter.maximumLength + 1])
        #expect(splitter.finish() == nil)
    }
}

@Suite struct `Free ports` {
    @Test func `are different`() throws {
        let ports = try FreePort.find(5)
        #expect(Set(ports).count == 5)
        #expect(ports.allSatisfy { (1...65535).contains($0) && FreePort.isFree($0) })
    }
}

extension ChildProcess {
    fileprivate static func shell(_ script: String) throws -> ChildProcess {
        try ChildProcess(executable: "/bin/sh", arguments: ["-c", script])
    }
}

extension ChildProcess.Line {
    fileprivate var description: String {
        switch self {
        case .output(let text): text
        case .error(let text): "error \(text)"
        }
    }
}
