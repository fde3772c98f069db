import CLibpq

extension Connection {
    /// Leaves no transaction open after an error; the connection is broken when that does not succeed.
    func cleanUp(after error: PostgresError) {
        if error.isConnectionLoss { _ = lost(error.message) }
        guard !isBroken else { return }
        if isInTransaction { command("rollback") }
        if error.isStalePlan {
            prepared.removeAll()
            command("deallocate all")
        }
    }

    /// Runs one command of our own; breaks the connection when it fails.
    private func command(_ sql: String) {
        let operation = Operation(waker: waker)
        guard !isBroken, PQsendQueryParams(handle, sql, 0, nil, nil, nil, nil, 1) == 1, PQpipelineSync(handle) == 1
        else {
            _ = lost()
            return
        }
        var isRefused = false
        do throws(PostgresError) {
            try drive(operation, timeout: Self.cleanUpTimeout) { result in
                isRefused = isRefused || result?.status == PGRES_FATAL_ERROR
                return result?.status == PGRES_PIPELINE_SYNC
            }
            if isRefused { _ = lost("\(sql) was refused.") }
        } catch {
            _ = lost(error.message)
        }
    }

    /// Prepares a statement under no name and asks what the database makes of it.
    func describe<S: Statement>(
        _ type: S.Type,
        _ operation: Operation
    ) throws(PostgresError) -> StatementDescription {
        notice()
        guard !isBroken else { throw PostgresError(.connection, message: "The connection is closed.") }
        let types = S.parameterTypes.map(\.rawValue)
        guard PQsendPrepare(handle, "", "\(S.sql)", Int32(types.count), types) == 1,
            PQsendDescribePrepared(handle, "") == 1, PQpipelineSync(handle) == 1
        else { throw lost() }
        var description: StatementDescription?
        var failure: PostgresError?
        try drive(operation, timeout: settings.operationTimeout) { result in
            guard let result else { return false }
            switch result.status {
            case PGRES_PIPELINE_SYNC: return true
            case PGRES_COMMAND_OK: description = result.description
            case PGRES_PIPELINE_ABORTED: break
            default: failure = failure ?? result.error(statement: S.name)
            }
            return false
        }
        if let failure {
            cleanUp(after: failure)
            throw failure
        }
        guard let description else { throw lost("The statement was not described.") }
        return description
    }

    /// Sends a script as it is.
    ///
    /// Outside a transaction the whole script is one, unless it says otherwise.
    func run(_ script: SQLScript, _ operation: Operation, timeout: Duration) throws(PostgresError) {
        notice()
        guard !isBroken else { throw PostgresError(.connection, message: "The connection is closed.") }
        guard !script.text.utf8.contains(0) else {
            throw PostgresError(.misuse, statement: script.name, message: "The script holds the character NUL.")
        }
        let wasInTransaction = isInTransaction
        guard PQexitPipelineMode(handle) == 1, PQsendQuery(handle, script.text) == 1 else { throw lost() }
        var failure: PostgresError?
        do throws(PostgresError) {
            let kind = try drive(operation, timeout: timeout) { result in
                guard let result else { return true }
                switch result.status {
                case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: break
                default: failure = failure ?? result.error(statement: script.name)
                }
                return false
            }
            if let kind, failure?.sqlState == .queryCanceled { failure?.kind = kind }
            guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        } catch {
            var error = error
            error.statement = script.name
            error.effect = wasInTransaction ? .undone : .inDoubt
            throw error
        }
        guard let failure else { return }
        cleanUp(after: failure)
        throw failure
    }

    /// Waits for notifications until some have arrived, `deadline` passes or the task is cancelled.
    func notifications(
        until deadline: ContinuousClock.Instant,
        _ operation: Operation
    ) throws(PostgresError) -> [Notification] {
        while true {
            guard !isBroken else { throw PostgresError(.connection, message: "The connection is closed.") }
            let received = receivedNotifications()
            guard received.isEmpty else { return received }
            guard !operation.isCancelled else { throw PostgresError(.cancelled, message: "Cancelled.") }
            switch wait(socket: socket, writing: false, waker: waker, until: deadline) {
            case .ready: if PQconsumeInput(handle) == 0 { throw lost() }
            case .woken: break
            case .deadline: return []
            }
        }
    }

    private func receivedNotifications() -> [Notification] {
        var notifications: [Notification] = []
        while let received = PQnotifies(handle) {
            notifications.append(
                Notification(
                    channel: String(cString: received.pointee.relname),
                    payload: String(cString: received.pointee.extra)
                )
            )
            PQfreemem(received)
        }
        return notifications
    }
}

/// What someone told everybody who listens on a channel.
struct Notification: Sendable, Hashable {
    var channel: String
    var payload: String
}
