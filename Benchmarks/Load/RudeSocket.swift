import Foundation
import NIOCore
import NIOPosix

/// A socket whose owner sees whether bytes have come in and closes it in the next breath.
///
/// A NIO channel reads when its loop gets to it, and tidies up before it closes: what comes in between is seen by nobody.
/// Here two system calls lie next to each other. No call blocks.
struct RudeSocket: ~Copyable {
    private let descriptor: CInt

    private static let connectPatience = Duration.seconds(10)

    /// Connects to a port of this machine.
    init(port: Int) async throws {
        #if canImport(Darwin)
        descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #else
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { throw BenchmarkFailure("No socket could be opened.") }
        guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
            throw BenchmarkFailure("A socket cannot be used without blocking.")
        }
        setOption(CInt(IPPROTO_TCP), TCP_NODELAY, 1 as CInt)
        #if canImport(Darwin)
        // Elsewhere NIO has seen to it for all sockets of the process.
        setOption(SOL_SOCKET, SO_NOSIGPIPE, 1 as CInt)
        #endif
        let deadline = ContinuousClock.now + Self.connectPatience
        while !isConnected(to: port) {
            guard [EINPROGRESS, EALREADY, EINTR].contains(errno), ContinuousClock.now < deadline else {
                throw BenchmarkFailure("Port \(port) does not accept connections.")
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    deinit { close(descriptor) }

    /// Sends a request, which must be small enough to be taken at once.
    func send(_ request: ByteBuffer) throws {
        let sent = request.withUnsafeReadableBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard sent == request.readableBytes else { throw BenchmarkFailure("A request could not be sent.") }
    }

    /// Closes the socket, unless bytes of an answer wait in the kernel: then it is given back.
    consuming func closeUnlessAnswered(withReset: Bool) -> RudeSocket? {
        // Before the look, so that nothing lies between that and the end.
        if withReset { setOption(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0)) }
        var byte: UInt8 = 0
        guard recv(descriptor, &byte, 1, CInt(MSG_PEEK)) > 0 else {
            close(descriptor)
            discard self
            return nil
        }
        return self
    }

    /// Reads the answer that has begun to come in, and closes the connection.
    consuming func answer(on thread: LoadThread) async -> Answer {
        let descriptor = descriptor
        discard self
        return await withCheckedContinuation { continuation in
            let loop = thread.loop
            if loop.inEventLoop {
                LoadConnection.readAnswer(from: descriptor, on: loop) { continuation.resume(returning: $0) }
            } else {
                loop.execute {
                    LoadConnection.readAnswer(from: descriptor, on: loop) { continuation.resume(returning: $0) }
                }
            }
        }
    }

    /// Begins to connect, or finds that it has; what `errno` says otherwise tells whether that may still come.
    private func isConnected(to port: Int) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                connect(descriptor, general, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0 || errno == EISCONN
    }

    private func setOption<Value: BitwiseCopyable>(_ level: CInt, _ name: CInt, _ value: Value) {
        var value = value
        setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Value>.size))
    }
}
