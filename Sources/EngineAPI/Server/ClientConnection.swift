import NIOCore
import Synchronization

/// What a node knows of one client's connection: whether the client is still there, and whether the answer to it was
/// written.
final class ClientConnection: Sendable {
    /// An answer that is on its way out.
    private struct Delivery: Sendable {
        /// Writes handed to the socket that have not come back yet.
        var pendingWrites = 0
        var orElse: @Sendable () async -> Void
    }

    private struct State: Sendable {
        var isClosed = false
        /// Called once when the client goes, if it still waits for an answer.
        var onClose: (@Sendable () -> Void)?
        var delivery: Delivery?
    }

    private let state = Mutex(State())

    /// Whether the client has gone, or will send nothing more.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Does something that is cancelled when the client goes.
    ///
    /// - Throws: `CancellationError` when the work gives up; what the work throws.
    func untilClosed<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        // Waited for below, in every case.
        let task = Task(operation: work)
        onClose { task.cancel() }
        defer { onClose(nil) }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func onClose(_ action: (@Sendable () -> Void)?) {
        let isClosed = state.withLock { state in
            state.onClose = action
            return state.isClosed
        }
        if isClosed { action?() }
    }

    /// Expects the next answer to be written to the end.
    ///
    /// If it is not, `orElse` is called, once.
    func expectDelivery(orElse: @escaping @Sendable () async -> Void) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.delivery = Delivery(orElse: orElse) }
            return state.isClosed
        }
        if isClosed { Self.perform(orElse) }
    }

    // MARK: What the handler reports

    /// Whether a write belongs to an answer that somebody wants to know the fate of; if so, it must be reported.
    func writeBegan() -> Bool {
        state.withLock { state in
            guard state.delivery != nil else { return false }
            state.delivery?.pendingWrites += 1
            return true
        }
    }

    func writeEnded(hasSucceeded: Bool) {
        let orElse = state.withLock { state -> (@Sendable () async -> Void)? in
            guard var delivery = state.delivery else { return nil }
            delivery.pendingWrites -= 1
            guard hasSucceeded, delivery.pendingWrites > 0 else {
                state.delivery = nil
                return hasSucceeded ? nil : delivery.orElse
            }
            state.delivery = delivery
            return nil
        }
        if let orElse { Self.perform(orElse) }
    }

    /// The client closed its side, or the connection broke.
    ///
    /// An answer that has not begun to be written never will be.
    func closed() {
        let (onClose, orElse) = state.withLock { state -> ((@Sendable () -> Void)?, (@Sendable () async -> Void)?) in
            let onClose = state.onClose
            state.isClosed = true
            state.onClose = nil
            guard let delivery = state.delivery, delivery.pendingWrites == 0 else { return (onClose, nil) }
            state.delivery = nil
            return (onClose, delivery.orElse)
        }
        onClose?()
        if let orElse { Self.perform(orElse) }
    }

    private static func perform(_ work: @escaping @Sendable () async -> Void) {
        // Nobody waits: the connection is gone, and the work reports its own failure.
        Task { await work() }
    }
}

/// The connections that are open, by channel.
final class ClientRegistry: Sendable {
    private let connections = Mutex<[ObjectIdentifier: ClientConnection]>([:])

    /// The connection of a channel; nil when none was registered.
    func connection(of channel: any Channel) -> ClientConnection? {
        connections.withLock { $0[ObjectIdentifier(channel)] }
    }

    fileprivate func insert(_ connection: ClientConnection, for channel: ObjectIdentifier) {
        connections.withLock { $0[channel] = connection }
    }

    fileprivate func remove(_ channel: ObjectIdentifier) {
        _ = connections.withLock { $0.removeValue(forKey: channel) }
    }
}

/// Sits in a connection's pipeline and reports to its ``ClientConnection``.
///
/// Used on its channel's event loop only.
final class ClientConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias OutboundIn = NIOAny
    typealias OutboundOut = NIOAny

    private let registry: ClientRegistry
    private let connection = ClientConnection()
    /// The channel, which the context no longer knows once it is closed.
    private var channel: ObjectIdentifier?

    init(registry: ClientRegistry) {
        self.registry = registry
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = ObjectIdentifier(context.channel)
        self.channel = channel
        registry.insert(connection, for: channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        if let channel { registry.remove(channel) }
        connection.closed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.closed()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { connection.closed() }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard connection.writeBegan() else { return context.write(data, promise: promise) }
        let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
        let connection = connection
        promise.futureResult.whenComplete { result in
            if case .success = result {
                connection.writeEnded(hasSucceeded: true)
            } else {
                connection.writeEnded(hasSucceeded: false)
            }
        }
        context.write(data, promise: promise)
    }
}
