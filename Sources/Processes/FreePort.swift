import Foundation

/// Ports of the loopback interface that nobody listens on.
package enum FreePort {
    /// Ports that were free a moment ago, all different.
    ///
    /// - Throws: `POSIXError` when the system has none to give.
    package static func find(_ count: Int) throws -> [Int] {
        var sockets: [Int32] = []
        defer {
            for socket in sockets {
                close(socket)
            }
        }
        return try (0..<count).map { _ in
            let (socket, port) = try occupy(0)
            sockets.append(socket)
            return port
        }
    }

    /// Whether nobody listens on a port.
    package static func isFree(_ port: Int) -> Bool {
        guard let (socket, _) = try? occupy(port) else { return false }
        close(socket)
        return true
    }

    /// Binds a port; 0 lets the system choose one.
    private static func occupy(_ port: Int) throws -> (socket: Int32, port: Int) {
        #if canImport(Darwin)
        let stream = SOCK_STREAM
        #else
        let stream = Int32(SOCK_STREAM.rawValue)
        #endif
        let descriptor = socket(AF_INET, stream, 0)
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                bind(descriptor, general, length) == 0 && getsockname(descriptor, general, &length) == 0
            }
        }
        guard isBound else {
            let code = POSIXErrorCode(rawValue: errno) ?? .EADDRNOTAVAIL
            close(descriptor)
            throw POSIXError(code)
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
