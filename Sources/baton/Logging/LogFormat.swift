import Foundation
import Logging

/// The names of `--log-format`.
enum LogFormat: String, CaseIterable {
    /// Text on a terminal, JSON lines otherwise.
    case auto
    case text
    case json

    /// `text` or `json`: what `auto` means for the output that logs go to.
    var resolved: LogFormat {
        guard self == .auto else { return self }
        return Terminal.isTerminal(STDERR_FILENO) ? .text : .json
    }
}

/// How this process logs: to standard error, in one of two formats.
struct LogSettings {
    var level: Logger.Level
    /// Never `auto`.
    var format: LogFormat

    init(level: Logger.Level, format: LogFormat) {
        self.level = level
        self.format = format
    }

    /// Reads the level and the format.
    init(from reader: SettingReader) throws(SettingProblem) {
        level = try reader.choice(.logLevel, of: Logger.Level.self)
        format = try reader.choice(.logFormat, of: LogFormat.self).resolved
    }

    /// Makes every logger of this process write this way, and returns the executable's own.
    ///
    /// Call it once, first.
    func bootstrap() -> Logger {
        LoggingSystem.bootstrap { label in
            let output = LogOutput(fileDescriptor: STDERR_FILENO)
            switch format {
            case .json:
                return JSONLogHandler(label: label, logLevel: level, output: output)
            case .text, .auto:
                return TextLogHandler(logLevel: level, output: output, isColored: Terminal.wantsColor(STDERR_FILENO))
            }
        }
        return Logger(label: "baton")
    }
}
