import EngineCore
import Postgres

/// What came of giving an event to many, each in its own right.
struct BroadcastOutcome<Result: Sendable>: Sendable {
    private(set) var results: [Result] = []
    private(set) var firstFailure: (any Error)?
    /// The first failure that another attempt may not meet.
    private(set) var passingFailure: (any Error)?

    /// Whether nothing was done, for certain.
    private(set) var isNothing = true

    mutating func note(_ result: Result?) {
        guard let result else { return }
        results.append(result)
        isNothing = false
    }

    mutating func note(_ failure: any Error) {
        firstFailure = firstFailure ?? failure
        if !failure.leavesNothing { isNothing = false }
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

    /// Whether nothing of the command that failed is in the database, nor will be.
    fileprivate var leavesNothing: Bool {
        switch self {
        case is Rejection: true
        case let error as PostgresError: error.isDefinitelyUndone
        case let overload as Overload: overload != .outcomeUnknown
        default: false
        }
    }
}
