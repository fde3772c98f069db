import EngineStore
import Logging
import Measures
import Postgres
import Synchronization

/// Keeps a sample of the cluster's work for whoever asks for metrics, and takes a new one now and then.
///
/// Nothing is asked of the database unless somebody asks here. Of all nodes one counts at a time, and the others read
/// what it found.
final class WorkSampler: Sendable {
    /// A sample and when this node got it.
    struct Kept: Sendable {
        var sample: WorkSample
        var moment = ContinuousClock.now

        /// How long ago it was taken.
        var age: Duration { .milliseconds(sample.ageMilliseconds) + (ContinuousClock.now - moment) }
    }

    /// How long whoever asks waits at most; later ones get what comes then.
    static let patience = Duration.seconds(1)

    /// What this node knows.
    private final class Memory: Sendable {
        let kept = Mutex<Kept?>(nil)
        let failures = EventCounter()
    }

    private let memory = Memory()
    private let question: SharedQuestion<Void>

    init(pool: Pool, logger: Logger) {
        question = SharedQuestion(patience: Self.patience) { [memory] in
            do {
                guard let sample = try await pool.withSession({ try await $0.workSample() }) else { return }
                memory.kept.withLock { $0 = Kept(sample: sample) }
            } catch {
                memory.failures.add()
                logger.debug("Work could not be counted", metadata: ["error": "\(error)"])
            }
        }
    }

    /// How often a sample could not be taken, or read.
    var failures: EventCounter { memory.failures }

    /// The last sample that this node knows; nil when there is none yet.
    func sample() async -> Kept? {
        _ = await question.answer { _, age in age < WorkSample.interval }
        return memory.kept.withLock { $0 }
    }
}
