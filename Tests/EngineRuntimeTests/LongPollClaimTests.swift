import EngineCore
import EngineRuntime
import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import EngineStore

@Suite(.database) struct `Fetching external tasks` {
    private var rows: TaskRows { TaskRows(runner: Database.current.pool) }

    @Test(arguments: [
        (FetchOrder(), [0, 1, 2, 3]),
        (FetchOrder(createTime: .ascending), [0, 1, 2, 3]),
        (FetchOrder(createTime: .descending), [3, 2, 1, 0]),
        (FetchOrder(usePriority: true), [1, 3, 0, 2]),
        (FetchOrder(usePriority: true, createTime: .ascending), [1, 3, 0, 2]),
        (FetchOrder(usePriority: true, createTime: .descending), [3, 1, 2, 0]),
    ])
    func `takes them in the order that was asked for`(order: FetchOrder, expected: [Int]) async throws {
        let topics = ["order-a-\(order)", "order-b-\(order)"]
        var ids: [ExternalTaskID] = []
        for index in 0..<4 {
            ids.append(
                try await rows.add(
                    TaskRows.Task(topic: topics[index / 2], priority: index % 2 == 1 ? 5 : -5, createdAt: index)
                )
            )
        }
        let node = Node(Database.current)
        let wishes = topics.map { TopicRequest(topic: $0, lockMilliseconds: 60_000) }
        var found: [ExternalTaskID] = []
        for _ in 0..<2 {
            let request = FetchRequest(worker: "w", maxTasks: 2, order: order, topics: wishes)
            found += try await node.fetcher.fetchAndLock(request).map(\.id)
        }
        #expect(found == expected.map { ids[$0] })
    }

    @Test func `locks them for the worker, in whole milliseconds, and for nobody else`() async throws {
        let node = Node(Database.current)
        try await rows.add(definition: "p:locks", versionTag: "v1", tenant: "t")
        let id = try await rows.add(TaskRows.Task(topic: "lock", businessKey: "b", definition: "p:locks"))
        let task = try #require(try await node.fetch("lock", by: "w1").first)
        #expect(task.id == id)
        #expect(task.worker == "w1")
        #expect(task.businessKey == "b")
        #expect(task.processDefinitionVersionTag == "v1")
        #expect(task.tenantID == "t")
        #expect(task.activityID == "work")
        #expect(task.lockExpiration.microseconds % 1000 == 0)
        #expect(try await node.fetch("lock", by: "w1").isEmpty)
        #expect(try await node.fetch("lock", by: "w2").isEmpty)
    }

    @Test func `passes over those that may not be claimed`() async throws {
        let node = Node(Database.current)
        try await rows.add(TaskRows.Task(topic: "not", retries: 0))
        try await rows.add(TaskRows.Task(topic: "not", isSuspended: true))
        try await rows.add(TaskRows.Task(topic: "not", worker: "v", lockedFor: 60_000))
        try await rows.add(TaskRows.Task(topic: "not", retries: 0, worker: "v", lockedFor: -5))
        try await rows.add(TaskRows.Task(topic: "not", isSuspended: true, worker: "v", lockedFor: -5))
        #expect(try await node.fetch("not").isEmpty)
    }

    @Test func `takes those whose locks have run out, whoever held them`() async throws {
        let node = Node(Database.current)
        let expired = try await rows.add(
            TaskRows.Task(topic: "expired", createdAt: 1, worker: "v", lockedFor: -5)
        )
        let free = try await rows.add(TaskRows.Task(topic: "expired", createdAt: 2))
        #expect(try await node.fetch("expired").map(\.id) == [expired, free])
        let later = try await rows.add(TaskRows.Task(topic: "expired", retries: 2, worker: "v", lockedFor: -5))
        #expect(try await node.fetch("expired").map(\.id) == [later])
    }

    @Test func `hands each out once, and all of them, to many at the same time`() async throws {
        let database = Database.current
        let nodes = (0..<4).map { _ in Node(database) }
        for index in 0..<100 { try await rows.add(TaskRows.Task(topic: "many", createdAt: index)) }
        let found = try await withThrowingTaskGroup(of: [LockedTask].self) { group in
            for worker in 0..<20 {
                group.addTask { try await nodes[worker % 4].fetch("many", by: WorkerID("w\(worker)"), max: 5) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(found.count == 100)
        #expect(Set(found.map(\.id)).count == 100)
    }

    @Test func `takes nothing for a request without topics or for no tasks`() async throws {
        let node = Node(Database.current)
        try await rows.add(TaskRows.Task(topic: "none"))
        #expect(try await node.fetch().isEmpty)
        #expect(try await node.fetch("none", max: 0).isEmpty)
        #expect(try await node.fetch("none", max: -1).isEmpty)
        #expect(try await node.fetch("none", lock: .max).count == 1)
    }

    @Test(arguments: [nil, "key"])
    func `can be refused before anything is locked`(businessKey: String?) async throws {
        let node = Node(Database.current)
        try await rows.add(definition: "p:refused-\(businessKey ?? "")")
        let task = TaskRows.Task(
            topic: "refused",
            businessKey: businessKey,
            definition: "p:refused-\(businessKey ?? "")"
        )
        try await rows.add(task)
        var topic = TopicRequest(topic: "refused", lockMilliseconds: 60_000)
        topic.deserializeValues = true
        topic.businessKey = businessKey
        let request = FetchRequest(worker: "w", maxTasks: 1, topics: [topic])
        await #expect(throws: Rejection.invalid(message: "no")) {
            try await node.fetcher.fetchAndLock(request) { _ in throw Rejection.invalid(message: "no") }
        }
        #expect(try await node.fetch("refused").count == 1)
    }

    @Test func `gives back what could not be delivered, but only that very lock`() async throws {
        let node = Node(Database.current)
        try await rows.add(TaskRows.Task(topic: "back", retries: 3))
        let first = try await node.fetch("back", by: "w")
        await node.fetcher.releaseUndelivered(first)
        let second = try await node.fetch("back", by: "w", lock: 120_000)
        #expect(second.map(\.id) == first.map(\.id))
        #expect(second.first?.retries == 3)
        await node.fetcher.releaseUndelivered(first)
        #expect(try await node.fetch("back", by: "w").isEmpty)
    }
}

@Suite(.database) struct `Variables of fetched tasks` {
    private var rows: TaskRows { TaskRows(runner: Database.current.pool) }

    /// A task in an iteration of a sub-process that is an iteration itself: every scope has `where` and its own name.
    private func addTask(topic: String) async throws {
        var task = TaskRows.Task(topic: topic, iteration: UUID())
        let (scope, scopeIteration) = (UUID(), UUID())
        task.scopes = [scope]
        let id = try await rows.add(task)
        try await rows.add(scope: scope, of: task, iteration: scopeIteration)
        let owners = [
            ("instance", task.instance), ("outer", scopeIteration), ("scope", scope),
            ("iteration", task.iteration ?? UUID()), ("task", id.rawValue),
        ]
        for (index, (name, owner)) in owners.enumerated() {
            try await rows.add(variable: name, .integer(Int32(index)), to: owner)
            for inner in owners[index...] { try await rows.add(variable: "from \(name)", .string(name), to: inner.1) }
            for (place, inner) in owners[index...].enumerated() {
                try await rows.add(variable: "in \(name)", .long(Int64(place)), to: inner.1)
            }
        }
    }

    private func variables(
        _ topic: String,
        adjust: (inout TopicRequest) -> Void = { _ in }
    ) async throws -> [String: VariableValue] {
        let tasks = try await Node(Database.current).fetch(topic, adjust: adjust)
        return Dictionary(
            tasks.flatMap(\.variables).map { ($0.name, $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    @Test func `are all that can be seen, the nearest of each name`() async throws {
        try await addTask(topic: "all")
        let found = try await variables("all")
        #expect(found.count == 15)
        #expect(found["instance"] == .integer(0))
        #expect(found["outer"] == .integer(1))
        #expect(found["scope"] == .integer(2))
        #expect(found["iteration"] == .integer(3))
        #expect(found["in instance"] == .long(4))
        #expect(found["in outer"] == .long(3))
        #expect(found["in scope"] == .long(2))
        #expect(found["in iteration"] == .long(1))
        #expect(found["in task"] == .long(0))
    }

    @Test func `are those that were asked for`() async throws {
        try await addTask(topic: "some")
        let found = try await variables("some") { $0.variables = ["in instance", "unknown"] }
        #expect(found == ["in instance": .long(4)])
        try await addTask(topic: "no")
        #expect(try await variables("no") { $0.variables = [] }.isEmpty)
        try await addTask(topic: "local")
        #expect(try await variables("local") { $0.localVariables = true }.keys.contains("instance") == false)
        try await addTask(topic: "local")
        let local = try await variables("local") {
            $0.localVariables = true
            $0.variables = ["task"]
        }
        #expect(local == ["task": .integer(4)])
    }

    @Test func `come without the content of files`() async throws {
        let id = try await rows.add(TaskRows.Task(topic: "file"))
        let file = FileValue(content: [1, 2, 3], name: "f", mimeType: nil, encoding: nil)
        try await rows.add(variable: "f", .file(file), to: id.rawValue)
        try await rows.add(variable: "b", .bytes([1, 2]), to: id.rawValue)
        let found = try await variables("file")
        #expect(found["f"] == .file(FileValue(content: [], name: "f", mimeType: nil, encoding: nil)))
        #expect(found["b"] == .bytes([1, 2]))
    }
}

@Suite(.database) struct `Filters of a fetch` {
    private typealias Adjust = @Sendable (inout TopicRequest) -> Void
    private var rows: TaskRows { TaskRows(runner: Database.current.pool) }

    /// Business keys of what a fetch with these filters takes of four instances.
    private func found(_ topic: String, _ adjust: Adjust) async throws -> [String] {
        let definitions: [(String, String?, String?)] = [
            ("1", "v1", "t1"), ("2", "v2", "t2"), ("3", nil, nil), ("4", "v_1", nil),
        ]
        for (index, definition) in definitions.enumerated() {
            let id = "p:\(topic):\(definition.0)"
            try await rows.add(definition: id, versionTag: definition.1, tenant: definition.2)
            let task = TaskRows.Task(topic: topic, createdAt: index, businessKey: definition.0, definition: id)
            try await rows.add(task)
            try await rows.add(variable: "n", index == 1 ? .long(1) : .integer(Int32(index)), to: task.instance)
            try await rows.add(variable: "s", .string(definition.0), to: task.instance)
            try await rows.add(variable: "z", index == 3 ? .null : .string(nil), to: task.instance)
        }
        return try await Node(Database.current).fetch(topic, adjust: adjust).compactMap(\.businessKey)
    }

    @Test func `take only what passes all of them`() async throws {
        #expect(try await found("key") { $0.businessKey = "2" } == ["2"])
        #expect(try await found("empty key") { $0.businessKey = "" }.isEmpty)
        #expect(try await found("id") { $0.processDefinitionID = "p:id:3" } == ["3"])
        #expect(try await found("ids") { $0.processDefinitionIDIn = ["p:ids:3", nil, "p:ids:1"] } == ["1", "3"])
        #expect(try await found("nulls") { $0.processDefinitionIDIn = [nil] }.isEmpty)
        #expect(try await found("definition key") { $0.processDefinitionKey = "p" } == ["1", "2", "3", "4"])
        #expect(try await found("no key") { $0.processDefinitionKeyIn = ["q"] }.isEmpty)
        #expect(try await found("tag") { $0.processDefinitionVersionTag = "v_" } == ["1", "2"])
        #expect(try await found("tag pattern") { $0.processDefinitionVersionTag = "v\\_1" }.isEmpty)
        #expect(try await found("tenant") { $0.tenantIDIn = ["t2"] } == ["2"])
        #expect(try await found("no tenant") { $0.withoutTenantID = true } == ["3", "4"])
        let any = try await found("any tenant") {
            $0.withoutTenantID = true
            $0.tenantIDIn = []
        }
        #expect(any == ["1", "2", "3", "4"])
        let both = try await found("both") {
            $0.businessKey = "1"
            $0.processDefinitionVersionTag = "v2"
        }
        #expect(both.isEmpty)
    }

    @Test func `by variables take what has one of them, with that value and that type`() async throws {
        func variables(_ inputs: (String, VariableValue)...) -> Adjust {
            { $0.processVariables = inputs.map { VariableInput(name: $0.0, value: $0.1) } }
        }
        #expect(try await found("integer", variables(("n", .integer(1)))).isEmpty)
        #expect(try await found("long", variables(("n", .long(1)))) == ["2"])
        #expect(try await found("or", variables(("n", .integer(0)), ("s", .string("3")))) == ["1", "3"])
        #expect(try await found("null", variables(("z", .null))) == ["4"])
        #expect(try await found("unknown", variables(("unknown", .null))).isEmpty)
    }

    @Test func `of one topic do not concern another`() async throws {
        try await rows.add(TaskRows.Task(topic: "plain"))
        try await rows.add(TaskRows.Task(topic: "filtered", businessKey: "x"))
        var filtered = TopicRequest(topic: "filtered", lockMilliseconds: 1000)
        filtered.businessKey = "y"
        let request = FetchRequest(
            worker: "w",
            maxTasks: 5,
            topics: [TopicRequest(topic: "plain", lockMilliseconds: 1000), filtered]
        )
        let node = Node(Database.current)
        #expect(try await node.fetcher.fetchAndLock(request).map(\.topic) == ["plain"])
    }
}

@Suite(.database) struct `Every claim statement` {
    @Test(
        arguments: [
            ClaimOldest.self, ClaimNewest.self, ClaimByPriority.self, ClaimByPriorityNewest.self, ClaimSettings.self,
            SweepExpired.self, NextClaimable.self, WaitedTopics.self, VisibleVariables.self, InstancesOfTasks.self,
            ReleaseUndelivered.self, ClaimOldestFrom.self, ClaimByPriorityFrom.self,
        ] as [any Statement.Type]
    )
    func `takes and returns what the schema says`(statement: any Statement.Type) async throws {
        let described = try await Database.current.describe(statement)
        #expect(described.parameters == statement.parameterTypes)
        #expect(described.columns == statement.columnTypes)
    }

    /// The planner's choice must not depend on what it believes of the tables: here, that no task is ever ready.
    @Test(arguments: [
        ("external_task_ready", "\(ClaimOldest.sql)"), ("external_task_ready", "\(ClaimNewest.sql)"),
        ("external_task_ready_by_priority", "\(ClaimByPriority.sql)"),
        ("external_task_ready_by_priority_newest", "\(ClaimByPriorityNewest.sql)"),
    ])
    func `walks the index of its order`(index: String, sql: String) async throws {
        let rows = TaskRows(runner: Database.current.pool)
        for _ in 0..<50 { try await rows.add(TaskRows.Task(topic: "a", worker: "w", lockedFor: 60_000)) }
        let lines = try await Database.current.pool.withSession { session in
            try await session.run(SQLScript(name: "Analyze", trusted: "analyze external_task"))
            let prepare = "prepare claim (text[], text[], bigint[], bigint, bigint, bigint[]) as \(sql)"
            try await session.run(SQLScript(name: "Prepare", trusted: prepare))
            var pipeline = Pipeline()
            pipeline.begin()
            pipeline.add(ClaimSettings())
            let query = DynamicQuery(
                "Explain",
                "explain execute claim (array['w'], array['a', 'b'], array[1, 2], 10, 26, array[1])"
            )
            let plan = pipeline.add(query, rows: RowDecoder(String.self))
            pipeline.rollback()
            pipeline.add(DynamicQuery("Deallocate", "deallocate claim"), rows: RowDecoder<Void>.none)
            return try await session.execute(pipeline)[plan]
        }
        #expect(lines.contains { $0.contains("using \(index) on external_task ready") })
        #expect(lines.filter { $0.contains("using external_task_pk on external_task") }.count == 2)
        #expect(!lines.contains { $0.contains("Seq Scan") || $0.contains("Bitmap") || $0.contains("Hash") })
        // Only the few candidates are sorted, not a topic's tasks.
        #expect(lines.filter { $0.contains("Sort Key") }.count == 1)
    }
}
