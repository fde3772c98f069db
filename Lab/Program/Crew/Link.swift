import Foundation

/// A connection to a node, for one request after the other; its calls block.
///
/// It knows as much of HTTP/1.1 as the lab needs, and can behave badly: send and read slowly, or leave.
final class Link {
    /// How fast bytes are sent and read.
    struct Pace {
        /// The bytes that go at once.
        var slice: Int
        var pauseMilliseconds: UInt32

        static let plain = Pace(slice: .max, pauseMilliseconds: 0)
    }

    /// An answer that came whole.
    struct Response {
        var status: Int
        var body: Data
        /// Whether the node closes the connection after it.
        var isLast: Bool
    }

    /// How a request ended without an answer.
    enum Loss: String, Error {
        case unreachable, closed, reset, timedOut = "timed out"
    }

    let address: NodeAddress
    private let descriptor: Int32

    private static let connectPatience: Int64 = 3_000

    /// Connects.
    ///
    /// - Throws: ``Loss`` when that does not work; nothing was sent then.
    init(to address: NodeAddress) throws(Loss) {
        self.address = address
        #if canImport(Darwin)
        descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #else
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        var peer = sockaddr_in()
        peer.sin_family = sa_family_t(AF_INET)
        peer.sin_port = in_port_t(address.port).bigEndian
        peer.sin_addr.s_addr = inet_addr(address.host)
        setTimeout(SO_SNDTIMEO, Self.connectPatience)
        let result = withUnsafePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, result == 0 else { throw .unreachable }
    }

    deinit { close(descriptor) }

    /// Whether the node has closed the connection while nothing was asked of it.
    var isClosed: Bool {
        var byte: UInt8 = 0
        let flags = Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)
        let count = recv(descriptor, &byte, 1, flags)
        return count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
    }

    /// Sends bytes.
    func send(_ bytes: Data, _ pace: Pace = .plain) throws(Loss) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let slice = rest.prefix(min(pace.slice, rest.count))
            #if canImport(Darwin)
            let flags: Int32 = 0
            #else
            let flags = Int32(MSG_NOSIGNAL)
            #endif
            let count = slice.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, flags) }
            guard count > 0 else { throw loss }
            rest = rest.dropFirst(count)
            pause(pace)
        }
    }

    /// Reads an answer.
    func receive(within milliseconds: Int64, _ pace: Pace = .plain) throws(Loss) -> Response {
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        var received = Data()
        var end: (body: Int, end: Int)?
        while end.map({ received.count < $0.end }) ?? true {
            received.append(try read(until: deadline, at: pace))
            if end == nil { end = Self.extent(of: received) }
        }
        guard let end, let status = Int(String(decoding: received[9..<12], as: UTF8.self)) else { throw .closed }
        let head = String(decoding: received[..<end.body], as: UTF8.self).lowercased()
        return Response(
            status: status,
            body: received[end.body..<end.end],
            isLast: head.contains("\r\nconnection: close\r\n")
        )
    }

    /// Closes with a reset when the link is given up, as a process does that dies with unread bytes.
    func resetAtEnd() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    private func read(until deadline: ContinuousClock.Instant, at pace: Pace) throws(Loss) -> Data {
        let (seconds, attoseconds) = (deadline - .now).components
        let left = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        guard left > 0 else { throw .timedOut }
        setTimeout(SO_RCVTIMEO, left)
        var buffer = [UInt8](repeating: 0, count: min(pace.slice, 16 * 1024))
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw count == 0 ? .closed : loss }
        pause(pace)
        return Data(buffer[..<count])
    }

    private func pause(_ pace: Pace) {
        if pace.pauseMilliseconds > 0 { usleep(pace.pauseMilliseconds * 1000) }
    }

    private var loss: Loss {
        switch errno {
        case EAGAIN, EWOULDBLOCK: .timedOut
        case ECONNRESET, EPIPE: .reset
        default: .closed
        }
    }

    private func setTimeout(_ option: Int32, _ milliseconds: Int64) {
        var time = timeval()
        time.tv_sec = .init(milliseconds / 1000)
        time.tv_usec = .init(milliseconds % 1000 * 1000)
        setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Where body and answer end; nil while the head is not whole.
    private static func extent(of received: Data) -> (body: Int, end: Int)? {
        guard let head = received.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let text = String(decoding: received[..<head.lowerBound], as: UTF8.self).lowercased()
        let length = text.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) }
        return (head.upperBound, head.upperBound + (length ?? 0))
    }
}

/// Where a node is, and what the record calls it.
struct NodeAddress: Sendable, Hashable {
    var name: String
    var host: String
    var port: Int

    /// Reads `A=127.0.0.1:8080`; nil for anything else.
    init?(_ text: String) {
        guard let match = text.wholeMatch(of: /(\w+)=([0-9.]+):(\d+)/), let port = Int(match.3) else { return nil }
        self.init(name: String(match.1), host: String(match.2), port: port)
    }

    init(name: String, host: String, port: Int) {
        (self.name, self.host, self.port) = (name, host, port)
    }

    var argument: String { "\(name)=\(host):\(port)" }
}
