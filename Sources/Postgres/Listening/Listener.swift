package import Logging
import Synchronization

/// Listens on one channel, over a connection of its own, and comes back when it is lost.
///
/// What was told while nobody listened is lost: at every ``Event/listening`` the subscriber must look at everything.
package final class Listener: Sendable {
    /// What a subscriber hears.
    package enum Event: Sendable, Hashable {
        /// Listening now; anything may have happened before. Also sent when events had to be dropped.
        case listening
        /// Somebody told this.
        case notification(payload: String)
        /// Not listening any more; ``listening`` follows when it is again.
        case lost(PostgresError)
    }

    /// The most events that wait for a slow subscriber; the oldest beyond them are dropped, and `listening` follows.
    package static let maximumBufferedEvents = 10_000
    /// Payloads that begin with this are the listeners' own heartbeats; no subscriber hears them.
    package static let heartbeatPrefix = "\u{1}heartbeat "

    /// Everything that happens, for one subscriber.
    ///
    /// Ends when ``run()`` ends.
    package let events: AsyncStream<Event>
    /// The channel listened on.
    package let channel: SQLIdentifier
    private let subscriber: AsyncStream<Event>.Continuation
    let settings: ConnectionSettings
    private let heartbeat: Duration
    private let logger: Logger
    private let lastHeard = Mutex<ContinuousClock.Instant?>(nil)

    /// The shortest time that an operation of a listener may take before its connection counts as lost.
    private static let shortestOperation = Duration.seconds(5)

    /// When the channel was last seen to work: something came over it, the listener's own heartbeat at least.
    ///
    /// Nil while it is not listened on, and until the first heartbeat is back.
    package var heard: ContinuousClock.Instant? { lastHeard.withLock { $0 } }

    /// A listener that does nothing before ``run()``.
    ///
    /// - Parameters:
    ///   - settings: How to connect; not through a transaction pooler.
    ///   - channel: What to listen on.
    ///   - heartbeat: How often it tells itself something through the channel, and how long that may take to come back
    ///     before the connection counts as lost.
    ///   - logger: Hears when listening begins and is interrupted.
    package init(
        _ settings: ConnectionSettings,
        channel: SQLIdentifier,
        heartbeat: Duration = .seconds(5),
        logger: Logger
    ) {
        var settings = settings
        settings.operationTimeout = max(heartbeat, Self.shortestOperation)
        // Heartbeats write nothing that could be lost. Behind a transaction pooler, what is set on a session stays there
        // for others, whose commits must reach the disk: so it is set where the settings say.
        settings.parameters["synchronous_commit"] = "off"
        self.settings = settings
        self.channel = channel
        self.heartbeat = heartbeat
        self.logger = logger
        (events, subscriber) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingNewest(Self.maximumBufferedEvents)
        )
    }

    /// Listens until the task is cancelled.
    package func run() async {
        var backoff = Backoff()
        var isListening = true
        while !Task.isCancelled {
            do throws(PostgresError) {
                let session = try await listen()
                backoff.succeeded()
                isListening = true
                tell([.listening])
                logger.info("Listening", metadata: ["channel": "\(channel.name)"])
                let error = await receive(from: session)
                lastHeard.withLock { $0 = nil }
                await session.close()
                throw error
            } catch {
                guard !Task.isCancelled else { break }
                // Once per interruption, however many tries it takes.
                if isListening {
                    logger.warning("Listening was interrupted", metadata: ["error": "\(error)"])
                    tell([.lost(error)])
                }
                isListening = false
                backoff.failed()
                try? await Task.sleep(for: backoff.delay())
            }
        }
        subscriber.finish()
    }

    private func listen() async throws(PostgresError) -> Session {
        let session = try await Session.connect(settings, logger: logger)
        var query = DynamicQuery("Listen")
        query.append("listen ", identifier: channel)
        do throws(PostgresError) {
            try await session.run(query)
        } catch {
            await session.close()
            throw error
        }
        return session
    }

    /// Hands notifications over until something goes wrong.
    private func receive(from session: Session) async -> PostgresError {
        // The first one at once: it proves that what is told arrives.
        var pulse = Heartbeat(interval: heartbeat, now: .now - heartbeat)
        do throws(PostgresError) {
            while true {
                let received = try await session.notifications(until: pulse.nextMoment)
                let payloads = received.filter { $0.channel == channel.name }.map(\.payload)
                if !payloads.isEmpty { lastHeard.withLock { $0 = .now } }
                tell(payloads.filter { !$0.hasPrefix(Self.heartbeatPrefix) }.map { .notification(payload: $0) })
                switch pulse.beat(heard: payloads, now: .now) {
                case .wait: break
                case .send(let payload): try await session.run(Notify(channel, [payload]))
                case .lost: throw PostgresError(.connection, message: "The listener's heartbeat did not come back.")
                }
            }
        } catch {
            return error
        }
    }

    private func tell(_ events: [Event]) {
        var hasDropped = false
        for event in events {
            if case .dropped = subscriber.yield(event) { hasDropped = true }
        }
        if hasDropped { subscriber.yield(.listening) }
    }
}
