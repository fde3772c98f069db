package import Logging
import Synchronization

/// One connection to the database, driven by a thread of its own: its waiting never holds up other tasks.
///
/// Calls are done one after the other. Cancelling the calling task tells the database to give up; the session stays
/// usable. After an error no transaction is open.
package actor Session: StatementRunner {
    private let connection: Connection
    private let thread: SessionThread
    private nonisolated let waker: Waker
    /// The operating system's number of the socket, for a look at it from other threads.
    private nonisolated let socket: Int32
    /// Whether the connection was sound and in no transaction when it was last used.
    private nonisolated let condition = Atomic(true)
    package nonisolated let settings: ConnectionSettings
    package nonisolated let logger: Logger

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Opens a session, whose round trips are noted in `times`.
    ///
    /// - Throws: A connection error when no host accepts it in time, a cancellation when the task is cancelled.
    package static func connect(
        _ settings: ConnectionSettings,
        logger: Logger,
        times: RoundTripTimes? = nil
    ) async throws(PostgresError) -> Session {
        let handle = try await ConnectionAttempt.run(settings)
        let session: Session
        do throws(PostgresError) {
            session = try Session(handle, settings: settings, logger: logger, times: times)
        } catch {
            handle.close()
            throw error
        }
        do throws(PostgresError) {
            try await session.begin()
        } catch {
            await session.close()
            throw error
        }
        return session
    }

    private init(
        _ handle: ConnectionAttempt.Handle,
        settings: ConnectionSettings,
        logger: Logger,
        times: RoundTripTimes?
    ) throws(PostgresError) {
        thread = try SessionThread()
        waker = try Waker()
        connection = Connection(handle.pointer, settings: settings, waker: waker, times: times)
        socket = connection.socket
        self.settings = settings
        self.logger = logger
    }

    /// Sets what is to hold on the whole session.
    private func begin() async throws(PostgresError) {
        let parameters = settings.scope == .session ? settings.sessionParameters : [:]
        guard !parameters.isEmpty else { return }
        try await run(SetParameters(parameters, onlyInTransaction: false))
    }

    /// Sends all statements of a pipeline and returns all answers; one round trip.
    ///
    /// - Parameters:
    ///   - pipeline: What to send.
    ///   - timeout: The longest the round trip may take; by default what the settings say.
    /// - Returns: The answers, which the pipeline's tokens find.
    /// - Throws: The first error. Nothing after it was run, and no transaction is open.
    @discardableResult
    package nonisolated func execute(
        _ pipeline: Pipeline,
        timeout: Duration?
    ) async throws(PostgresError) -> PipelineResults {
        try await execute(pipeline, timeout: timeout, inTransaction: false)
    }

    /// Refuses to run outside a transaction, when `inTransaction` says so.
    nonisolated func execute(
        _ pipeline: Pipeline,
        timeout: Duration?,
        inTransaction: Bool
    ) async throws(PostgresError) -> PipelineResults {
        guard !pipeline.isEmpty else { return PipelineResults([]) }
        let timeout = timeout ?? settings.operationTimeout
        return try await cancellable { (operation) async throws(PostgresError) in
            try await self.perform(pipeline, operation, timeout: timeout, inTransaction: inTransaction)
        }
    }

    /// Sends a script of our own as it is.
    ///
    /// Outside a transaction the whole script is one, unless it says otherwise.
    package nonisolated func run(_ script: SQLScript, timeout: Duration? = nil) async throws(PostgresError) {
        try await cancellable { (operation) async throws(PostgresError) in
            try await self.perform(script, operation, timeout: timeout ?? self.settings.operationTimeout)
        }
    }

    /// Asks the database what it makes of a statement, without running it.
    package nonisolated func describe<S: Statement>(
        _ type: S.Type
    ) async throws(PostgresError) -> StatementDescription {
        try await cancellable { (operation) async throws(PostgresError) in
            try await self.performDescription(type, operation)
        }
    }

    /// Waits for notifications on the channels that this session listens on; none when `deadline` passes.
    nonisolated func notifications(
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> [Notification] {
        try await cancellable { (operation) async throws(PostgresError) in
            try await self.performWait(until: deadline, operation)
        }
    }

    /// Whether the session was sound and in no transaction after its last use; costs nothing.
    nonisolated var wasLeftClean: Bool { condition.load(ordering: .acquiring) }

    /// Whether the next caller can use this session as it is; false may be a false alarm that ``reset()`` clears up.
    nonisolated var looksReusable: Bool { wasLeftClean && !isReadable(socket: socket) }

    /// Rolls back what a caller left open, if anything; false when the session cannot be used any more.
    func reset() -> Bool {
        connection.notice()
        if connection.isInTransaction { connection.cleanUp(after: .leftOpen) }
        note()
        return connection.isReusable
    }

    /// Gives the session up.
    ///
    /// Later calls fail.
    package func close() {
        connection.close()
        note()
    }

    /// Remembers the session's condition for those who are not on its thread.
    private func note() { condition.store(connection.isReusable, ordering: .releasing) }

    // MARK: On the session's thread

    private func perform(
        _ pipeline: Pipeline,
        _ operation: Operation,
        timeout: Duration,
        inTransaction: Bool
    ) throws(PostgresError) -> PipelineResults {
        defer { note() }
        return try connection.perform(pipeline, operation, timeout: timeout, inTransaction: inTransaction)
    }

    private func perform(_ script: SQLScript, _ operation: Operation, timeout: Duration) throws(PostgresError) {
        defer { note() }
        try connection.run(script, operation, timeout: timeout)
    }

    private func performDescription<S: Statement>(
        _ type: S.Type,
        _ operation: Operation
    ) throws(PostgresError) -> StatementDescription {
        defer { note() }
        return try connection.describe(type, operation)
    }

    private func performWait(
        until deadline: ContinuousClock.Instant,
        _ operation: Operation
    ) throws(PostgresError) -> [Notification] {
        defer { note() }
        return try connection.notifications(until: deadline, operation)
    }

    /// Runs `body` with an operation that the task's cancellation reaches.
    private nonisolated func cancellable<Value: Sendable>(
        _ body: @Sendable (Operation) async throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        let operation = Operation(waker: waker)
        let result: Result<Value, PostgresError> = await withTaskCancellationHandler {
            do throws(PostgresError) {
                return .success(try await body(operation))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            operation.cancel()
        }
        return try result.get()
    }
}

extension PostgresError {
    /// Stands for the end of a caller that left its transaction open.
    fileprivate static var leftOpen: PostgresError {
        PostgresError(.misuse, message: "The transaction was left open.")
    }
}
