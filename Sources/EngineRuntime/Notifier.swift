package import Logging
package import Postgres
import ServiceLifecycle
import Synchronization

/// Tells all nodes which topics gained work and which polls wait for their workers, over a connection of its own and never inside a business transaction.
///
/// The first announcement goes out at once; what comes within the next ``Pace/interval`` goes out together. What cannot
/// be told because the connection is lost is found by the other nodes' safety checks.
package final class Notifier: Service {
    /// How announcements are gathered.
    package struct Pace: Sendable {
        /// The shortest time between two announcements.
        package var interval = Duration.milliseconds(10)
        /// The most topics that wait to be announced, and the most polls; further ones are dropped.
        package var maximumTopics = 10_000

        package init() {}
    }

    private struct Pending {
        var work = AnnouncementList()
        var polls: [WorkerPoll] = []
        var hasBatches = false
        var isStopped = false

        var isEmpty: Bool { work.isEmpty && polls.isEmpty && !hasBatches }

        mutating func add(_ news: News, limit: Int) {
            switch news {
            case .work(let work): self.work.add(work, limit: limit)
            case .batches: hasBatches = true
            case .polls(let polls): self.polls += polls.prefix(max(0, limit - self.polls.count))
            }
        }

        /// What is to be told now.
        mutating func takePayloads(node: UInt64) -> [String] {
            defer { (polls, hasBatches) = ([], false) }
            return Announcement.payloads(of: work.take(), polls, hasBatches: hasBatches, node: node)
        }
    }

    private let pool: Pool
    private let channel: SQLIdentifier
    private let node: UInt64
    private let pace: Pace
    private let logger: Logger
    private let pending = Mutex(Pending())
    private let alarm = Alarm()

    /// Announces nothing before ``run()``.
    ///
    /// - Parameters:
    ///   - settings: How to connect; the notifier opens one session.
    ///   - channel: The channel that all nodes of the engine listen on.
    ///   - node: Tells this node's announcements from those of others.
    ///   - pace: How announcements are gathered.
    ///   - logger: Where to log.
    package init(
        _ settings: ConnectionSettings,
        channel: SQLIdentifier,
        node: UInt64,
        pace: Pace = Pace(),
        logger: Logger
    ) {
        var settings = settings
        // Nobody waits for an announcement to reach the disk.
        settings.parameters["synchronous_commit"] = "off"
        pool = Pool(settings, limits: Pool.Limits(minimum: 0, maximum: 1), logger: logger)
        self.channel = channel
        self.node = node
        self.pace = pace
        self.logger = logger
    }

    /// Announces soon; returns at once.
    package func announce(_ news: News) {
        let rings = pending.withLock { pending in
            guard !pending.isStopped else { return false }
            let wasEmpty = pending.isEmpty
            pending.add(news, limit: pace.maximumTopics)
            return wasEmpty && !pending.isEmpty
        }
        if rings { alarm.ring() }
    }

    /// Announces until the task is cancelled or the service is shut down; what is left is announced first.
    package func run() async {
        await withGracefulShutdownHandler {
            while !Task.isCancelled {
                let (payloads, isStopped) = pending.withLock { pending in
                    (pending.takePayloads(node: node), pending.isStopped)
                }
                if !payloads.isEmpty {
                    await send(payloads)
                    if !isStopped { try? await Task.sleep(for: pace.interval, tolerance: .zero) }
                } else if isStopped {
                    break
                } else {
                    await alarm.wait(until: nil)
                }
            }
            await pool.shutdown()
        } onGracefulShutdown: {
            self.pending.withLock { $0.isStopped = true }
            self.alarm.ring()
        }
    }

    private func send(_ payloads: [String]) async {
        do {
            try await pool.run(Notify(channel, payloads))
        } catch {
            guard error.kind != .cancelled else { return }
            logger.warning("Other nodes could not be told", metadata: ["error": "\(error)"])
        }
    }
}

/// Work that waits to be announced, gathered by topic.
struct AnnouncementList: Sendable {
    private struct Entry {
        var count = 0
        /// The earliest moment, in milliseconds from when it was added: the few that pass until it is sent do not
        /// matter, because whoever hears it looks again.
        var inMilliseconds: Int64?
    }

    private var entries: [String: Entry] = [:]

    var isEmpty: Bool { entries.isEmpty }

    mutating func add(_ work: [TopicWork], limit: Int) {
        for work in work where work.count > 0 && (entries.count < limit || entries[work.topic] != nil) {
            var entry = entries[work.topic] ?? Entry()
            if let milliseconds = work.inMilliseconds, milliseconds > 0 {
                entry.inMilliseconds = min(entry.inMilliseconds ?? .max, milliseconds)
            } else {
                entry.count = min(entry.count + min(work.count, Self.maximumCount), Self.maximumCount)
            }
            entries[work.topic] = entry
        }
    }

    mutating func take() -> [TopicWork] {
        defer { entries = [:] }
        return entries.flatMap { topic, entry -> [TopicWork] in
            var work: [TopicWork] = []
            if entry.count > 0 { work.append(TopicWork(topic: topic, count: entry.count)) }
            if let milliseconds = entry.inMilliseconds {
                work.append(TopicWork(topic: topic, inMilliseconds: milliseconds))
            }
            return work
        }
    }

    /// More polls than this are not woken by one announcement.
    private static let maximumCount = 100_000
}
