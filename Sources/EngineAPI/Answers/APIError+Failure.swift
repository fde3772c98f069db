import Access
import EngineCore
import EngineRuntime
import HTTPTypes
import NIOHTTP1
import Postgres

extension APIError {
    /// Seconds after which a client may try again when the database is away.
    private static let retryAfter = 1

    /// The answer to any error of a handler; nil for one that is nobody's answer: the client is gone, or a fault of ours.
    init?(describing error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let rejection as Rejection: self.init(rejection)
        case let failure as PostgresError: self.init(failure)
        case let overload as Overload: self = .unavailable(overload.description)
        case let refusal as TooManyChecks: self = .unavailable(refusal.description)
        case PollRefusal.tooMany: self = .tooManyPolls
        case is HTTPParserError: self = .invalidRequest("The body is not framed as HTTP says")
        case let unreadable as DefinitionUnreadable: self = .engine(unreadable.description)
        default: return nil
        }
    }

    /// The answer when the database cannot be asked or refuses.
    ///
    /// Says nothing about statements or values.
    init(_ failure: PostgresError) {
        switch failure.kind {
        case .connection, .poolTimeout, .timeout, .closed, .cancelled:
            self = .unavailable(Self.databaseAway)
        case .server(.queryCanceled): self = .unavailable(Self.databaseAway)
        case .server(.lockNotAvailable):
            self = .unavailable("The process instance is busy on another node. Please try again.")
        case .server(let state):
            self =
                failure.isConnectionLoss || state.isShortage
                ? .unavailable(Self.databaseAway) : .persistence(code: Self.code(of: state))
        case .decoding, .misuse:
            self = .persistence(code: 0)
        }
        cause = failure
    }

    private static let databaseAway = "The database is not available at the moment. Please try again."

    /// Trying again soon can help.
    private static func unavailable(_ message: String) -> APIError {
        APIError(.serviceUnavailable, "ProcessEngineException", message, code: 0, retryAfter: retryAfter)
    }

    private static let tooManyPolls = APIError.invalidRequest(
        "At the moment the server has to handle too many requests at the same time. Please try again later.",
        status: .internalServerError
    )

    /// The contract's code for what the database refused.
    private static func code(of state: SQLState) -> Int {
        switch state {
        case .serializationFailure: 1
        case .deadlockDetected: 10_000
        case .foreignKeyViolation: 10_001
        case SQLState(rawValue: "22001"): 10_002
        default: 0
        }
    }

    /// An error that has no other answer.
    static let unexpected = APIError(
        .internalServerError,
        "ProcessEngineException",
        "The request failed unexpectedly. The server's log says more.",
        code: 0
    )
}
