import EngineStore
import Postgres
import Synchronization
import sql

/// Asks the database whether it is there and whether its schema fits, for all who want to know at once.
///
/// One question is under way at a time. Whoever comes meanwhile waits for its answer, ``patience`` from when it was asked
/// at most; a good answer holds for ``lifetime``. So a database that hangs makes nobody wait longer, and a thousand
/// questions a second cost two.
final class DatabaseProbe: Sendable {
    /// What a question brought.
    struct Answer: Sendable {
        var database: Readiness.Finding
        /// Nil when the database did not say.
        var schema: Readiness.Finding?
    }

    /// How long the database may take to answer before it counts as away.
    static let patience = Duration.seconds(1)
    /// How long an answer is good for.
    static let lifetime = Duration.milliseconds(500)
    /// When a session that does not answer is given up, so that the next question goes over another one.
    static let sessionPatience = Duration.seconds(2)

    fileprivate struct State {
        /// Since when a question is under way.
        var askedAt: ContinuousClock.Instant?
        var last: (moment: ContinuousClock.Instant, answer: Answer)?
        var waiters: [CheckedContinuation<Answer, Never>] = []
        /// What was last known of the schema.
        var schema: Readiness.Finding?
    }

    fileprivate enum Turn {
        case known(Answer)
        case ask
        case wait
    }

    private let pool: Pool
    private let state = Mutex(State())

    init(pool: Pool) { self.pool = pool }

    /// What was last known of the schema; nil when it was never seen.
    var lastSchema: Readiness.Finding? { state.withLock { $0.schema } }

    /// Asks, or joins whoever does; takes ``patience`` at most.
    func answer() async -> Answer {
        await withCheckedContinuation { continuation in
            let now = ContinuousClock.now
            let turn = state.withLock { $0.turn(at: now, continuation) }
            switch turn {
            case .known(let answer): continuation.resume(returning: answer)
            case .wait: break
            case .ask:
                // Nobody waits for it: it ends with its question, which ends by the time-outs of its session.
                Task { await self.ask(since: now) }
            }
        }
    }

    private func ask(since began: ContinuousClock.Instant) async {
        // Ends with the question, if not before.
        let impatience = Task {
            guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
            self.conclude(.silent(for: Self.patience), isFinal: false)
        }
        let answer = await question(since: began)
        impatience.cancel()
        conclude(answer, isFinal: true)
    }

    private func question(since began: ContinuousClock.Instant) async -> Answer {
        do throws(PostgresError) {
            var pipeline = Pipeline()
            let token = pipeline.add(ReadMigrations())
            let recorded = try await pool.execute(pipeline, timeout: Self.sessionPatience)[token]
            let elapsed = ContinuousClock.now - began
            return Answer(
                database: Readiness.Finding(isUp: true, milliseconds: elapsed.wholeMilliseconds),
                schema: Readiness.Finding(of: recorded)
            )
        } catch {
            // Who refuses to read a table is there.
            let isThere = error.sqlState == .undefinedTable
            return Answer(
                database: Readiness.Finding(isUp: isThere, note: isThere ? nil : "\(error)"),
                schema: isThere ? Readiness.Finding(isUp: false, note: "There are no tables.") : nil
            )
        }
    }

    /// Answers whoever waits; `isFinal` when the question is over.
    private func conclude(_ answer: Answer, isFinal: Bool) {
        let waiters = state.withLock { state in
            if isFinal {
                state.askedAt = nil
                state.last = (.now, answer)
                if let schema = answer.schema { state.schema = schema }
            }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: answer) }
    }
}

extension DatabaseProbe.State {
    fileprivate mutating func turn(
        at now: ContinuousClock.Instant,
        _ waiter: CheckedContinuation<DatabaseProbe.Answer, Never>
    ) -> DatabaseProbe.Turn {
        if let askedAt {
            let waited = now - askedAt
            guard waited < DatabaseProbe.patience else { return .known(.silent(for: waited)) }
            waiters.append(waiter)
            return .wait
        }
        if let last, last.answer.database.isUp, now - last.moment < DatabaseProbe.lifetime {
            return .known(last.answer)
        }
        askedAt = now
        waiters.append(waiter)
        return .ask
    }
}

extension DatabaseProbe.Answer {
    fileprivate static func silent(for duration: Duration) -> Self {
        let milliseconds = duration.wholeMilliseconds
        return Self(
            database: Readiness.Finding(isUp: false, note: "No answer for \(milliseconds) ms."),
            schema: nil
        )
    }
}

extension Readiness.Finding {
    /// What the migrations that a database remembers mean for this program.
    init(of recorded: [RecordedMigration], known: [Migration] = Migration.all) {
        do throws(MigrationError) {
            let plan = try MigrationPlan(known: known, recorded: recorded)
            if let missing = plan.pending.first {
                self.init(isUp: false, note: "Migration \(missing.fileName) is missing.")
            } else if let newest = plan.newer.last {
                self.init(isUp: true, note: "Newer than this program, which can work with it: \(newest.name).")
            } else {
                self.init(isUp: true)
            }
        } catch {
            self.init(isUp: false, note: "\(error)")
        }
    }
}
