import Foundation
import Logging
import Testing

@testable import baton

@Suite struct `A log line` {
    let moment = Date(timeIntervalSince1970: 1_700_000_000.25)

    @Test func `is one JSON object for programs`() throws {
        let handler = JSONLogHandler(label: "baton", logLevel: .info, output: .nowhere)
        let line = handler.line(.event("Task \"t\"\nlocked", ["worker": "w\u{1}", "topics": ["a", "b"]]), at: moment)
        #expect(
            line
                == #"{"time":"2023-11-14T22:13:20.250Z","level":"info","logger":"baton","message":"Task \"t\"\nlocked","metadata":{"topics":["a","b"],"worker":"w\u0001"}}"#
        )
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }

    @Test func `is a sentence and its facts for people`() {
        var handler = TextLogHandler(logLevel: .info, output: .nowhere, isColored: false)
        handler[metadataKey: "node"] = "1"
        let line = handler.line(
            .event("Node is ready", ["url": "http://h:1", "note": "two words", "node": "2"]),
            at: moment
        )
        #expect(line.hasSuffix("20.250 info     Node is ready  node=2 note=\"two words\" url=http://h:1"))
    }

    @Test func `cannot be forged by what is logged`() {
        let handler = TextLogHandler(logLevel: .info, output: .nowhere, isColored: false)
        let line = handler.line(.event("x", ["worker": "a\n12:00 error\u{1B}[31m"]), at: moment)
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        #expect(line.contains(#"a\n12:00 error\u{1b}[31m"#))
    }
}

extension LogOutput {
    fileprivate static let nowhere = LogOutput(fileDescriptor: -1)
}

extension LogEvent {
    fileprivate static func event(_ message: Logger.Message, _ metadata: Logger.Metadata) -> LogEvent {
        LogEvent(
            level: .info,
            message: message,
            metadata: metadata,
            source: "baton",
            file: "",
            function: "",
            line: 1
        )
    }
}
