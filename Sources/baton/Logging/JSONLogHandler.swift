import Foundation
import Logging

/// Logs for programs: one JSON object per line with `time` (UTC), `level`, `logger`, `message` and `metadata`.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level
    private let label: String
    private let output: LogOutput

    init(label: String, logLevel: Logger.Level, output: LogOutput) {
        self.label = label
        self.logLevel = logLevel
        self.output = output
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        output.write(line(event, at: Date()))
    }

    /// The line for an event, without its line break.
    func line(_ event: LogEvent, at moment: Date) -> String {
        var fields = [
            ("time", moment.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)).quotedAsJSON),
            ("level", event.level.rawValue.quotedAsJSON),
            ("logger", label.quotedAsJSON),
            ("message", "\(event.message)".quotedAsJSON),
        ]
        let metadata = merged(event)
        if !metadata.isEmpty {
            fields.append(("metadata", json(.dictionary(metadata))))
        }
        return "{" + fields.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private func json(_ value: Logger.Metadata.Value) -> String {
        switch value {
        case .string(let text): text.quotedAsJSON
        case .stringConvertible(let value): value.description.quotedAsJSON
        case .array(let values): "[" + values.map(json).joined(separator: ",") + "]"
        case .dictionary(let values):
            "{"
                + values.sorted { $0.key < $1.key }.map { "\($0.quotedAsJSON):\(json($1))" }.joined(separator: ",")
                + "}"
        }
    }
}

extension String {
    /// The text as a JSON string, with its quotation marks.
    fileprivate var quotedAsJSON: String {
        var result = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                result += "\\u" + String(scalar.value, radix: 16).padded(to: 4, with: "0", atStart: true)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
