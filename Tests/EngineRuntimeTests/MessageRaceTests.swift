import BPMN
import EngineCore
import EngineRuntime
import EngineStore
import Postgres
import TestSupport
import Testing

@Suite(.database, .serialized) struct `Messages that race` {
    private static let messages = "<message id='m' name='paid'/>"

    private func deploy(_ key: String, _ content: String, on engine: Engine) async throws -> DefinitionReference {
        let xml = """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
              \(Self.messages)<process id="\(key)" isExecutable="true">\(content)</process>
            </definitions>
            """
        _ = try await engine.deploy(
            NewDeployment(name: key, resources: [.init(name: "\(key).bpmn", content: Array(xml.utf8))])
        )
        return .key(key, tenantID: nil)
    }

    private static let receiving = """
        <startEvent id='s'/><receiveTask id='w' messageRef='m'/>
        <serviceTask id='after' camunda:type='external' camunda:topic='after'/>
        <sequenceFlow id='a' sourceRef='s' targetRef='w'/><sequenceFlow id='b' sourceRef='w' targetRef='after'/>
        """

    @Test func `for one who waits are given to it exactly once, on whatever nodes`() async throws {
        try await RunningEngine.nodes(2) { engines in
            let definition = try await deploy("race", Self.receiving, on: engines[0])
            for round in 0..<10 {
                let key = "race-\(round)"
                _ = try await engines[0].start(definition, businessKey: key)
                var message = MessageCorrelation(name: "paid")
                message.businessKey = key
                let wins = await withTaskGroup(of: Bool.self) { group in
                    for index in 0..<8 {
                        let (engine, message) = (engines[index % 2], message)
                        group.addTask { (try? await engine.correlate(message)) != nil }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(wins == 1)
            }
            #expect(try await engines[0].count("external_task") == 10)
            #expect(try await engines[0].count("event_subscription") == 0)
            #expect(try await engines[0].count("token") == 0)
        }
    }

    @Test func `for all are given to each of them`() async throws {
        try await RunningEngine.one { engine in
            let definition = try await deploy("all", Self.receiving, on: engine)
            let before = try await engine.count("external_task")
            for _ in 0..<30 { _ = try await engine.start(definition) }
            let results = try await engine.correlateAll(MessageCorrelation(name: "paid"))
            #expect(results.count == 30)
            #expect(try await engine.count("external_task") - before == 30)
        }
    }

    @Test func `with the end of the activity leave either the event or its flow`() async throws {
        let hosting = """
            <startEvent id='s'/><serviceTask id='host' camunda:type='external' camunda:topic='host'/>
            <boundaryEvent id='b' attachedToRef='host'><messageEventDefinition messageRef='m'/></boundaryEvent>
            <receiveTask id='done'/><receiveTask id='late'/>
            <sequenceFlow id='f1' sourceRef='s' targetRef='host'/><sequenceFlow id='f2' sourceRef='host' targetRef='done'/>
            <sequenceFlow id='f3' sourceRef='b' targetRef='late'/>
            """
        try await RunningEngine.nodes(2) { engines in
            let definition = try await deploy("hosting", hosting, on: engines[0])
            let before = try await engines[0].count("token")
            for _ in 0..<10 {
                _ = try await engines[0].start(definition, businessKey: "host")
                let task = try #require(try await engines[0].fetch("host").first)
                async let completed: Void? = try? engines[0].completeExternalTask(task.id.description, worker: "worker")
                async let told = try? engines[1].correlate(MessageCorrelation(name: "paid"))
                let (isCompleted, isTold) = (await completed != nil, await told != nil)
                #expect(isCompleted != isTold)
            }
            #expect(try await engines[0].count("token") - before == 10)
            #expect(try await engines[0].count("event_subscription") == 0)
        }
    }
}

@Suite(.database, .serialized) struct `Signals that processes throw` {
    private func deploy(
        _ key: String,
        _ content: String,
        signal: String = "alarm",
        on engine: Engine
    ) async throws -> DefinitionReference {
        let xml = """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
              <signal id='g' name='\(signal)'/><process id="\(key)" isExecutable="true">\(content)</process>
            </definitions>
            """
        _ = try await engine.deploy(
            NewDeployment(name: key, resources: [.init(name: "\(key).bpmn", content: Array(xml.utf8))])
        )
        return .key(key, tenantID: nil)
    }

    private static let hearing = """
        <startEvent id='s'/><startEvent id='woken'><signalEventDefinition signalRef='g'/></startEvent>
        <intermediateCatchEvent id='w'><signalEventDefinition signalRef='g'/></intermediateCatchEvent>
        <serviceTask id='after' camunda:type='external' camunda:topic='after'/>
        <sequenceFlow id='a' sourceRef='s' targetRef='w'/><sequenceFlow id='b' sourceRef='w' targetRef='after'/>
        <sequenceFlow id='c' sourceRef='woken' targetRef='after'/>
        """
    private static let throwing = """
        <startEvent id='s'/><endEvent id='t'><signalEventDefinition signalRef='g'/></endEvent>
        <sequenceFlow id='a' sourceRef='s' targetRef='t'/>
        """

    @Test func `reach all other instances and start events before the caller is answered`() async throws {
        try await RunningEngine.nodes(2) { engines in
            let hearing = try await deploy("hearing", Self.hearing, on: engines[0])
            let throwing = try await deploy("throwing", Self.throwing, on: engines[0])
            for _ in 0..<5 { _ = try await engines[1].start(hearing) }
            let started = try await engines[0].start(throwing)
            #expect(started.isEnded)
            #expect(try await engines[0].count("external_task") == 6)
            #expect(try await engines[0].count("thrown_signal") == 0)
            #expect(try await engines[0].count("token") == 0)
        }
    }

    @Test func `of a node that is gone are delivered by another, once their lease has run out`() async throws {
        try await RunningEngine.one { engine in
            let hearing = try await deploy("late", Self.hearing, signal: "late", on: engine)
            let before = try await engine.count("external_task")
            _ = try await engine.start(hearing)
            try await engine.pool.run(AbandonedSignal(name: "late", secondsOfLease: 30))
            await engine.deliverAbandonedSignals()
            #expect(try await engine.count("external_task") - before == 0)
            try await engine.pool.run(ExpiredLeases())
            await engine.deliverAbandonedSignals()
            // The one that waited, and the one that was started.
            #expect(try await engine.count("external_task") - before == 2)
            #expect(try await engine.count("thrown_signal") == 0)
        }
    }
}
