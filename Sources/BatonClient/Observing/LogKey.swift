import Logging

/// The names under which logs carry what varies.
enum LogKey: String {
    case attempt
    case code
    case count
    case error
    case operation
    case outcome
    case pause
    case processInstance = "process-instance"
    case retries
    case task
    case topic
    case topics
    case variable
    case worker
}

extension Logger.Metadata {
    /// Metadata of known keys.
    init(_ values: [LogKey: Logger.MetadataValue]) {
        self.init(uniqueKeysWithValues: values.map { ($0.rawValue, $1) })
    }
}

extension Logger {
    /// Logs a constant sentence; what varies is in `metadata`.
    func event(
        _ level: Logger.Level,
        _ sentence: Logger.Message,
        _ metadata: @autoclosure () -> [LogKey: MetadataValue]
    ) {
        log(level: level, sentence, metadata: Metadata(metadata()))
    }
}
