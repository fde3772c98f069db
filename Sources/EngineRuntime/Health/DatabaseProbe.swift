import EngineStore
import Postgres
import Synchronization
import sql

/// Asks the database whether it is there and whether its schema fits, for all who want to know at once.
///
/// A good answer holds for ``lifetime``, and a question that hangs keeps nobody for longer than ``patience``.
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

    private let question: SharedQuestion<Answer>
    private let schema = Mutex<Readiness.Finding?>(nil)

    init(pool: Pool) {
        question = SharedQuestion(patience: Self.patience) { await Answer(from: pool) }
    }

    /// What was last known of the schema; nil when it was never seen.
    var lastSchema: Readiness.Finding? { schema.withLock { $0 } }

    /// Asks, or joins whoever does; takes ``patience`` at most.
    func answer() async -> Answer {
        let reply = await question.answer { answer, age in answer.database.isUp && age < Self.lifetime }
        switch reply {
        case .known(let answer):
            if let schema = answer.schema { self.schema.withLock { $0 = schema } }
            return answer
        case .silence(let duration):
            let note = "No answer for \(duration.wholeMilliseconds) ms."
            return Answer(database: Readiness.Finding(isUp: false, note: note))
        }
    }
}

extension DatabaseProbe.Answer {
    /// What a database says, or how it fails.
    fileprivate init(from pool: Pool) async {
        let began = ContinuousClock.now
        do throws(PostgresError) {
            var pipeline = Pipeline()
            let token = pipeline.add(ReadMigrations())
            let recorded = try await pool.execute(pipeline, timeout: DatabaseProbe.sessionPatience)[token]
            let elapsed = ContinuousClock.now - began
            database = Readiness.Finding(isUp: true, milliseconds: elapsed.wholeMilliseconds)
            schema = Readiness.Finding(of: recorded)
        } catch {
            // Who refuses to read a table is there.
            let isThere = error.sqlState == .undefinedTable
            database = Readiness.Finding(isUp: isThere, note: isThere ? nil : "\(error)")
            schema = isThere ? Readiness.Finding(isUp: false, note: "There are no tables.") : nil
        }
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
