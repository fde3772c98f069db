import HTTPTypes
import Logging
import Postgres
import Synchronization

/// Writes the errors that were answered to the log.
///
/// What is answered with a status below 500 is logged at debug, the rest as a warning, and a lost database or a fault of
/// ours as an error. The contract has many statuses of 500 for what is the client's mistake, and a busy client repeats
/// its mistakes: of what is alike, one line in ``LogThrottle/interval`` passes and says how many there were before it;
/// the others are logged at debug. Values and statements' texts stay out of the log.
final class ErrorLog: Sendable {
    private let logger: Logger
    private let throttle = Mutex(LogThrottle<Kind>())
    private let now: @Sendable () -> ContinuousClock.Instant

    init(logger: Logger, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.logger = logger
        self.now = now
    }

    /// What was asked for.
    struct Operation: Sendable, Hashable {
        var method: HTTPRequest.Method
        /// The pattern of its route; nil when the request has none.
        var route: String?
    }

    /// What makes two lines alike.
    private struct Kind: Sendable, Hashable {
        var operation: Operation
        var level: Logger.Level
        var type: String
    }

    private enum Key: String {
        case status, type, method, route, sqlState, statement, problem, before
    }

    /// Reports an error and what it was answered with; nil when nobody expected it.
    func report(_ error: any Error, as answer: APIError?, of operation: Operation) {
        var metadata: Logger.Metadata = [Key.method.rawValue: "\(operation.method.rawValue)"]
        metadata[Key.route.rawValue] = operation.route.map { "\($0)" }
        guard let answer else { return reportUnexpected(error, operation, metadata) }
        metadata[Key.status.rawValue] = "\(answer.status.code)"
        metadata[Key.type.rawValue] = "\(answer.type)"
        guard answer.status.code >= 500 else { return logger.debug("Request refused", metadata: metadata) }
        metadata[Key.problem.rawValue] = answer.reason.map { "\($0)" }
        guard let failure = answer.cause else {
            return report("Request failed", at: .warning, answer.type, operation, metadata)
        }
        metadata[Key.problem.rawValue] = "\(failure.description)"
        metadata[Key.sqlState.rawValue] = failure.sqlState.map { "\($0)" }
        metadata[Key.statement.rawValue] = failure.statement.map { "\($0)" }
        let level = failure.isConnectionLoss ? Logger.Level.error : .warning
        report("Request failed in the database", at: level, answer.type, operation, metadata)
    }

    private func reportUnexpected(_ error: any Error, _ operation: Operation, _ metadata: Logger.Metadata) {
        guard !(error is CancellationError) else { return logger.debug("Request given up", metadata: metadata) }
        let type = "\(Swift.type(of: error))"
        let metadata = metadata.merging([Key.problem.rawValue: "\(type)"]) { $1 }
        report("Request failed unexpectedly", at: .error, type, operation, metadata)
    }

    private func report(
        _ message: Logger.Message,
        at level: Logger.Level,
        _ type: String,
        _ operation: Operation,
        _ metadata: Logger.Metadata
    ) {
        var metadata = metadata
        let kind = Kind(operation: operation, level: level, type: type)
        switch throttle.withLock({ $0.admit(kind, at: now()) }) {
        case .held: logger.debug(message, metadata: metadata)
        case .passes(let before):
            if before > 0 { metadata[Key.before.rawValue] = "\(before)" }
            logger.log(level: level, message, metadata: metadata)
        }
    }
}

/// Lets one line of each kind pass in a while, and counts the others.
struct LogThrottle<Kind: Hashable & Sendable>: Sendable {
    /// How long what is alike is held back.
    static var interval: Duration { .seconds(10) }
    /// The most kinds that are remembered; when there are more, all are forgotten.
    static var maximumKinds: Int { 1_000 }

    enum Admission: Sendable, Equatable {
        /// So many were held back since the last one passed.
        case passes(before: Int)
        case held
    }

    private var passed: [Kind: (moment: ContinuousClock.Instant, held: Int)] = [:]

    mutating func admit(_ kind: Kind, at moment: ContinuousClock.Instant) -> Admission {
        if let last = passed[kind], moment < last.moment + Self.interval {
            passed[kind] = (last.moment, last.held + 1)
            return .held
        }
        let before = passed[kind]?.held ?? 0
        if passed.count >= Self.maximumKinds { passed = [:] }
        passed[kind] = (moment, 0)
        return .passes(before: before)
    }
}
