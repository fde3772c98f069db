import HTTPTypes
import JSON
import Postgres

/// An answer that says no: the contract's error object and its status.
///
/// `code` is a number when the engine refused, nil when the request never reached it; clients tell the two apart.
struct APIError: Error, Sendable, Hashable {
    var status: HTTPResponse.Status
    /// The name that clients know the error by.
    var type: String
    /// Safe to show to a stranger.
    var message: String
    var code: Int?
    /// The problems of a deployed model, by resource name.
    var details: JSONValue?
    /// Seconds after which the client may try again.
    var retryAfter: Int?
    /// What the database said, for the log; no client sees it.
    var cause: PostgresError?
    /// What the message does not say, for the log; no client sees it, and it has no value that a client sent.
    var reason: String?
    /// When the caller may not do this: what would be needed, any one of it.
    var missingPermissions: [MissingPermission] = []
    /// The caller, where that is said.
    var userID: String?

    init(
        _ status: HTTPResponse.Status,
        _ type: String,
        _ message: String,
        code: Int? = nil,
        details: JSONValue? = nil,
        retryAfter: Int? = nil
    ) {
        self.status = status
        self.type = type
        self.message = message
        self.code = code
        self.details = details
        self.retryAfter = retryAfter
    }
}

// MARK: The usual ones

extension APIError {
    /// The body is not JSON, or its members have the wrong types.
    ///
    /// The text is empty, as in the contract.
    static let malformedBody = APIError(.badRequest, "InvalidRequestException", "")

    /// The request is wrong in itself; 400 unless another status is given.
    static func invalidRequest(_ message: String, status: HTTPResponse.Status = .badRequest) -> APIError {
        APIError(status, "InvalidRequestException", message)
    }

    /// What the path names does not exist.
    static func notFound(_ message: String) -> APIError {
        APIError(.notFound, "InvalidRequestException", message)
    }

    /// A value that must be there is not: `workerId is null`.
    static func missing(_ parameter: String) -> APIError {
        APIError(.internalServerError, "NullValueException", "\(parameter) is null", code: 0)
    }

    /// The engine refuses for a reason without a better name.
    static func engine(_ message: String) -> APIError {
        APIError(.internalServerError, "ProcessEngineException", message, code: 0)
    }

    /// A query that makes no sense.
    static func notValid(_ message: String) -> APIError {
        APIError(.badRequest, "NotValidException", message, code: 0)
    }

    /// The database cannot keep a value: 10002 for one that is too long, 0 for one it cannot hold at all.
    static func persistence(code: Int, because reason: String? = nil) -> APIError {
        var error = APIError(
            .internalServerError,
            "ProcessEnginePersistenceException",
            """
            An exception occurred in the persistence layer. Please check the server logs for a detailed message and \
            the entire exception stack trace.
            """,
            code: code
        )
        error.reason = reason
        return error
    }

    /// A text that the database cannot keep.
    static var unstorable: APIError { .persistence(code: 0, because: "a text has the character U+0000") }

    /// A null where an object must be.
    static func nullPointer(_ message: String) -> APIError {
        APIError(.internalServerError, "NullPointerException", message)
    }

    /// A body, or a part of one, is larger than the server takes.
    static func bodyTooLarge(limit: Int) -> APIError {
        .invalidRequest("The request body is larger than \(limit) bytes", status: .contentTooLarge)
    }
}

// MARK: Prefixes

extension APIError {
    /// What becomes of the status of an engine's error that a resource wraps.
    enum EngineStatus {
        /// Stays as it is.
        case kept
        /// Becomes 500, whatever it was.
        case internalServerError
    }

    /// The error as a resource passes it on: with a prefix, and with the types that resources use.
    func prefixed(_ prefix: String, engineStatus: EngineStatus) -> APIError {
        guard self != .malformedBody, status != .serviceUnavailable, status != .contentTooLarge else { return self }
        var error = self
        error.message = prefix + message
        error.type = code == nil ? "InvalidRequestException" : "RestException"
        if code != nil, engineStatus == .internalServerError { error.status = .internalServerError }
        return error
    }
}

// MARK: The answer

extension APIError {
    /// The error as an answer in JSON, whatever the client accepts.
    var answer: Answer {
        var answer = Answer.json(status: status) { writer in
            writer.beginObject()
            writer.member("type", type)
            writer.member("message", message)
            writer.member("code", code)
            if !missingPermissions.isEmpty { writeMissingPermissions(to: &writer) }
            if let details { writer.member("details", details) }
            writer.endObject()
        }
        if let retryAfter { answer.headers[.retryAfter] = String(retryAfter) }
        return answer
    }
}
