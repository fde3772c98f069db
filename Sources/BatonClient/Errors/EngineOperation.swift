/// What a call does: for errors, interceptors, logs and metrics.
public struct EngineOperation: Sendable, Hashable, CustomStringConvertible {
    /// The operation's name, such as `fetchAndLock`.
    public let description: String

    private init(_ description: String) {
        self.description = description
    }

    /// What ``EngineClient/fetchAndLock(_:)`` does.
    public static let fetchAndLock = EngineOperation("fetchAndLock")
    /// What ``EngineClient/complete(_:variables:localVariables:)`` does.
    public static let complete = EngineOperation("complete")
    /// What ``EngineClient/handleFailure(_:_:)`` does.
    public static let handleFailure = EngineOperation("handleFailure")
    /// What ``EngineClient/handleBPMNError(_:_:)`` does.
    public static let handleBPMNError = EngineOperation("handleBPMNError")
    /// What ``EngineClient/extendLock(_:for:)`` does.
    public static let extendLock = EngineOperation("extendLock")
    /// What ``EngineClient/lock(_:for:)`` does.
    public static let lock = EngineOperation("lock")
    /// What ``EngineClient/unlock(_:)`` does.
    public static let unlock = EngineOperation("unlock")
    /// Reading variables.
    public static let readVariables = EngineOperation("readVariables")
    /// Setting or deleting variables.
    public static let changeVariables = EngineOperation("changeVariables")
    /// What ``EngineClient/download(_:in:)`` does.
    public static let download = EngineOperation("download")
    /// What ``EngineClient/upload(_:as:to:in:)`` does.
    public static let upload = EngineOperation("upload")
    /// What ``EngineClient/deploy(_:)`` does.
    public static let deploy = EngineOperation("deploy")
    /// What ``EngineClient/startProcess(_:)`` does.
    public static let startProcess = EngineOperation("startProcess")
    /// What ``EngineClient/correlate(_:)`` does.
    public static let correlateMessage = EngineOperation("correlateMessage")
    /// What ``EngineClient/version()`` does.
    public static let version = EngineOperation("version")
}
