public import HTTPTypes

/// Carries requests to a server and answers back.
///
/// The library's own one speaks HTTP/1.1 and HTTP/2 over TCP. Bring another one for tests, or for a server that is
/// reached in another way.
public protocol Transport: Sendable {
    /// Sends a request and returns the answer when its head has come.
    ///
    /// The client watches the time: it cancels the surrounding task when the answer does not come.
    /// - Parameter request: What to send; its URL is complete.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``BatonError`` with ``BatonError/Code/unreachable`` when nothing was sent;
    ///   ``BatonError/Code/connectionLost`` and ``BatonError/isOutcomeUnknown`` when something was. Any other error
    ///   counts as the latter. `CancellationError` when the surrounding task was cancelled.
    func send(_ request: EngineRequest) async throws -> EngineResponse

    /// Ends connections and gives back what is held; nothing is sent any more after it.
    func shutdown() async
}

extension Transport {
    /// Does nothing.
    public func shutdown() async {}
}

/// A request on its way to a server.
public struct EngineRequest: Sendable {
    /// The content of a request.
    ///
    /// There will be no other cases: a switch over these two is complete.
    public enum Body: Sendable {
        /// Bytes that are there; may be sent again when the first attempt fails.
        case bytes([UInt8])
        /// Bytes that come bit by bit; can be sent once.
        case stream(ByteStream)
    }

    /// What the call does.
    public let operation: EngineOperation
    /// The method.
    public var method: HTTPRequest.Method
    /// The complete address.
    public var url: String
    /// The header fields, without those that the transport adds itself (`Host`, `Content-Length`).
    public var headerFields: HTTPFields
    /// The content, if there is any.
    public var body: Body?

    /// A request.
    public init(
        _ operation: EngineOperation,
        method: HTTPRequest.Method,
        url: String,
        headerFields: HTTPFields = [:],
        body: Body? = nil
    ) {
        self.operation = operation
        self.method = method
        self.url = url
        self.headerFields = headerFields
        self.body = body
    }
}

/// A server's answer.
public struct EngineResponse: Sendable {
    /// The status.
    public var status: Int
    /// The header fields.
    public var headerFields: HTTPFields
    /// The content, as it comes.
    public var body: ByteStream

    /// An answer.
    public init(status: Int, headerFields: HTTPFields = [:], body: ByteStream = ByteStream([])) {
        self.status = status
        self.headerFields = headerFields
        self.body = body
    }
}
