import EngineCore
import EngineRuntime
import EngineStore
import FoundationEssentials
import Logging
import Postgres
import TestSupport
import Testing

/// External tasks as rows, written without the engine's core.
struct TaskRows {
    let runner: any StatementRunner

    /// One task, alone in a process instance unless told otherwise.
    struct Task {
        var topic = "a"
        var priority: Int64 = 0
        /// Milliseconds since 2026 began.
        var createdAt = 0
        var retries: Int32?
        var isSuspended = false
        var worker: String?
        /// Milliseconds from now; negative has run out.
        var lockedFor: Int64?
        var businessKey: String?
        var definition = "p:1:x"
        var iteration: UUID?
        /// Inner scopes, outermost first.
        var scopes: [UUID] = []
        var instance = UUID()
    }

    /// Writes a definition of key `p`.
    func add(definition id: String, versionTag: String? = nil, tenant: String? = nil) async throws {
        var query = DynamicQuery("AddDefinition")
        query.append("with deployment as (insert into deployment (id) values (", UUID())
        query.append(") returning id) insert into process_definition (id, key, version, deployment_id, resource_name,")
        query.append(" version_tag, tenant_id) select ", id)
        query.append(", 'p', ", Int32.random(in: 1...Int32.max))
        query.append(", deployment.id, 'p.bpmn', ", versionTag)
        query.append(", ", tenant, " from deployment")
        try await runner.run(query)
    }

    /// Writes a task and its process instance.
    @discardableResult
    func add(_ task: Task) async throws -> ExternalTaskID {
        let id = UUID()
        var query = DynamicQuery("AddInstance", "insert into process_instance (id, root_id, definition_id,")
        query.append(" definition_key, business_key, start_time, open_children, arrived) values (", task.instance)
        query.append(", ", task.instance)
        query.append(", ", task.definition)
        query.append(", 'p', ", task.businessKey, ", clock_timestamp(), 1, '{}') on conflict do nothing")
        try await runner.run(query)
        query = DynamicQuery("AddTask", "insert into external_task (root_id, instance_id, scope_id, definition_key,")
        query.append(" activity_id, activity_instance_id, parent_activity_instance_id, id, path, definition_id,")
        query.append(
            " iteration_id, topic, priority, retries, worker_id, suspended, create_time, lock_expiration, ready)"
        )
        query.append(" values (", task.instance)
        query.append(", ", task.instance)
        query.append(", ", task.scopes.last ?? task.instance, ", 'p', 'work', 'work:1', '1'")
        query.append(", ", id)
        query.append(", ", [task.instance] + task.scopes)
        query.append(", ", task.definition)
        query.append(", ", task.iteration)
        query.append(", ", task.topic)
        query.append(", ", task.priority)
        query.append(", ", task.retries)
        query.append(", ", task.worker)
        query.append(", ", task.isSuspended)
        query.append(
            ", ",
            PostgresTimestamp(milliseconds: 1_767_225_600_000 + Int64(task.createdAt)),
            ", clock_timestamp() + interval '1 millisecond' * "
        )
        query.append("", task.lockedFor)
        query.append(", ", task.lockedFor == nil && !task.isSuspended && task.retries ?? 1 > 0, ")")
        try await runner.run(query)
        return ExternalTaskID(id)
    }

    /// Writes a sub-process's row.
    func add(scope id: UUID, of task: Task, iteration: UUID?) async throws {
        var query = DynamicQuery("AddScope", "insert into scope (kind, activity_id, activity_instance_id,")
        query.append(" parent_activity_instance_id, start_time, open_children, arrived, path, definition_id, id,")
        query.append(" root_id, instance_id, parent_id, iteration_id)")
        query.append(" values (1, 's', 's:1', '1', clock_timestamp(), 1, '{}', '{}', 'p:1:x', ", id)
        query.append(", ", task.instance)
        query.append(", ", task.instance)
        query.append(", ", task.instance)
        query.append(", ", iteration, ")")
        try await runner.run(query)
    }

    /// Writes a variable of a scope.
    func add(variable name: String, _ value: VariableValue, to owner: UUID) async throws {
        let columns = VariableColumns(value)
        var query = DynamicQuery(
            "AddVariable",
            "insert into variable (create_time, id, owner_id, root_id, instance_id,"
        )
        query.append(" name, type, text_value, long_value, double_value, data, file_name) values (clock_timestamp()")
        for id in [UUID(), owner, owner, owner] { query.append(", ", id) }
        query.append(", ", name)
        query.append(", ", columns.type)
        query.append(", ", columns.text)
        query.append(", ", columns.long)
        query.append(", ", columns.double)
        query.append(", ", columns.data)
        query.append(", ", columns.fileName, ")")
        try await runner.run(query)
    }

    /// How many tasks are locked and not expired.
    func lockedCount() async throws -> Int64 {
        let query = DynamicQuery(
            "CountLocked",
            "select count(*) from external_task where not ready and lock_expiration > clock_timestamp()"
        )
        return try await runner.run(query, rows: RowDecoder(Int64.self)).first ?? 0
    }
}

/// One node's part that hands out tasks.
struct Node {
    let longPoll: LongPoll
    let fetcher: ExternalTaskFetcher
    private let notifier: Notifier
    private let listener: WorkListener

    init(_ database: Database, pool: Pool? = nil, adjust: (inout WaiterList.Limits) -> Void = { _ in }) {
        var limits = WaiterList.Limits()
        limits.checkInterval = .seconds(10_000)  // What is found is not found by the safety check.
        adjust(&limits)
        let channel: SQLIdentifier = "baton_test"
        let node = UInt64.random(in: .min ... .max)
        let pool = pool ?? database.pool
        let notifier = Notifier(database.settings, channel: channel, node: node, logger: TestServer.logger)
        longPoll = LongPoll(
            limits: limits,
            check: { try await pool.look(atTopics: $0) },
            announce: { notifier.announce($0) },
            logger: TestServer.logger
        )
        fetcher = ExternalTaskFetcher(pool: pool, longPoll: longPoll, logger: TestServer.logger) { id in
            throw Rejection.definitionNotFound(id: id.rawValue)
        }
        self.notifier = notifier
        listener = WorkListener(
            Listener(database.settings, channel: channel, logger: TestServer.logger),
            longPoll: longPoll,
            node: node,
            logger: TestServer.logger
        )
    }

    /// Calls `body` while the node runs and listens.
    func running(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await longPoll.run() }
            group.addTask { await notifier.run() }
            group.addTask { await listener.run() }
            group.addTask {
                while !listener.isListening { await _Concurrency.Task.yield() }
                try await body()
            }
            try await group.next()
            group.cancelAll()
        }
    }

    func fetch(
        _ topics: String...,
        by worker: WorkerID = "w",
        max: Int = 10,
        lock: Int64 = 60_000,
        wait: Duration? = nil,
        adjust: (inout TopicRequest) -> Void = { _ in }
    ) async throws -> [LockedTask] {
        let requests = topics.map { topic in
            var request = TopicRequest(topic: topic, lockMilliseconds: lock)
            adjust(&request)
            return request
        }
        return try await fetcher.fetchAndLock(
            FetchRequest(worker: worker, maxTasks: max, topics: requests, timeout: wait)
        )
    }

    /// Returns when so many polls are parked.
    func parked(_ count: Int) async {
        while longPoll.parkedCount != count { await _Concurrency.Task.yield() }
    }
}
