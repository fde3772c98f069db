import Foundation
import Processes
import Synchronization

/// A network between two parties that can be slow, stand still, and break: connections made here lead somewhere else.
///
/// Each connection has two threads, one for each direction, which read and write what they are given.
final class Proxy: Sendable {
    /// Where connections lead.
    enum Target: Sendable {
        case socket(path: String)
        case port(Int, host: String)
    }

    /// How the network is.
    enum Weather: Sendable, Hashable {
        case fair
        /// Each piece of up to `slice` bytes takes so long.
        case slow(milliseconds: UInt32, slice: Int)
        /// Nothing arrives, and nobody is told.
        case still
    }

    let port: Int
    private let listener: Int32
    private let target: @Sendable () -> Target

    private struct State {
        var weather = Weather.fair
        var connections: [ObjectIdentifier: Connection] = [:]
    }

    private let state = Mutex(State())

    /// Listens on a port of the loopback interface until the process ends.
    ///
    /// - Throws: ``LabFailure`` when the port is taken.
    init(port: Int, to target: @escaping @Sendable () -> Target) throws {
        self.port = port
        self.target = target
        listener = socket(AF_INET, streamType, 0)
        var reuse: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
        var place = internetAddress("127.0.0.1", port)
        let isBound = withSocketAddress(&place) { bind(listener, $0, $1) == 0 } && listen(listener, 512) == 0
        guard isBound else { throw LabFailure("Port \(port) is taken.") }
        // Ends with the process.
        Thread.detachNewThread { [weak self, listener] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else {
                    usleep(10_000)
                    continue
                }
                guard let self else { return }
                self.take(descriptor)
            }
        }
    }

    func set(_ weather: Weather) { state.withLock { $0.weather = weather } }

    /// Breaks all connections; what is on its way is lost.
    func cut() {
        for connection in state.withLock({ Array($0.connections.values) }) { connection.cut() }
    }

    /// Tells the clients of all connections that nothing more comes; what they send still arrives.
    func halfClose() {
        for connection in state.withLock({ Array($0.connections.values) }) { connection.halfClose() }
    }

    private func take(_ client: Int32) {
        guard let server = open(target()) else {
            close(client)
            return
        }
        for descriptor in [client, server] {
            var off: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &off, socklen_t(MemoryLayout<Int32>.size))
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        let connection = Connection(client: client, server: server)
        let key = ObjectIdentifier(connection)
        state.withLock { $0.connections[key] = connection }
        let directions = DispatchGroup()
        for (source, sink) in [(client, server), (server, client)] {
            directions.enter()
            Thread.detachNewThread { [self] in
                connection.pump(from: source, to: sink) { state.withLock(\.weather) }
                directions.leave()
            }
        }
        directions.notify(queue: .global()) { [self] in state.withLock { $0.connections[key] = nil } }
    }

    private func open(_ target: Target) -> Int32? {
        switch target {
        case .socket(let path):
            let descriptor = socket(AF_UNIX, streamType, 0)
            var place = sockaddr_un()
            place.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
            if withSocketAddress(&place, { connect(descriptor, $0, $1) }) == 0 { return descriptor }
            close(descriptor)
        case .port(let port, let host):
            let descriptor = socket(AF_INET, streamType, 0)
            var place = internetAddress(host, port)
            if withSocketAddress(&place, { connect(descriptor, $0, $1) }) == 0 { return descriptor }
            close(descriptor)
        }
        return nil
    }

    /// Two sockets, which are closed when nobody pumps between them any more.
    private final class Connection: Sendable {
        private let client: Int32
        private let server: Int32
        private let isCut = Mutex(false)

        init(client: Int32, server: Int32) { (self.client, self.server) = (client, server) }

        deinit {
            close(client)
            close(server)
        }

        func cut() {
            isCut.withLock { $0 = true }
            for descriptor in [client, server] {
                // The other end hears a reset when the socket is closed.
                var linger = linger(l_onoff: 1, l_linger: 0)
                setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
                shutdown(descriptor, Int32(SHUT_RD))
            }
        }

        func halfClose() { shutdown(client, Int32(SHUT_WR)) }

        /// Hands bytes on until one side ends.
        func pump(from source: Int32, to sink: Int32, _ weather: () -> Weather) {
            var buffer = [UInt8](repeating: 0, count: 16 * 1024)
            while true {
                var limit = buffer.count
                if case .slow(_, let slice) = weather() { limit = min(limit, slice) }
                let count = recv(source, &buffer, limit, 0)
                while weather() == .still, !isCut.withLock(\.self) { usleep(20_000) }
                if isCut.withLock(\.self) { return }
                guard count > 0 else { break }
                if case .slow(let milliseconds, _) = weather() { usleep(milliseconds * 1000) }
                guard send(buffer[..<count], to: sink) else { break }
            }
            shutdown(sink, Int32(SHUT_WR))
        }

        private func send(_ bytes: ArraySlice<UInt8>, to sink: Int32) -> Bool {
            var rest = bytes
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Foundation.send(sink, $0.baseAddress, $0.count, sendFlags) }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}

#if canImport(Darwin)
private let streamType = SOCK_STREAM
private let sendFlags: Int32 = 0
#else
private let streamType = Int32(SOCK_STREAM.rawValue)
private let sendFlags = Int32(MSG_NOSIGNAL)
#endif

private func internetAddress(_ host: String, _ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr(host)
    return address
}

private func withSocketAddress<Address, Result>(
    _ address: inout Address,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Address>.size)) }
    }
}
