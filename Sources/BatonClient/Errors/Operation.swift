/// What a call does: for errors, interceptors, logs and metrics.
public struct Operation: Sendable, Hashable, CustomStringConvertible {
    /// The operation's name, such as `fetchAndLock`.
    public let description: String

    private init(_ description: String) {
        self.description = description
    }

    /// What ``EngineClient/fetchAndLock(_:)`` does.
    public static let fetchAndLock = Operation("fetchAndLock")
    /// What ``EngineClient/complete(_:variables:localVariables:)`` does.
    public static let complete = Operation("complete")
    /// What ``EngineClient/handleFailure(_:_:)`` does.
    public static let handleFailure = Operation("handleFailure")
    /// What ``EngineClient/handleBPMNError(_:_:)`` does.
    public static let handleBPMNError = Operation("handleBPMNError")
    /// What ``EngineClient/extendLock(_:by:)`` does.
    public static let extendLock = Operation("extendLock")
    /// What ``EngineClient/lock(_:for:)`` does.
    public static let lock = Operation("lock")
    /// What ``EngineClient/unlock(_:)`` does.
    public static let unlock = Operation("unlock")
    /// Reading variables.
    public static let readVariables = Operation("readVariables")
    /// Setting or deleting variables.
    public static let changeVariables = Operation("changeVariables")
    /// What ``EngineClient/download(_:in:)`` does.
    public static let download = Operation("download")
    /// What ``EngineClient/upload(_:as:to:in:)`` does.
    public static let upload = Operation("upload")
    /// What ``EngineClient/deploy(_:)`` does.
    public static let deploy = Operation("deploy")
    /// What ``EngineClient/startProcess(_:)`` does.
    public static let startProcess = Operation("startProcess")
    /// What ``EngineClient/correlate(_:)`` does.
    public static let correlateMessage = Operation("correlateMessage")
    /// What ``EngineClient/version()`` does.
    public static let version = Operation("version")
}
