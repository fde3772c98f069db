import EngineCore
import EngineRuntime
import EngineStore
import FoundationEssentials
import Postgres
import TestSupport
import Testing

@Suite(.database) struct `Commands` {
    @Test func `take an instance from its start to its end, and leave only history`() async throws {
        try await RunningEngine.one { engine in
            let process = try await engine.deploy("whole", oneTask("whole"))
            let started = try await engine.start(
                process,
                businessKey: "k",
                variables: [VariableInput(name: "a", value: .integer(1))]
            )
            #expect(!started.isEnded)
            #expect(started.variables == [VariableInput(name: "a", value: .integer(1))])

            let task = try #require(try await engine.fetch("whole").first)
            #expect(task.processInstanceID == started.id)
            #expect(task.businessKey == "k")
            #expect(task.variables.map(\.name) == ["a"])
            try await engine.completeExternalTask(
                task.id.description,
                worker: "worker",
                variables: [VariableInput(name: "b", value: .string("x"))]
            )

            await #expect(throws: Rejection.externalTaskNotFound(task.id.description)) {
                try await engine.completeExternalTask(task.id.description, worker: "worker")
            }
            #expect(try await engine.count("process_instance where definition_key = 'whole'") == 0)
            #expect(try await engine.count("external_task where definition_key = 'whole'") == 0)
            #expect(try await engine.count("history_process_instance where definition_key = 'whole'") == 1)
            #expect(try await engine.count("history_activity where definition_key = 'whole'") == 3)
            #expect(try await engine.count("history_variable where name in ('a', 'b')") == 2)
            #expect(try await engine.count("history_external_task_log where definition_key = 'whole'") == 2)
        }
    }

    @Test func `of many callers share batches, and each gets its own answer`() async throws {
        try await RunningEngine.one { engine in
            let process = try await engine.deploy("many", oneTask("many"))
            let ids = try await withThrowingTaskGroup(of: ProcessInstanceID.self) { group in
                for _ in 0..<300 { group.addTask { try await engine.start(process).id } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(ids.count == 300)
            let tasks = try await engine.fetch("many", limit: 300)
            #expect(tasks.count == 300)
            // Every task is completed twice at once: one of the two is told that the task is gone.
            let answers = await withTaskGroup(of: Bool.self) { group in
                for task in tasks + tasks {
                    group.addTask {
                        (try? await engine.completeExternalTask(task.id.description, worker: "worker")) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(answers == 300)
            #expect(try await engine.count("history_process_instance where definition_key = 'many'") == 300)
        }
    }

    @Test func `that are rejected leave the others of their batch alone`() async throws {
        try await RunningEngine.one(lanes: 1) { engine in
            let process = try await engine.deploy(
                "picky",
                """
                <startEvent id='s'/><exclusiveGateway id='g'/><task id='a'/><task id='b'/>
                <sequenceFlow id='f' sourceRef='s' targetRef='g'/>
                <sequenceFlow id='f1' sourceRef='g' targetRef='a'><conditionExpression>${n == 1}</conditionExpression></sequenceFlow>
                <sequenceFlow id='f2' sourceRef='g' targetRef='b'><conditionExpression>${n == 2}</conditionExpression></sequenceFlow>
                """
            )
            let done = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<90 {
                    let variable = VariableInput(name: "n", value: .integer(Int32(number % 3)))
                    group.addTask { (try? await engine.start(process, variables: [variable]).isEnded) ?? false }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(done == 60)
            #expect(try await engine.count("history_process_instance where definition_key = 'picky'") == 60)
        }
    }

    @Test func `that the database refuses hurt nobody else`() async throws {
        try await RunningEngine.one(lanes: 1) { engine in
            let process = try await engine.deploy("poison", oneTask("poison"))
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<40 {
                    // PostgreSQL text cannot hold the character NUL.
                    let text = number % 10 == 0 ? "a\u{0}b" : "fine"
                    let variable = VariableInput(name: "text", value: .string(text))
                    group.addTask { (try? await engine.start(process, variables: [variable])) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(outcomes == 36)
            #expect(try await engine.count("process_instance where definition_key = 'poison'") == 36)
        }
    }

    @Test func `that wait for a task that somebody holds hold up nobody else`() async throws {
        try await RunningEngine.one { engine in
            let process = try await engine.deploy("stuck", oneTask("stuck"))
            _ = try await engine.start(process)
            let request = FetchRequest(
                worker: "w",
                maxTasks: 1,
                topics: [TopicRequest(topic: "stuck", lockMilliseconds: 60_000)]
            )
            let task = try #require(try await engine.fetchAndLock(request).first)
            let holder = try await Database.current.connect()
            var pipeline = Pipeline()
            pipeline.begin()
            var hold = DynamicQuery("Hold", "select id from external_task where id = ")
            hold.append("", task.id.rawValue, " for update")
            let held = pipeline.add(hold, rows: RowDecoder { (id: UUID) in id })
            #expect(try await holder.execute(pipeline)[held].count == 1)
            async let extended: Void = engine.extendExternalTaskLock(
                task.id.description,
                worker: "w",
                milliseconds: 90_000
            )
            // Would wait for the one above, which would then be refused by the lock time-out.
            for _ in 0..<20 { _ = try await engine.start(process) }
            var end = Pipeline()
            end.commit()
            _ = try await holder.execute(end)
            try await extended
            await holder.close()
        }
    }

    @Test func `on one instance from two nodes are both carried out`() async throws {
        try await RunningEngine.nodes(2) { nodes in
            let process = try await nodes[0].deploy(
                "wide",
                """
                <startEvent id='s'/><serviceTask id='work' camunda:type='external' camunda:topic='wide'>
                <multiInstanceLoopCharacteristics><loopCardinality>200</loopCardinality></multiInstanceLoopCharacteristics></serviceTask>
                <sequenceFlow id='f' sourceRef='s' targetRef='work'/>
                """
            )
            _ = try await nodes[1].start(process)
            let tasks = try await nodes[0].fetch("wide", limit: 200)
            #expect(tasks.count == 200)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, task) in tasks.enumerated() {
                    group.addTask {
                        try await nodes[number % 2].completeExternalTask(task.id.description, worker: "worker")
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await nodes[0].count("history_process_instance where definition_key = 'wide'") == 1)
            #expect(try await nodes[0].count("history_activity where definition_key = 'wide'") == 202)
            #expect(try await nodes[0].count("token where definition_id like 'wide:%'") == 0)
            #expect(try await nodes[0].count("variable where name = 'loopCounter'") == 0)
        }
    }

    @Test func `of a join meet, whichever node they come through`() async throws {
        try await RunningEngine.nodes(3) { nodes in
            let branches = (0..<20).map {
                "<serviceTask id='t\($0)' camunda:type='external' camunda:topic='join'/><sequenceFlow id='a\($0)' sourceRef='fork' targetRef='t\($0)'/><sequenceFlow id='b\($0)' sourceRef='t\($0)' targetRef='join'/>"
            }
            let process = try await nodes[0].deploy(
                "joining",
                "<startEvent id='s'/><parallelGateway id='fork'/><parallelGateway id='join'/><sequenceFlow id='f' sourceRef='s' targetRef='fork'/>"
                    + branches.joined()
            )
            for _ in 0..<5 { _ = try await nodes[0].start(process) }
            let tasks = try await nodes[0].fetch("join", limit: 100)
            #expect(tasks.count == 100)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, task) in tasks.shuffled().enumerated() {
                    group.addTask {
                        try await nodes[number % 3].completeExternalTask(task.id.description, worker: "worker")
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await nodes[0].count("history_process_instance where definition_key = 'joining'") == 5)
            #expect(
                try await nodes[0].count("history_activity where definition_key = 'joining' and activity_id = 'join'")
                    == 100
            )
        }
    }

    @Test func `load large values only when an expression needs them`() async throws {
        try await RunningEngine.one { engine in
            let process = try await engine.deploy(
                "large",
                """
                <startEvent id='s'/><serviceTask id='first' camunda:type='external' camunda:topic='large'/>
                <serviceTask id='each' camunda:type='external' camunda:topic='each'>
                <multiInstanceLoopCharacteristics camunda:collection='list' camunda:elementVariable='item'/></serviceTask>
                <sequenceFlow id='f' sourceRef='s' targetRef='first'/><sequenceFlow id='g' sourceRef='first' targetRef='each'/>
                """
            )
            let json = "[" + (0..<3000).map(String.init).joined(separator: ",") + "]"
            let list = VariableValue.object(
                ObjectValue(text: json, typeName: "java.util.ArrayList", format: "application/json")
            )
            _ = try await engine.start(process, variables: [VariableInput(name: "list", value: list)])
            let task = try #require(try await engine.fetch("large").first)
            try await engine.completeExternalTask(task.id.description, worker: "worker")
            #expect(try await engine.count("external_task where topic = 'each'") == 3000)
        }
    }
}

@Suite(.database) struct `Two nodes` {
    @Test func `wake each other's polls`() async throws {
        // Without a safety check, only a wake-up can end a poll before its time-out.
        try await RunningEngine.nodes(2, checkInterval: .seconds(3600)) { nodes in
            let process = try await nodes[0].deploy("wake", oneTask("wake"))
            for _ in 0..<50 {
                async let fetched = nodes[1].fetch("wake", timeout: .seconds(600))
                while nodes[1].longPoll.parkedCount == 0 { await Task.yield() }
                _ = try await nodes[0].start(process)
                #expect(try await fetched.count == 1)
            }
        }
    }

    @Test func `hand a task on when its lock runs out`() async throws {
        try await RunningEngine.nodes(2) { nodes in
            let process = try await nodes[0].deploy("expire", oneTask("expire"))
            _ = try await nodes[0].start(process)
            let first = try #require(try await nodes[0].fetch("expire", worker: "one", lockMilliseconds: 300).first)
            let second = try #require(try await nodes[1].fetch("expire", worker: "two", timeout: .seconds(20)).first)
            #expect(second.id == first.id)
            await #expect(throws: Rejection.externalTaskNotHeld(first.id, by: "one", owner: "two", doing: .complete)) {
                try await nodes[0].completeExternalTask(first.id.description, worker: "one")
            }
            try await nodes[0].completeExternalTask(second.id.description, worker: "two")
        }
    }
}
