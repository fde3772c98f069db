import HTTPTypes
import Logging
import Postgres

/// Writes the errors that were answered to the log: what the client did wrong at debug, what went wrong with us as a
/// warning, and a lost database, or a fault of ours, as an error.
///
/// Values and statements' texts stay out of it.
struct ErrorLog: Sendable {
    let logger: Logger

    private enum Key: String {
        case status, type, method, sqlState, statement, problem
    }

    /// Reports an error and what it was answered with; nil when nobody expected it.
    func report(_ error: any Error, as answer: APIError?, method: HTTPRequest.Method) {
        guard let answer else { return reportUnexpected(error, method) }
        var metadata: Logger.Metadata = [
            Key.status.rawValue: "\(answer.status.code)",
            Key.type.rawValue: "\(answer.type)",
            Key.method.rawValue: "\(method.rawValue)",
        ]
        guard answer.status.code >= 500 else { return logger.debug("Request refused", metadata: metadata) }
        guard let failure = answer.cause else {
            return logger.warning("Request failed", metadata: metadata)
        }
        metadata[Key.problem.rawValue] = "\(failure.description)"
        metadata[Key.sqlState.rawValue] = failure.sqlState.map { "\($0)" }
        metadata[Key.statement.rawValue] = failure.statement.map { "\($0)" }
        logger.log(
            level: failure.isConnectionLoss ? .error : .warning,
            "Request failed in the database",
            metadata: metadata
        )
    }

    private func reportUnexpected(_ error: any Error, _ method: HTTPRequest.Method) {
        if error is CancellationError {
            return logger.debug("Request given up", metadata: [Key.method.rawValue: "\(method.rawValue)"])
        }
        logger.error(
            "Request failed unexpectedly",
            metadata: [Key.method.rawValue: "\(method.rawValue)", Key.problem.rawValue: "\(type(of: error))"]
        )
    }
}
