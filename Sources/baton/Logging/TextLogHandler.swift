import Foundation
import Logging

/// Logs for people: `12:31:13.123 info   Node is ready  url=http://127.0.0.1:8080 node=1`.
///
/// Times are local.
struct TextLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level
    private let output: LogOutput
    private let isColored: Bool

    init(logLevel: Logger.Level, output: LogOutput, isColored: Bool) {
        self.logLevel = logLevel
        self.output = output
        self.isColored = isColored
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
        let level = event.level.rawValue.padded(to: 8)
        let pairs = merged(event).sorted { $0.key < $1.key }.map { key, value in
            TextStyle.dim.apply(to: "\(key)=", isColored: isColored) + quoted("\(value)")
        }
        let head = [
            TextStyle.dim.apply(to: ClockTime(moment).description, isColored: isColored),
            event.level.style?.apply(to: level, isColored: isColored) ?? level,
            oneLine("\(event.message)"),
        ].joined(separator: " ")
        return pairs.isEmpty ? head : "\(head)  \(pairs.joined(separator: " "))"
    }

    /// A value as it is, or in quotation marks where its end could not be seen otherwise.
    private func quoted(_ value: String) -> String {
        let value = oneLine(value)
        guard value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else { return value }
        return "\"\(value.replacing("\"", with: "\\\""))\""
    }

    /// The text without control characters, which could forge lines or confuse the terminal.
    private func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case let scalar where scalar.properties.generalCategory == .control:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}

/// The time of day in local time, to the millisecond.
private struct ClockTime: CustomStringConvertible {
    let description: String

    init(_ moment: Date) {
        let milliseconds = Int((moment.timeIntervalSince1970 * 1000).rounded(.down))
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map {
            String($0).padded(to: 2, with: "0", atStart: true)
        }
        description =
            "\(time.joined(separator: ":")).\(String(milliseconds % 1000).padded(to: 3, with: "0", atStart: true))"
    }
}

extension Logger.Level {
    fileprivate var style: TextStyle? {
        switch self {
        case .trace, .debug: .dim
        case .info: .green
        case .notice: .cyan
        case .warning: .yellow
        case .error, .critical: .red
        }
    }
}

extension String {
    /// The text made at least `width` characters long.
    func padded(to width: Int, with filler: Character = " ", atStart: Bool = false) -> String {
        let filling = String(repeating: filler, count: Swift.max(0, width - count))
        return atStart ? filling + self : self + filling
    }
}
