import EngineCore
import EngineRuntime
import EngineStore
import Postgres
import TestSupport
import Testing

@Suite(.database, .serialized) struct `Events for many` {
    private static let namespaces = """
        xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="test"
        """

    /// Deploys a process that waits for an event and one that it starts, both with a task after it.
    ///
    /// - Returns: The process that waits; it cannot go on when its variable `works` is missing.
    private func deploy(_ event: String, _ definition: String, on engine: Engine) async throws -> DefinitionReference {
        let xml = """
            <definitions \(Self.namespaces)>
              <message id='m' name='\(event)'/><signal id='g' name='\(event)'/>
              <process id="\(event)-waits" isExecutable="true">
                <startEvent id='s'/><intermediateCatchEvent id='w'>\(definition)</intermediateCatchEvent>
                <exclusiveGateway id='x'/>
                <serviceTask id='\(event)' camunda:type='external' camunda:topic='after'/>
                <sequenceFlow id='a' sourceRef='s' targetRef='w'/><sequenceFlow id='b' sourceRef='w' targetRef='x'/>
                <sequenceFlow id='c' sourceRef='x' targetRef='\(event)'>
                  <conditionExpression xsi:type='tFormalExpression'>${works}</conditionExpression>
                </sequenceFlow>
                <endEvent id='e'/><sequenceFlow id='d' sourceRef='x' targetRef='e'>
                  <conditionExpression xsi:type='tFormalExpression'>${!works}</conditionExpression>
                </sequenceFlow>
              </process>
              <process id="\(event)-starts" isExecutable="true">
                <startEvent id='s2'>\(definition)</startEvent>
                <serviceTask id='t' camunda:type='external' camunda:topic='after'/>
                <sequenceFlow id='a2' sourceRef='s2' targetRef='t'/>
              </process>
            </definitions>
            """
        _ = try await engine.deploy(
            NewDeployment(name: event, resources: [.init(name: "\(event).bpmn", content: Array(xml.utf8))])
        )
        return .key("\(event)-waits", tenantID: nil)
    }

    private static let message = "<messageEventDefinition messageRef='m'/>"
    private static let signal = "<signalEventDefinition signalRef='g'/>"
    private static let works = [VariableInput(name: "works", value: .boolean(true))]

    @Test func `as messages reach the others and the start events when one cannot go on`() async throws {
        try await RunningEngine.one { engine in
            let waits = try await deploy("owed", Self.message, on: engine)
            let before = try await engine.count("external_task")
            _ = try await engine.start(waits)
            for _ in 0..<2 { _ = try await engine.start(waits, variables: Self.works) }
            await #expect(throws: Rejection.self) {
                _ = try await engine.correlateAll(MessageCorrelation(name: "owed"))
            }
            #expect(try await engine.count("external_task") - before == 3)
        }
    }

    @Test func `as signals reach the others and the start events when one cannot go on`() async throws {
        try await RunningEngine.one { engine in
            let waits = try await deploy("fire", Self.signal, on: engine)
            let before = try await engine.count("external_task")
            _ = try await engine.start(waits)
            for _ in 0..<2 { _ = try await engine.start(waits, variables: Self.works) }
            await #expect(throws: Rejection.self) { try await engine.broadcast(SignalBroadcast(name: "fire")) }
            #expect(try await engine.count("external_task") - before == 3)
        }
    }

    @Test func `as thrown signals are not tried again for one that the process keeps from going on`() async throws {
        try await RunningEngine.one { engine in
            let waits = try await deploy("flood", Self.signal, on: engine)
            let before = try await engine.count("external_task")
            _ = try await engine.start(waits)
            _ = try await engine.start(waits, variables: Self.works)
            try await engine.pool.run(AbandonedSignal(name: "flood", secondsOfLease: -1))
            await engine.deliverAbandonedSignals()
            #expect(try await engine.count("external_task") - before == 2)
            #expect(try await engine.count("thrown_signal") == 0)
        }
    }

    @Test func `as thrown signals start once, and are tried again for those whom the database kept from it`()
        async throws
    {
        try await RunningEngine.one { engine in
            let stuck = try await deploy("stuck", Self.signal, on: engine)
            let next = try await deploy("next", Self.signal, on: engine)
            let before = try await engine.count("external_task")
            _ = try await engine.start(stuck, variables: Self.works)
            _ = try await engine.start(next, variables: Self.works)
            try await engine.pool.run(AbandonedSignal(name: "stuck", secondsOfLease: -1))
            try await engine.pool.run(AbandonedSignal(name: "next", secondsOfLease: -1))
            try await engine.pool.run(FailingFunction())
            try await engine.pool.run(FailingTrigger())
            for _ in 0..<3 {
                try await engine.pool.run(ExpiredLeases())
                await engine.deliverAbandonedSignals()
                // Both processes that are started, and the one that waited for the other signal.
                #expect(try await engine.count("external_task") - before == 3)
                #expect(try await engine.count("thrown_signal") == 1)
            }
            try await engine.pool.run(NoFailingTrigger())
            try await engine.pool.run(ExpiredLeases())
            await engine.deliverAbandonedSignals()
            #expect(try await engine.count("external_task") - before == 4)
            #expect(try await engine.count("thrown_signal") == 0)

            _ = try await engine.start(stuck, variables: Self.works)
            try await engine.pool.run(FailingTrigger())
            try await engine.pool.run(AbandonedSignal(name: "stuck", secondsOfLease: -1, attempts: 19))
            await engine.deliverAbandonedSignals()
            #expect(try await engine.count("thrown_signal") == 0)
            try await engine.pool.run(NoFailingTrigger())
        }
    }

    @Test func `as thrown signals are renewed only by whoever has the lease`() async throws {
        try await RunningEngine.one { engine in
            try await engine.pool.run(AbandonedSignal(name: "nobody", secondsOfLease: -1))
            let taken = try #require(try await engine.pool.run(ClaimThrownSignals(limit: 1)).first)
            let renewal = RenewThrownSignal(taken.id, lease: taken.lease, beginsAttempt: true)
            #expect(try await engine.pool.run(renewal).count == 1)
            #expect(try await engine.pool.run(renewal).isEmpty)
            #expect(try await engine.pool.run(ReadThrownSignals([taken.id])).isEmpty)
            try await engine.pool.run(DeleteThrownSignals([taken.id]))
        }
    }
}

/// Refuses whatever it is asked about, with an error that may pass.
private struct FailingFunction: Statement {
    static let sql: SQLText = """
        create function fails() returns trigger language plpgsql as 'begin raise exception ''not now''; end'
        """
    static let parameters = ParameterEncoder<FailingFunction>()
}

private struct FailingTrigger: Statement {
    static let sql: SQLText = """
        create trigger fails before insert on external_task
        for each row when (new.activity_id = 'stuck') execute function fails()
        """
    static let parameters = ParameterEncoder<FailingTrigger>()
}

private struct NoFailingTrigger: Statement {
    static let sql: SQLText = "drop trigger fails on external_task"
    static let parameters = ParameterEncoder<NoFailingTrigger>()
}
