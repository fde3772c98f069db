#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Interrupts a thread that waits for a socket.
final class Waker: Sendable {
    /// Becomes readable when someone called ``wake()``.
    let descriptor: Int32
    private let writingEnd: Int32

    init() throws(PostgresError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw PostgresError(.connection, message: "No pipe could be made (error \(errno)).")
        }
        (descriptor, writingEnd) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(descriptor)
        close(writingEnd)
    }

    /// Ends the present wait, or the next one.
    func wake() {
        var byte: UInt8 = 1
        // A full pipe is as good: the waiting thread will wake.
        _ = write(writingEnd, &byte, 1)
    }

    /// Forgets the calls so far.
    func clear() {
        var bytes: [UInt8] = Array(repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }
}

/// What ended a wait.
enum WaitResult { case ready, woken, deadline }

/// Waits until `socket` can be read (or written, if asked for), `waker` is woken, or `deadline` passes.
func wait(
    socket: Int32,
    writing: Bool,
    waker: Waker,
    until deadline: ContinuousClock.Instant?
) -> WaitResult {
    let events = Int16(POLLIN) | (writing ? Int16(POLLOUT) : 0)
    let (count, isWoken) = withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) { descriptors in
        descriptors[0] = pollfd(fd: socket, events: events, revents: 0)
        descriptors[1] = pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0)
        let count = poll(descriptors.baseAddress, 2, deadline?.pollTimeout ?? -1)
        return (count, count > 0 && descriptors[1].revents != 0)
    }
    if isWoken {
        waker.clear()
        return .woken
    }
    if count > 0 { return .ready }
    guard let deadline, count == 0, deadline <= .now else { return .woken }
    return .deadline
}

/// Whether something can be read from `socket` right now, the end of the connection included.
func isReadable(socket: Int32) -> Bool {
    var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, 0) != 0
}

extension ContinuousClock.Instant {
    /// Milliseconds until this moment, rounded up.
    fileprivate var pollTimeout: Int32 {
        let (seconds, attoseconds) = (self - .now).components
        guard seconds < 86_400 else { return 86_400_000 }
        return Int32(max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
    }
}
