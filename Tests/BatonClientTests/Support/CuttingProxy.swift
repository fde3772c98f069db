import NIOCore
import NIOPosix
import Synchronization

/// Hands bytes on between clients and a server, and cuts connections when an answer comes that a test does not want heard.
final class CuttingProxy: Sendable {
    let port: Int
    private let channel: any Channel

    private init(_ channel: any Channel) {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
    }

    /// Calls `body` with a proxy in front of a server on this machine.
    ///
    /// `cuts` is asked with the text of each request when the server has answered it; true cuts the connection instead of
    /// handing the answer on.
    static func run(
        to serverPort: Int,
        cutting cuts: @escaping @Sendable (String) -> Bool,
        _ body: (CuttingProxy) async throws -> Void
    ) async throws {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: serverPort).flatMap {
                    server in
                    let request = Shared("")
                    return client.pipeline.addHandler(Relay(to: server, request: request, cuts: nil)).flatMap {
                        server.pipeline.addHandler(Relay(to: client, request: request, cuts: cuts))
                    }.flatMap {
                        client.setOption(.autoRead, value: true)
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(CuttingProxy(channel)))
        } catch {
            result = .failure(error)
        }
        try await channel.close()
        try result.get()
    }
}

/// Hands on what one side says to the other.
private final class Relay: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let request: Shared<String>
    private let cuts: (@Sendable (String) -> Bool)?

    init(to other: any Channel, request: Shared<String>, cuts: (@Sendable (String) -> Bool)?) {
        self.other = other
        self.request = request
        self.cuts = cuts
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        let text = String(buffer: bytes)
        if let cuts {
            let asked = request.change { asked in
                defer { asked = "" }
                return asked
            }
            if !asked.isEmpty, cuts(asked) {
                other.close(promise: nil)
                context.close(promise: nil)
                return
            }
        } else {
            request.change { $0 += text }
        }
        other.writeAndFlush(bytes, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }
}
