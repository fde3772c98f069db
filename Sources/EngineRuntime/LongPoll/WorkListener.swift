package import Logging
package import Postgres
import ServiceLifecycle
import Synchronization

/// Hears what other nodes announce, and wakes this node's polls and whoever carries out batches.
package final class WorkListener: Service {
    private let listener: Listener
    private let longPoll: LongPoll
    private let node: UInt64
    private let batchesAppeared: @Sendable () -> Void
    private let logger: Logger
    private let listening = Atomic(false)

    /// Whether the channel is heard now: announcements and our own heartbeats arrive.
    package var isListening: Bool { listening.load(ordering: .relaxed) }

    /// For how long nothing came over the channel, not even our own heartbeat; nil when it is not heard, or was never.
    package var silence: Duration? {
        guard isListening, let heard = listener.heard else { return nil }
        return ContinuousClock.now - heard
    }

    /// Hears nothing before ``run()``.
    ///
    /// - Parameters:
    ///   - listener: Listens on the engine's channel; run here.
    ///   - longPoll: What is told.
    ///   - node: This node's name in announcements: its own work is not heard, because its polls are woken directly.
    ///   - logger: Where to log.
    ///   - batchesAppeared: Told when batches have something to do, or may have.
    package init(
        _ listener: Listener,
        longPoll: LongPoll,
        node: UInt64,
        logger: Logger,
        batchesAppeared: @escaping @Sendable () -> Void = {}
    ) {
        self.listener = listener
        self.longPoll = longPoll
        self.node = node
        self.logger = logger
        self.batchesAppeared = batchesAppeared
    }

    /// Listens until the task is cancelled or the service is shut down.
    package func run() async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.listener.run() }
                for await event in self.listener.events { self.handle(event) }
                self.listening.store(false, ordering: .relaxed)
                group.cancelAll()
            }
        }
    }

    private func handle(_ event: Listener.Event) {
        switch event {
        case .listening:
            listening.store(true, ordering: .relaxed)
            wakeUpsMayBeLost()
        case .lost: listening.store(false, ordering: .relaxed)  // `listening` follows.
        case .notification(let payload):
            guard let announcement = Announcement(payload: payload) else {
                logger.debug("An announcement of another version was heard")
                return wakeUpsMayBeLost()
            }
            let isOwn = announcement.node == node
            if !isOwn { longPoll.heard(announcement.work) }
            if !isOwn, announcement.hasBatches { batchesAppeared() }
            for poll in announcement.polls { longPoll.heard(poll, isOwn: isOwn) }
        }
    }

    private func wakeUpsMayBeLost() {
        longPoll.wakeUpsMayBeLost()
        batchesAppeared()
    }
}
