public import BatonClient
public import HTTPTypes

/// A call that came to a ``TestEngine``, also one that met a ``Fault``.
public struct RecordedCall: Sendable {
    /// What was called.
    public let operation: EngineOperation
    /// The external task that is meant; nil for calls that are about none.
    public let taskID: String?
    /// The moment on the engine's clock.
    public let time: TestClock.Instant
    /// The request's method.
    public let method: HTTPRequest.Method
    /// The request's path below the engine's root, such as `/external-task/fetchAndLock`.
    public let path: String
    /// The request's header fields, those of interceptors included.
    public let headerFields: HTTPFields
    /// The request's body.
    public let body: [UInt8]
    /// Whether it met a fault.
    public let metFault: Bool

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
}
