/// Why a call, a value or a setting did not work.
///
/// ``description`` shows the engine's message as the engine made it; this library adds no value of a variable, no
/// token, no password.
public struct BatonError: Error, Sendable {
    /// What kind of error it is; later versions may know more.
    public var code: Code
    /// What was tried; nil when no call was made.
    public var operation: EngineOperation?
    /// The HTTP status, when there was an answer.
    public var status: Int?
    /// The contract's `type` of the error: the simple name of an exception, such as `RestException`.
    public var engineType: String?
    /// The contract's `code` of the error; 1 is optimistic locking, those from 20000 on come from the model's own code.
    public var engineCode: Int?
    /// The engine's message, or this library's.
    public var message: String?
    /// How long the server wants to be left alone.
    public var retryAfter: Duration?
    /// Whether the call may have had its effect although it failed: it was sent, and no answer came.
    public var isOutcomeUnknown: Bool
    /// The name of the variable that is meant.
    public var variable: String?
    /// The error that led to this one.
    public var cause: (any Error)?

    /// An error of this kind.
    public init(
        _ code: Code,
        operation: EngineOperation? = nil,
        status: Int? = nil,
        engineType: String? = nil,
        engineCode: Int? = nil,
        message: String? = nil,
        retryAfter: Duration? = nil,
        isOutcomeUnknown: Bool = false,
        variable: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.operation = operation
        self.status = status
        self.engineType = engineType
        self.engineCode = engineCode
        self.message = message
        self.retryAfter = retryAfter
        self.isOutcomeUnknown = isOutcomeUnknown
        self.variable = variable
        self.cause = cause
    }
}

// MARK: Kinds

extension BatonError {
    /// A kind of error.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code's name.
        public let description: String

        private init(_ description: String) {
            self.description = description
        }

        /// The server was not reached (no connection, no name, no TLS), and nothing was sent.
        public static let unreachable = Code("unreachable")
        /// The connection ended before the answer was complete.
        public static let connectionLost = Code("connectionLost")
        /// The answer did not come in time, or an interceptor took too long.
        public static let timedOut = Code("timedOut")
        /// The server asks to be left alone for a while (429, 503).
        public static let overloaded = Code("overloaded")
        /// The server does not know who calls (401).
        public static let unauthenticated = Code("unauthenticated")
        /// The caller may not do this (403).
        public static let forbidden = Code("forbidden")
        /// There is no such task, instance, variable or definition (404).
        public static let notFound = Code("notFound")
        /// There is no engine at this address, or not yet: a 404 that is not the engine's.
        public static let noEngine = Code("noEngine")
        /// Another worker holds the task, or nobody does (400).
        public static let notLockedByWorker = Code("notLockedByWorker")
        /// The lock ran out before it was extended (400).
        public static let lockExpired = Code("lockExpired")
        /// The task's process instance is suspended (400).
        public static let suspended = Code("suspended")
        /// The engine refuses the request for any other reason (4xx).
        public static let refused = Code("refused")
        /// Somebody else changed the same thing at the same moment (500 with the engine's code 1).
        public static let conflict = Code("conflict")
        /// The engine failed (5xx); the message says at what.
        public static let engineFailed = Code("engineFailed")
        /// The answer is not what the contract says, or is too large.
        public static let invalidAnswer = Code("invalidAnswer")
        /// An interceptor threw; ``BatonError/cause`` is what.
        public static let interceptorFailed = Code("interceptorFailed")
        /// An argument is out of its bounds, and nothing was sent.
        public static let invalidArgument = Code("invalidArgument")
        /// A setting cannot be used, such as a file without certificates.
        public static let invalidConfiguration = Code("invalidConfiguration")
        /// A worker was run a second time.
        public static let alreadyRun = Code("alreadyRun")
        /// There is no variable of this name, or it is null.
        public static let variableMissing = Code("variableMissing")
        /// The variable is of a type that does not go with the one that is asked for.
        public static let variableOfOtherType = Code("variableOfOtherType")
        /// The variable's value cannot be decoded.
        public static let variableUnreadable = Code("variableUnreadable")
    }

    /// Whether the same call may work later without anybody changing anything.
    public var isRetryable: Bool {
        switch code {
        case .unreachable, .connectionLost, .timedOut, .overloaded, .conflict, .noEngine: true
        case .engineFailed: status != 500 && status != 501
        default: false
        }
    }

    /// Whether the task is not ours any more, so that working on makes no sense.
    public var isLockLost: Bool {
        code == .notFound || code == .notLockedByWorker || code == .lockExpired
    }
}

extension BatonError: CustomStringConvertible, CustomDebugStringConvertible {
    /// One line, safe to show as far as the engine's message is.
    public var description: String {
        var text = message ?? code.description
        if let status { text += " (\(status)\(engineType.map { " \($0)" } ?? ""))" }
        return operation.map { "\($0): \(text)" } ?? text
    }

    /// The line with everything else that is known.
    public var debugDescription: String {
        var text = "BatonError.\(code): \(description)"
        if let engineCode { text += ", engine code \(engineCode)" }
        if let retryAfter { text += ", retry after \(retryAfter)" }
        if isOutcomeUnknown { text += ", outcome unknown" }
        // What an interceptor throws may tell of secrets.
        if let cause {
            let shown = code == .interceptorFailed ? "\(type(of: cause))" : String(reflecting: cause)
            text += ", because of \(shown)"
        }
        return text
    }
}
