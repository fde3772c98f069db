import EngineCore
import EngineStore
import Expressions
import FoundationEssentials
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import EngineRuntime

@Suite(.database, .serialized) struct `Batches` {
    @Test func `set the retries of every task, on whatever node, and vanish into history`() async throws {
        try await RunningEngine.nodes(2) { engines in
            let tasks = try await engines[0].tasks(250, topic: "shared")
            let batch = try #require(
                try await engines[1].createBatch(.setExternalTaskRetries(7), on: .tasks(tasks), userID: "demo")
            )
            #expect(batch.type == "set-external-task-retries")
            #expect(batch.totalJobs == 250)
            #expect(batch.jobsCreated == 0)
            #expect(batch.createUserID == "demo")
            try await engines[0].until("batch", count: 0)

            #expect(try await engines[0].count("external_task where retries = 7") == 250)
            #expect(try await engines[0].count("batch_job") == 0)
            let history = try #require(try await engines[0].historicBatches(HistoricBulkQuery()).first)
            #expect(history.id == batch.id)
            #expect(history.executionStartTime != nil)
            #expect(history.endTime != nil)
        }
    }

    @Test func `have a job for each task, however often it is named`() async throws {
        try await RunningEngine.nodes(1, runsJobs: false) { engines in
            let engine = engines[0]
            let tasks = try await engine.tasks(3, topic: "union")
            var query = ExternalTaskQuery()
            query.topicName = "union"
            let instance = try #require(try await engine.externalTasks(query).first).processInstanceID
            var targets = ExternalTaskSelection.tasks(tasks + tasks + ["nobody", "nobody"])
            targets.instanceIDs = [instance.description, "nobody"]
            targets.taskQuery = query
            targets.instanceQuery = ProcessInstanceQuery()
            targets.instanceQuery?.processInstanceIDs = [instance.description]
            targets.historicQuery = HistoricInstanceQuery()
            targets.historicQuery?.processInstanceID = instance.description
            let batch = try await engine.createBatch(.setExternalTaskRetries(1), on: targets)
            #expect(batch?.totalJobs == 4)

            var none = ExternalTaskSelection()
            none.instanceIDs = ["nobody"]
            #expect(try await engine.createBatch(.setExternalTaskRetries(1), on: none) == nil)
            #expect(try await engine.deleteBatch(batch?.id.description ?? "", cascade: true))
            var history = HistoricBulkQuery()
            history.batchID = batch?.id.description
            #expect(try await engine.historicBatches(history).isEmpty)
        }
    }

    @Test func `stay with an incident for each task that three attempts could not find`() async throws {
        try await RunningEngine.nodes(2) { engines in
            let engine = engines[0]
            let known = try await engine.tasks(2, topic: "unknown")
            let unknown = ["nobody", UUID().uuidString.lowercased()]
            let batch = try #require(
                try await engine.createBatch(.setExternalTaskRetries(4), on: .tasks(known + unknown))
            )
            let definition = batch.batchJobDefinition
            try await engine.until("incident where type = 'failedJob'", count: 2)
            try await engine.untilStatistics(of: batch.id, remaining: 2)

            let statistics = try #require(try await engine.statistics(of: batch.id))
            #expect(statistics.failedJobs == 2)
            #expect(statistics.completedJobs == 2)
            var failed = JobQuery()
            failed.noRetriesLeft = true
            let jobs = try await engine.jobs(failed)
            #expect(
                Set(jobs.map(\.exceptionMessage))
                    == Set(unknown.map { "Cannot find external task with id \($0): externalTask is null" })
            )
            var query = IncidentQuery()
            query.jobDefinitionIDIn = [definition.description]
            let incidents = try await engine.incidents(query)
            #expect(Set(incidents.map(\.configuration)) == Set(jobs.map(\.id.description)))
            #expect(incidents.allSatisfy { $0.processInstanceID == nil && $0.message != nil })

            // They fail again, in new incidents.
            try await engine.setFailedJobRetries(ofDefinition: definition.description, 1)
            try await engine.until("history_incident where type = 'failedJob' and state = 'resolved'", count: 2)
            try await engine.until("incident where type = 'failedJob'", count: 2)
            // Without them, nothing is left to do.
            for job in jobs { #expect(try await engine.deleteJob(job.id.description)) }
            try await engine.until("batch", count: 0)
            #expect(try await engine.count("incident where type = 'failedJob'") == 0)
            #expect(try await engine.count("history_incident where state = 'deleted'") == 2)
            #expect(try await !engine.deleteJob(jobs[0].id.description))
        }
    }

    @Test func `leave jobs alone that are suspended or not due`() async throws {
        try await RunningEngine.nodes(1, runsJobs: false) { engines in
            let engine = engines[0]
            let tasks = try await engine.tasks(3, topic: "alone")
            let batch = try #require(try await engine.createBatch(.setExternalTaskRetries(8), on: .tasks(tasks)))
            let seed = batch.seedJobDefinition.description
            try await engine.suspendJobs(ofDefinition: seed, isSuspended: true)
            #expect(try await engine.pool.run(FindOpenBulks(limit: 10)).isEmpty)
            #expect(try await engine.bulkWork.advance(batch.id, after: -1).held == 0)
            // With its batch, every job goes on.
            #expect(try await engine.suspendBatch(batch.id.description, isSuspended: true))
            #expect(try await engine.suspendBatch(batch.id.description, isSuspended: false))
            #expect(try await engine.bulkWork.advance(batch.id, after: -1).held == 1)

            var query = JobQuery()
            query.jobDefinitionID = batch.batchJobDefinition.description
            let jobs = try await engine.jobs(query).map(\.id.description)
            let tomorrow = Instant(millisecondsSinceEpoch: 4_102_444_800_000)
            try await engine.suspendJob(jobs[0], isSuspended: true)
            #expect(try await engine.setJobDueDate(jobs[1], tomorrow))
            #expect(try await engine.bulkWork.advance(batch.id, after: -1).held == 1)
            #expect(try await engine.pool.run(FindOpenBulks(limit: 10)).isEmpty)
            #expect(try await engine.count("external_task where retries = 8") == 1)
            #expect(try await engine.count("batch") == 1)

            #expect(try await engine.setJobDueDate(jobs[1], Instant(millisecondsSinceEpoch: 0)))
            #expect(try await engine.bulkWork.advance(batch.id, after: -1).held == 1)
            try await engine.suspendJob(jobs[0], isSuspended: false)
            #expect(try await engine.bulkWork.advance(batch.id, after: -1).held == 1)
            #expect(try await engine.count("external_task where retries = 8") == 3)
            #expect(try await engine.count("batch") == 0)
        }
    }

    @Test func `stand still while they are suspended`() async throws {
        try await RunningEngine.nodes(1, runsJobs: false) { engines in
            let engine = engines[0]
            let tasks = try await engine.tasks(2, topic: "suspended")
            let batch = try #require(try await engine.createBatch(.setExternalTaskRetries(9), on: .tasks(tasks)))
            #expect(try await engine.suspendBatch(batch.id.description, isSuspended: true))
            #expect(try await engine.pool.run(FindOpenBulks(limit: 10)).isEmpty)
            #expect(try await engine.bulkWork.advance(batch.id, after: -1).held == 0)
            #expect(try await engine.statistics(of: batch.id)?.remainingJobs == 2)

            #expect(try await engine.suspendBatch(batch.id.description, isSuspended: false))
            #expect(try await engine.pool.run(FindOpenBulks(limit: 10)) == [batch.id])
            // The seed, then the operations, then the end.
            #expect(try await engine.bulkWork.advance(batch.id, after: -1).held == 1)
            #expect(try await engine.bulkWork.advance(batch.id, after: -1).held == 2)
            #expect(try await engine.count("batch") == 0)
            #expect(try await engine.count("external_task where retries = 9") == 2)
            #expect(try await !engine.suspendBatch(batch.id.description, isSuspended: true))
        }
    }

    @Test func `are gone on with by a node that starts later`() async throws {
        let total = try await RunningEngine.nodes(1, runsJobs: false) { engines in
            let tasks = try await engines[0].tasks(130, topic: "later")
            return try await engines[0].createBatch(.setExternalTaskRetries(11), on: .tasks(tasks))?.totalJobs
        }
        #expect(total == 130)
        try await RunningEngine.one { engine in
            try await engine.until("batch", count: 0)
            #expect(try await engine.count("external_task where retries = 11") == 130)
        }
    }
}

@Suite(.database, .serialized) struct `The jobs of a batch` {
    @Test func `are carried out once each, whoever works on them`() async throws {
        try await RunningEngine.nodes(1, runsJobs: false) { engines in
            let engine = engines[0]
            let targets = (0..<1_000).map { "t\($0)" }
            let batch = try #require(try await engine.createBatch(.setExternalTaskRetries(1), on: .tasks(targets)))
            let counts = Mutex<[String: Int]>([:])
            let work = engine.work { target in counts.withLock { $0[target, default: 0] += 1 } }
            _ = try await work.advance(batch.id, after: -1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        while try await engine.count("batch") > 0 { _ = try await work.advance(batch.id, after: -1) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(counts.withLock { $0.count } == 1_000)
            #expect(counts.withLock { $0.values.allSatisfy { $0 == 1 } })
        }
    }

    @Test func `are done again when a node died before it recorded them, and counted once`() async throws {
        try await RunningEngine.nodes(1, runsJobs: false) { engines in
            let engine = engines[0]
            let tasks = try await engine.tasks(150, topic: "doomed")
            let batch = try #require(try await engine.createBatch(.setExternalTaskRetries(5), on: .tasks(tasks)))
            var settings = Database.current.settings
            settings.applicationName = "doomed"
            let pool = Pool(settings, limits: Pool.Limits(maximum: 1), logger: TestServer.logger)
            let doomed = BulkWork(pool: pool, isHistoryKept: true, logger: TestServer.logger) { operation, target in
                try await engine.perform(operation, on: target)
                try await engine.killSessions(of: "doomed")
            }
            _ = try? await doomed.advance(batch.id, after: -1)
            await #expect(throws: PostgresError.self) { try await doomed.advance(batch.id, after: -1) }
            await pool.shutdown()
            #expect(try await engine.count("external_task where retries = 5") > 0)
            #expect(try await engine.statistics(of: batch.id)?.completedJobs == 0)

            // Nobody waits for anything of the dead one.
            #expect(try await engine.bulkWork.advance(batch.id, after: -1).held == 100)
            #expect(try await engine.statistics(of: batch.id)?.completedJobs == 100)
            #expect(try await engine.bulkWork.advance(batch.id, after: 100).held == 50)
            #expect(try await engine.count("external_task where retries = 5") == 150)
            #expect(try await engine.count("batch") == 0)
        }
    }

    @Test func `survive sessions that break all the time`() async throws {
        try await RunningEngine.nodes(2) { engines in
            let tasks = try await engines[0].tasks(600, topic: "broken")
            let batch = try #require(
                try await engines[0].createBatch(.setExternalTaskRetries(6), on: .tasks(tasks + ["nobody"]))
            )
            var broken = 0
            while broken < 5, let statistics = try await engines[0].statistics(of: batch.id),
                statistics.remainingJobs > 1
            {
                broken += try await engines[0].breakSession()
            }
            try await engines[0].untilStatistics(of: batch.id, remaining: 1)
            try await engines[0].until("incident where type = 'failedJob'", count: 1)
            #expect(try await engines[0].count("external_task where retries = 6") == 600)
            let statistics = try #require(try await engines[0].statistics(of: batch.id))
            #expect(statistics.completedJobs == 600)
            #expect(statistics.failedJobs == 1)
        }
    }

    @Test func `lose no attempt when it was not their fault`() async throws {
        try await RunningEngine.nodes(1, runsJobs: false) { engines in
            let engine = engines[0]
            let batch = try #require(try await engine.createBatch(.setExternalTaskRetries(1), on: .tasks(["x"])))
            let busy = engine.work { _ in throw Overload.tooManyCommands }
            _ = try await busy.advance(batch.id, after: -1)
            let progress = try await busy.advance(batch.id, after: -1)
            #expect(progress.held == 1)
            #expect(progress.postponed == 1)
            #expect(try await engine.count("batch_job where kind = 1 and retries = 3") == 1)
        }
    }

    @Test(.database) func `are stopped when their batch is deleted`() async throws {
        try await RunningEngine.nodes(2) { engines in
            let targets = (0..<5_000).map { "t\($0)" }
            let batch = try #require(
                try await engines[0].createBatch(.setExternalTaskRetries(1), on: .tasks(targets))
            )
            #expect(try await engines[1].deleteBatch(batch.id.description, cascade: false))
            #expect(try await engines[0].count("batch_job") == 0)
            #expect(try await engines[0].count("incident") == 0)
            var query = HistoricBulkQuery()
            query.batchID = batch.id.description
            #expect(try await engines[0].historicBatches(query).first?.endTime != nil)
            #expect(try await engines[0].deleteHistoricBatch(batch.id.description))
            #expect(try await engines[0].count("history_incident") == 0)
            #expect(try await !engines[0].deleteBatch(batch.id.description, cascade: true))
        }
    }
}

extension ExternalTaskSelection {
    static func tasks(_ ids: [String]) -> Self {
        var selection = Self()
        selection.taskIDs = ids
        return selection
    }
}

extension Engine {
    /// Makes an instance with so many tasks, and tells their ids.
    fileprivate func tasks(_ count: Int, topic: String) async throws -> [String] {
        let process = try await deploy(
            topic,
            """
            <startEvent id='start'/>
            <serviceTask id='work' camunda:type='external' camunda:topic='\(topic)'>
              <multiInstanceLoopCharacteristics><loopCardinality>\(count)</loopCardinality></multiInstanceLoopCharacteristics>
            </serviceTask>
            <sequenceFlow id='f1' sourceRef='start' targetRef='work'/>
            """
        )
        _ = try await start(process)
        var query = ExternalTaskQuery()
        query.topicName = topic
        return try await externalTasks(query).map(\.id.description)
    }

    fileprivate func statistics(of batch: BatchID) async throws -> BulkStatisticsView? {
        var query = BulkStatisticsQuery()
        query.filter.batchID = batch.description
        return try await batchStatistics(query).first
    }

    /// Returns when a table has so many rows.
    fileprivate func until(_ table: StaticString, count: Int64) async throws {
        while try await self.count(table) != count { try Task.checkCancellation() }
    }

    /// Returns when a batch has so many jobs left.
    fileprivate func untilStatistics(of batch: BatchID, remaining: Int32) async throws {
        while try await statistics(of: batch)?.remainingJobs != remaining { try Task.checkCancellation() }
    }

    /// Work on batches that does something else to the targets.
    fileprivate func work(_ perform: @escaping @Sendable (String) async throws -> Void) -> BulkWork {
        BulkWork(pool: Database.current.pool, isHistoryKept: true, logger: TestServer.logger) { try await perform($1) }
    }

    fileprivate func killSessions(of application: String) async throws {
        var query = DynamicQuery(
            "Kill",
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = "
        )
        query.append("", application)
        try await pool.run(query)
    }

    /// Ends a session of some engine that is in a transaction, if there is one; tells how many were ended.
    fileprivate func breakSession() async throws -> Int {
        let query = DynamicQuery(
            "Break",
            """
            select pg_terminate_backend(pid)
            from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'
            limit 1
            """
        )
        return try await Database.current.pool.run(query, rows: RowDecoder(Bool.self)).count
    }
}
