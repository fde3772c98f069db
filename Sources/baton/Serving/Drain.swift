import Logging
import ServiceLifecycle
import UnixSignals

/// The time between the wish that a node ends and the moment at which it stops listening.
///
/// The node says at once that it is not ready, answers parked polls, and makes every answer its connection's last one; so
/// balancers and workers go elsewhere while it still serves whatever comes. Another signal ends the wait.
struct Drain: Service {
    /// How long to wait; 0 for not at all.
    let duration: Duration
    let logger: Logger
    /// Tells everybody.
    let begin: @Sendable () -> Void

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // The first one is what ends the node.
                var count = 0
                for await _ in signals {
                    count += 1
                    if count > 1 { return }
                }
            }
            group.addTask {
                try? await gracefulShutdown()
                begin()
                guard duration > .zero else { return }
                logger.info("Node is draining", metadata: ["for": "\(duration)"])
                try? await Task.sleep(for: duration)
            }
            await group.next()
            group.cancelAll()
        }
    }
}
