import NIOCore
import NIOHTTP1

/// Sits in a connection's pipeline between NIO's HTTP/1 codec and Hummingbird's handlers: answers hot requests, passes
/// the others on, and reports to the ``ClientConnection`` whether the client is there and gets its answers.
///
/// Used on its channel's event loop only.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a connection that is to be closed waits for its client to take what was written.
    private static let writePatience = TimeAmount.seconds(5)

    /// What a client that stopped in the middle of a request is told.
    private static let tooLate = ByteBuffer(
        string: "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )

    /// What a client that asks first is told, so that it sends its body.
    private static let goOn = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")

    private let responder: EngineResponder
    private let registry: ClientRegistry
    private let connection: ClientConnection
    /// How long a client that has begun a request may send nothing of the rest.
    private let sendPatience: TimeAmount
    private let executor: EventLoopExecutor
    /// Where whole answers are written: behind the encoder, which they do not need.
    private var encoder: ChannelHandlerContext?
    private var context: ChannelHandlerContext?
    /// The channel, which the context no longer knows once it is closed.
    private var channel: ObjectIdentifier?
    private var order = RequestOrder()
    /// Whether something behind wants to read while nothing is to be read.
    private var isReadHeld = false
    private var date = HTTPDate()
    /// When the client is looked after that is in the middle of a request.
    private var sendDeadline: Scheduled<Void>?
    private var hasSentSinceDeadline = false
    /// Whether the others' answer that is being written is the connection's last.
    private var isLastAnswer = false

    init(
        responder: EngineResponder,
        registry: ClientRegistry,
        connection: ClientConnection,
        encoder: ChannelHandlerContext,
        sendPatience: TimeAmount
    ) {
        self.sendPatience = sendPatience
        self.responder = responder
        self.registry = registry
        self.connection = connection
        self.encoder = encoder
        executor = EventLoopExecutor(encoder.eventLoop)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let channel = ObjectIdentifier(context.channel)
        self.channel = channel
        registry.insert(connection, for: channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        encoder = nil
        sendDeadline?.cancel()
        if let channel { registry.remove(channel) }
        connection.closed()
    }
}

// MARK: From the client

extension ConnectionHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): order.arrived(.head(head, hot: responder.hotRoutes.request(head)))
        case .body(let body): order.arrived(.body(body))
        case .end(let trailers): order.arrived(.end(trailers))
        }
        goOn(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        hasSentSinceDeadline = true
        // Most requests come in one piece: then nothing is scheduled.
        if order.isMidRequest, sendDeadline == nil { waitForRest() }
        context.fireChannelReadComplete()
    }

    /// Ends the connection if the client stops in the middle of a request, unless it is us who do not read on.
    private func waitForRest() {
        hasSentSinceDeadline = false
        sendDeadline = executor.eventLoop.assumeIsolated().scheduleTask(in: sendPatience) {
            self.sendDeadline = nil
            guard self.order.isMidRequest else { return }
            guard self.hasSentSinceDeadline || !self.order.wantsMore else { return self.giveUp() }
            self.waitForRest()
        }
    }

    private func giveUp() {
        // The others may have begun to answer theirs.
        if order.isCollecting { encoder?.writeAndFlush(Self.wrapped(Self.tooLate), promise: nil) }
        context?.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        order.arrived(.failed(error))
        goOn(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            connection.closed()
            order.arrived(.inputClosed)
            goOn(context)
        case is ChannelShouldQuiesceEvent:
            order.shutDown()
            goOn(context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        order.becameWritable(context.channel.isWritable)
        goOnAfterAnswer()
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        order.disconnected()
        connection.closed()
        context.fireChannelInactive()
    }

    /// Does what can be done now.
    ///
    /// Returns whether anything was passed on.
    @discardableResult
    private func goOn(_ context: ChannelHandlerContext) -> Bool {
        var hasPassedOn = false
        while let step = order.nextStep() {
            switch step {
            case .passOn(let arrival):
                pass(on: arrival, context)
                hasPassedOn = true
            case .answer(let request, let body): answer(request, body)
            case .quiesce: afterWrites { $0.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
            }
        }
        return hasPassedOn
    }

    private func pass(on arrival: RequestOrder.Arrival, _ context: ChannelHandlerContext) {
        connection.needOthers()
        switch arrival {
        case .head(var head, _):
            if head.version == .http1_0, !head.isKeepAlive {
                head.headers.replaceOrAdd(name: "connection", value: "close")
            }
            if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }), order.isAlone {
                encoder?.writeAndFlush(Self.wrapped(Self.goOn), promise: nil)
            }
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body(let body): context.fireChannelRead(wrapInboundOut(.body(body)))
        case .end(let trailers): context.fireChannelRead(wrapInboundOut(.end(trailers)))
        case .failed(let error): context.fireErrorCaught(error)
        case .inputClosed: afterWrites { $0.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
        }
    }

    /// Does something that may close the connection, when all that was written so far is out, or was not taken by the
    /// client for ``writePatience``.
    private func afterWrites(_ action: @escaping (ChannelHandlerContext) -> Void) {
        guard let encoder else { return }
        var isDone = false
        let act = {
            guard !isDone else { return }
            isDone = true
            if let context = self.context { action(context) }
        }
        let written = executor.eventLoop.makePromise(of: Void.self)
        let deadline = executor.eventLoop.assumeIsolated().scheduleTask(in: Self.writePatience) { act() }
        written.futureResult.assumeIsolated().whenComplete { _ in
            deadline.cancel()
            act()
        }
        encoder.writeAndFlush(Self.wrapped(ByteBuffer()), promise: written)
    }

    /// Goes on outside of what a read begins and ends, as after an answer.
    private func goOnAfterAnswer() {
        guard let context else { return }
        if goOn(context) { context.fireChannelReadComplete() }
        guard isReadHeld, order.wantsMore else { return }
        isReadHeld = false
        context.read()
    }
}

// MARK: Hot requests

extension ConnectionHandler {
    private func answer(_ request: HotRequest, _ body: ByteBuffer) {
        let (responder, connection) = (responder, connection)
        run { await responder.answer(request, body: body, over: connection) }
    }

    /// Finds an answer in a task of its own, on the event loop.
    private func run(_ work: @escaping @Sendable () async -> Answer) {
        let handler = NIOLoopBound(self, eventLoop: executor.eventLoop)
        // Waited for by the one who serves the connection. It cannot run before this function is left: its executor is
        // the event loop that this runs on.
        let task = Task(executorPreference: executor) {
            let answer = await work()
            if let pending = answer.pending { handler.value.wait(for: pending) } else { handler.value.finish(answer) }
        }
        connection.began(task)
    }

    /// Waits without a task, until there may be an answer or the client goes.
    private func wait(for pending: PendingAnswer) {
        let handler = NIOLoopBound(self, eventLoop: executor.eventLoop)
        let (responder, connection, eventLoop) = (responder, connection, executor.eventLoop)
        connection.ended()
        connection.onClose(pending.cancel)
        pending.park { resumption in
            connection.onClose(nil)
            eventLoop.execute { handler.value.run { await responder.answer(resuming: resumption, of: pending) } }
        }
    }

    private func finish(_ answer: Answer) {
        let isWanted = !answer.isForNobody && (answer.onUndelivered == nil || !clientHasClosed)
        let isLast = responder.draining.hasBegun
        if isWanted, let encoder {
            let bytes = answer.bytes(date: date.now(), isLast: isLast, allocator: encoder.channel.allocator)
            encoder.writeAndFlush(Self.wrapped(bytes), promise: promise(for: answer))
        } else {
            if let onUndelivered = answer.onUndelivered { ClientConnection.perform(onUndelivered) }
            context?.close(promise: nil)
        }
        connection.ended()
        order.answered()
        if isLast { order.shutDown() }
        goOnAfterAnswer()
    }

    /// Tells whom it concerns when an answer could not be written; each answer has its own.
    private func promise(for answer: Answer) -> EventLoopPromise<Void>? {
        guard let onUndelivered = answer.onUndelivered else { return nil }
        let promise = executor.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenFailure { _ in ClientConnection.perform(onUndelivered) }
        return promise
    }

    /// Whether the client has closed its side, also when the event loop has not read so far.
    private var clientHasClosed: Bool {
        guard !connection.isClosed, let context else { return true }
        guard let provider = context.channel as? any SocketOptionProvider else { return false }
        var hasClosed = false
        // Answered at once: this is the channel's event loop.
        provider.tcpState().assumeIsolated().whenSuccess { hasClosed = $0 == .closedByClient || $0 == .closed }
        return hasClosed
    }

    /// Bytes as the encoder hands them on.
    private static func wrapped(_ bytes: ByteBuffer) -> NIOAny {
        HTTPResponseEncoder.wrapOutboundOut(.byteBuffer(bytes))
    }
}

// MARK: From the others

extension ConnectionHandler {
    func read(context: ChannelHandlerContext) {
        if order.wantsMore { context.read() } else { isReadHeld = true }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: watched(promise))
        switch unwrapOutboundIn(data) {
        case .head(let head):
            // Not for others that say so: they see to it themselves.
            isLastAnswer = responder.draining.hasBegun && head.headers["connection"].contains("close")
        case .body: break
        case .end:
            order.othersAnswered()
            if isLastAnswer { order.shutDown() }
            goOnAfterAnswer()
        }
    }

    /// A promise for a write whose fate somebody wants to know; the given one for other writes.
    private func watched(_ promise: EventLoopPromise<Void>?) -> EventLoopPromise<Void>? {
        guard connection.writeBegan() else { return promise }
        let promise = promise ?? executor.eventLoop.makePromise(of: Void.self)
        let connection = connection
        promise.futureResult.whenComplete { result in
            if case .success = result {
                connection.writeEnded(hasSucceeded: true)
            } else {
                connection.writeEnded(hasSucceeded: false)
            }
        }
        return promise
    }
}
