import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How far a connection is from its end, as the system sees it now.
enum TCPState: Sendable {
    case open
    /// The client will send nothing more: what it sent is read to the end, or not read yet.
    case closedByClient
    case closed
}

extension SocketOptionProvider {
    /// The state of the socket; always open where the system does not tell.
    func tcpState() -> EventLoopFuture<TCPState> {
        #if os(Linux)
        getTCPInfo().map { info in
            switch Int(info.tcpi_state) {
            case Int(TCP_CLOSE_WAIT), Int(TCP_LAST_ACK): .closedByClient
            case Int(TCP_CLOSE): .closed
            default: .open
            }
        }
        #else
        return eventLoop.makeSucceededFuture(.open)
        #endif
    }
}
