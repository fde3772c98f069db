import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// The connections of the server: Hummingbird's, with a ``ConnectionHandler`` in each.
///
/// An idle time-out of Hummingbird's would not notice the hot requests: it must not be set.
struct EngineChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let base: HTTP1Channel.Value
        let connection: ClientConnection

        var channel: any Channel { base.channel }
    }

    private static let receiving = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 512, maximum: 65_536)

    private let base: HTTP1Channel
    private let sendPatience: TimeAmount
    private let responder: EngineResponder
    private let clients: ClientRegistry

    init(_ base: HTTP1Channel, responder: EngineResponder, clients: ClientRegistry, sendPatience: TimeAmount) {
        self.sendPatience = sendPatience
        self.base = base
        self.responder = responder
        self.clients = clients
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { base in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            // Requests are small: the usual first guess would be kept by every connection.
            try channel.syncOptions?.setOption(.recvAllocator, value: Self.receiving)
            // A client whose machine is gone says nothing more: the system asks now and then.
            try channel.syncOptions?.setOption(.socketOption(.so_keepalive), value: 1)
            let connection = ClientConnection()
            let handler = ConnectionHandler(
                responder: responder,
                registry: clients,
                connection: connection,
                encoder: try pipeline.context(handlerType: HTTPResponseEncoder.self),
                sendPatience: sendPatience
            )
            try pipeline.addHandler(handler, position: .after(decoder))
            return Value(base: base, connection: connection)
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskCancellationHandler {
            await value.connection.othersNeeded()
            await base.handle(value: value.base, logger: logger)
            // A request whose client has gone may still be under way.
            await value.connection.request?.value
        } onCancel: {
            value.connection.cancel()
        }
    }
}
