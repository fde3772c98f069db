import EngineCore
import Postgres

/// What came of giving an event to many, each in its own right.
struct BroadcastOutcome<Result: Sendable>: Sendable {
    private(set) var results: [Result] = []
    private(set) var firstFailure: (any Error)?
    /// The first failure that another attempt may not meet.
    private(set) var passingFailure: (any Error)?

    mutating func note(_ result: Result?) {
        if let result { results.append(result) }
    }

    mutating func note(_ failure: any Error) {
        firstFailure = firstFailure ?? failure
        if failure.mayPass { passingFailure = passingFailure ?? failure }
    }

    /// What came of it.
    ///
    /// - Throws: The first failure.
    func get() throws -> [Result] {
        if let firstFailure { throw firstFailure }
        return results
    }
}

extension Error {
    /// Whether trying again may help: neither the model nor the database has refused what was asked.
    fileprivate var mayPass: Bool {
        switch self {
        case is Rejection: false
        case let error as PostgresError: !error.isRefusedForGood
        default: true
        }
    }
}
