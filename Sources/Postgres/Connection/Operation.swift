import CLibpq
import Synchronization

/// One piece of work that a session does, and that its task may take back.
final class Operation: Sendable {
    private let cancelled = Atomic(false)
    private let waker: Waker

    init(waker: Waker) { self.waker = waker }

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// Tells the session's thread to give up.
    ///
    /// Callable from everywhere.
    func cancel() {
        cancelled.store(true, ordering: .releasing)
        waker.wake()
    }
}

/// Asks the database to give up what a session is doing; takes a connection of its own, hence a thread of its own.
final class CancelRequest: Sendable {
    private let finished = Atomic(false)

    /// Whether the request has been delivered, or could not be.
    var isFinished: Bool { finished.load(ordering: .acquiring) }

    /// Sends the request; wakes `waker` when it is finished.
    init(connection: OpaquePointer, waker: Waker) {
        // @unchecked: handed over once, to the one thread that uses and frees it.
        struct Handle: @unchecked Sendable { var pointer: OpaquePointer? }
        let handle = Handle(pointer: PQgetCancel(connection))
        do throws(PostgresError) {
            try startThread { [self] in
                var message = [CChar](repeating: 0, count: 256)
                _ = PQcancel(handle.pointer, &message, Int32(message.count))
                PQfreeCancel(handle.pointer)
                finished.store(true, ordering: .releasing)
                waker.wake()
            }
        } catch {
            PQfreeCancel(handle.pointer)
            finished.store(true, ordering: .releasing)
        }
    }
}
