import CLibpq

extension Connection {
    /// Why a connection was told to give up.
    private enum GivingUp { case cancelled, tookTooLong }

    /// Sends what is to be sent and hands over every answer, until `receive` says that it was the last.
    ///
    /// Reads and writes in turns, so that neither side can wait for the other with full buffers. When the task is
    /// cancelled or `timeout` passes, the database is told to give up; its answers are received none the less, so that
    /// the connection stays usable.
    /// - Parameters:
    ///   - operation: What the task may take back.
    ///   - timeout: The longest this may take.
    ///   - receive: Gets each answer, and nil where libpq puts an end between answers.
    /// - Returns: The kind of error that an answer "cancelled" stands for, if we asked for it.
    /// - Throws: When the connection is lost; it is closed then.
    @discardableResult
    func drive(
        _ operation: Operation,
        timeout: Duration,
        until receive: (ResultSet?) -> Bool
    ) throws(PostgresError) -> PostgresError.Kind? {
        var deadline = ContinuousClock.now.advanced(by: timeout)
        var reason: GivingUp?
        var request: CancelRequest?
        while true {
            let flushed = PQflush(handle)
            if try receiveAll(until: receive) { break }
            guard flushed >= 0 else { throw lost() }
            switch wait(socket: socket, writing: flushed > 0, waker: waker, until: deadline) {
            case .ready:
                guard PQconsumeInput(handle) == 0 else { break }
                // The last words may have arrived before the end did, and say more about it.
                let message = String(cString: PQerrorMessage(handle))
                guard try receiveAll(until: receive) else { throw lost(message) }
                return nil
            case .woken: break
            case .deadline where reason == nil: reason = .tookTooLong
            case .deadline: throw lost("The database did not answer in time.")
            }
            if reason == nil, operation.isCancelled { reason = .cancelled }
            if reason != nil, request == nil {
                request = CancelRequest(connection: handle, waker: waker)
                deadline = ContinuousClock.now.advanced(by: Self.cleanUpTimeout)
            }
        }
        if let request { settle(request, until: deadline) }
        switch reason {
        case .cancelled: return .cancelled
        case .tookTooLong: return .timeout
        case nil: return nil
        }
    }

    /// Waits until a cancel request can no longer hit the next statement.
    private func settle(_ request: CancelRequest, until deadline: ContinuousClock.Instant) {
        while !request.isFinished {
            if wait(socket: -1, writing: false, waker: waker, until: deadline) == .deadline {
                _ = lost("The request to cancel was not taken in time.")
                return
            }
        }
    }

    /// Hands over the answers that have arrived completely.
    ///
    /// True when `receive` said that it was the last.
    private func receiveAll(until receive: (ResultSet?) -> Bool) throws(PostgresError) -> Bool {
        // A nil stands between the answers of two statements; two in a row mean that none is left.
        var nils = 0
        while PQisBusy(handle) == 0 {
            let result = PQgetResult(handle).map { ResultSet($0) }
            nils = result == nil ? nils + 1 : 0
            switch result?.status {
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: throw lost("Copying is not supported.")
            default: break
            }
            if receive(result) { return true }
            if nils > 1 { throw lost() }
        }
        return false
    }
}
