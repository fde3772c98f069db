public import Logging

/// What a handler can do with its task while it works.
public struct TaskContext: Sendable {
    /// The task's handle, with the address of the API.
    public let handle: TaskHandle
    /// Knows the topic, the task, and the process instance.
    public let logger: Logger
    /// The client of the worker, for other calls.
    public let client: EngineClient
    private let holding: any LockHolding
    private let executionID: String

    /// A context; the test kit makes some, too.
    package init(task: ExternalTask, client: EngineClient, holding: any LockHolding, logger: Logger) {
        var handle = task.handle
        handle.engineURL = client.configuration.url
        self.handle = handle
        self.client = client
        self.holding = holding
        self.logger = logger
        executionID = task.executionID
    }

    /// Whether the task is not ours any more; the handler's task is then cancelled, too.
    public var isLockLost: Bool { holding.isLost }

    /// Makes the lock last until `duration` from now, once; automatic extension goes on from there.
    ///
    /// May be longer or shorter than what is left, also shorter than the subscription's duration: it is extended in
    /// time.
    /// - Parameter duration: 1 ms to 36,500 days; sent in whole milliseconds.
    /// - Throws: ``BatonError`` as ``EngineClient/extendLock(_:for:)``.
    public func extendLock(for duration: Duration) async throws {
        try await holding.extend(by: duration)
    }

    /// Sets process variables now, while the task goes on, to show progress for instance.
    ///
    /// - Throws: ``BatonError``.
    public func setVariables(_ variables: Variables) async throws {
        try await client.setVariables(variables, in: .visible(toExecution: executionID))
    }

    /// Sets variables of the task itself, which a later attempt sees: where to go on after a failure, for instance.
    ///
    /// - Throws: ``BatonError``.
    public func setLocalVariables(_ variables: Variables) async throws {
        try await client.setVariables(variables, in: .local(toExecution: executionID))
    }

    /// The content of a File or Bytes variable that the task sees, as it comes.
    ///
    /// - Throws: ``BatonError``; ``BatonError/Code/notFound`` when there is no variable of this name.
    public func download(_ name: String) async throws -> ByteStream {
        try await client.download(name, in: .visible(toExecution: executionID))
    }

    /// Sets a File variable of the process from content that comes bit by bit.
    ///
    /// - Throws: ``BatonError``.
    public func upload(_ content: ByteStream, as file: FileDescription, to name: String) async throws {
        try await client.upload(content, as: file, to: name, in: .visible(toExecution: executionID))
    }
}

/// The hold on a task's lock, as a handler sees it.
package protocol LockHolding: Sendable {
    /// Whether the lock is lost.
    var isLost: Bool { get }
    /// Makes the lock last until `duration` from now.
    func extend(by duration: Duration) async throws
}
