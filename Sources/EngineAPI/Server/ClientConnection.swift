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
        /// Whether the server ends: what begins now is cancelled.
        var isCancelled = false
        /// The request that is under way, if it has a task of its own.
        var request: Task<Void, Never>?
        /// Whether ``request`` is cancelled when the client goes.
        var isWaiting = false
        /// Called once when the client goes, if it still waits for an answer.
        var onClose: (@Sendable () -> Void)?
        var delivery: Delivery?
        /// Whether there is something for Hummingbird's handlers to do.
        var needsOthers = false
        var onOthersNeeded: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Whether the client has gone, or will send nothing more.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Does something that is cancelled when the client goes.
    ///
    /// - Throws: `CancellationError` when the work gives up; what the work throws.
    func untilClosed<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        guard request == nil else { return try await untilRequestIsCancelled(work) }
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

    /// The same for a request with a task of its own, which is cancelled then.
    private func untilRequestIsCancelled<Value>(_ work: () async throws -> Value) async throws -> Value {
        let isClosed = state.withLock { state in
            state.isWaiting = true
            return state.isClosed
        }
        defer { state.withLock { $0.isWaiting = false } }
        guard !isClosed else { throw CancellationError() }
        return try await work()
    }

    /// Calls `action` once when the client goes, or now if it has gone; nil forgets the last one.
    func onClose(_ action: (@Sendable () -> Void)?) {
        let isClosed = state.withLock { state in
            state.onClose = action
            return state.isClosed
        }
        if isClosed { action?() }
    }

    /// Cancels what is under way or waits, because the server ends.
    func cancel() {
        let (request, onClose) = state.withLock { state in
            state.isCancelled = true
            return (state.request, state.onClose)
        }
        request?.cancel()
        onClose?()
        needOthers()
    }

    /// Expects the next answer to be written to the end.
    ///
    /// If it is not, `orElse` is called, once; at once when the client has gone: then false is returned, and the answer
    /// must not be written.
    func expectDelivery(orElse: @escaping @Sendable () async -> Void) -> Bool {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.delivery = Delivery(orElse: orElse) }
            return state.isClosed
        }
        if isClosed { Self.perform(orElse) }
        return !isClosed
    }

    /// Waits until something arrives that is not answered on the event loop, or the connection ends.
    ///
    /// What serves a connection in general costs several kilobytes from when it begins; most workers' connections never
    /// need it.
    func othersNeeded() async {
        await withCheckedContinuation { continuation in
            let isNeeded = state.withLock { state in
                if !state.needsOthers { state.onOthersNeeded = continuation }
                return state.needsOthers
            }
            if isNeeded { continuation.resume() }
        }
    }

    // MARK: What the handler reports

    /// Something is to be done that is not done on the event loop.
    func needOthers() {
        let continuation = state.withLock { state in
            state.needsOthers = true
            defer { state.onOthersNeeded = nil }
            return state.onOthersNeeded
        }
        continuation?.resume()
    }

    /// The request that is under way, if it has a task of its own.
    var request: Task<Void, Never>? { state.withLock { $0.request } }

    /// A request begins that has a task of its own; must be called before that task does anything.
    func began(_ request: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            state.request = request
            return state.isCancelled
        }
        if isCancelled { request.cancel() }
    }

    /// The request that had a task of its own has its answer.
    func ended() {
        state.withLock { $0.request = nil }
    }

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
        let (waiting, onClose, orElse) = state.withLock { state in
            let waiting = state.isWaiting ? state.request : nil
            let onClose = state.onClose
            state.isClosed = true
            state.onClose = nil
            guard let delivery = state.delivery, delivery.pendingWrites == 0 else {
                return (waiting, onClose, nil as (@Sendable () async -> Void)?)
            }
            state.delivery = nil
            return (waiting, onClose, delivery.orElse)
        }
        waiting?.cancel()
        onClose?()
        needOthers()
        if let orElse { Self.perform(orElse) }
    }

    static func perform(_ work: @escaping @Sendable () async -> Void) {
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

    func insert(_ connection: ClientConnection, for channel: ObjectIdentifier) {
        connections.withLock { $0[channel] = connection }
    }

    func remove(_ channel: ObjectIdentifier) {
        _ = connections.withLock { $0.removeValue(forKey: channel) }
    }
}
