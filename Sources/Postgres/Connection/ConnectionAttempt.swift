import CLibpq
import Synchronization

/// Opens one connection on a thread of its own, because libpq waits for name servers and hosts.
///
/// When the task is cancelled it does not wait for the end; the thread closes then what it may still open.
final class ConnectionAttempt: Sendable {
    /// An open connection that nobody has begun to use.
    ///
    /// @unchecked: handed from the opening thread to the session, and used by one of them at a time.
    struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
        func close() { PQfinish(pointer) }
    }

    /// waiting → finished, once.
    private enum State {
        case waiting(CheckedContinuation<Result<Handle, PostgresError>, Never>?)
        case finished(Result<Handle, PostgresError>)
        case delivered
    }

    private let state = Mutex(State.waiting(nil))

    /// Opens a connection.
    static func run(_ settings: ConnectionSettings) async throws(PostgresError) -> Handle {
        guard !Task.isCancelled else { throw .connectingCancelled }
        let attempt = ConnectionAttempt()
        try startThread {
            let result: Result<Handle, PostgresError>
            do throws(PostgresError) {
                result = .success(Handle(pointer: try Connection.open(settings)))
            } catch {
                result = .failure(error)
            }
            guard !attempt.finish(result), case .success(let handle) = result else { return }
            handle.close()
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { attempt.wait($0) }
        } onCancel: {
            attempt.finish(.failure(.connectingCancelled))
        }
        return try result.get()
    }

    private func wait(_ continuation: CheckedContinuation<Result<Handle, PostgresError>, Never>) {
        let finished: Result<Handle, PostgresError>? = state.withLock { state in
            guard case .finished(let result) = state else {
                state = .waiting(continuation)
                return nil
            }
            state = .delivered
            return result
        }
        if let finished { continuation.resume(returning: finished) }
    }

    /// False when there was a result already.
    @discardableResult
    private func finish(_ result: Result<Handle, PostgresError>) -> Bool {
        typealias Waiting = CheckedContinuation<Result<Handle, PostgresError>, Never>
        let (isFirst, continuation): (Bool, Waiting?) = state.withLock { state in
            guard case .waiting(let continuation) = state else { return (false, nil) }
            state = continuation == nil ? .finished(result) : .delivered
            return (true, continuation)
        }
        continuation?.resume(returning: result)
        return isFirst
    }
}

extension PostgresError {
    fileprivate static var connectingCancelled: PostgresError {
        PostgresError(.cancelled, message: "Cancelled while connecting.")
    }
}
