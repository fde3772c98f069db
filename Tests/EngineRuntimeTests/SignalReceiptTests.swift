import BPMN
import EngineStore
import Postgres
import TestSupport
import Testing

@testable import EngineCore
@testable import EngineRuntime

/// Whatever dies while a signal is given, and whoever takes it over.
@Suite struct `A signal that a process has thrown` {
    @Suite(.database) struct `before the commit of a start, when its session dies` {
        @Test func `starts it with the next attempt, and the others not again`() async throws {
            try await RunningEngine.nodes(2) { engines in
                try await engines[0].deploy(starting: ["first", "second"])
                try await engines[0].run(Scripts.dyingAtCommit)
                try await engines[0].abandonSignal()
                await engines[0].deliverAbandonedSignals()
                #expect(try await engines[0].starts("first") == 1)
                #expect(try await engines[0].starts("second") == 0)
                #expect(try await engines[0].count("thrown_signal") == 1)
                try await engines[0].run(Scripts.livingOn)
                try await engines[1].takeOver()
                #expect(try await engines[1].starts("first") == 1)
                #expect(try await engines[1].starts("second") == 1)
                try await engines[1].expectNothingLeft()
            }
        }
    }

    @Suite(.database) struct `after the commit of the starts, when the node dies before it says so` {
        @Test func `starts nothing again`() async throws {
            try await RunningEngine.nodes(2) { engines in
                try await engines[0].deploy(starting: ["first", "second"])
                try await engines[0].run(Scripts.dyingAfterAll)
                try await engines[0].abandonSignal()
                await engines[0].deliverAbandonedSignals()
                #expect(try await engines[0].count("thrown_signal") == 1)
                try await engines[0].run(Scripts.livingOn)
                try await engines[1].takeOver()
                #expect(try await engines[1].starts("first") == 1)
                #expect(try await engines[1].starts("second") == 1)
                try await engines[1].expectNothingLeft()
            }
        }

        @Test func `starts nothing again when a version is deployed meanwhile`() async throws {
            try await RunningEngine.one { engine in
                try await engine.deploy(starting: ["again"], on: "again")
                try await engine.run(Scripts.dyingAfterAll)
                try await engine.abandonSignal("again")
                await engine.deliverAbandonedSignals()
                try await engine.run(Scripts.livingOn)
                try await engine.deploy(starting: ["again"], on: "again", comment: "version 2")
                try await engine.takeOver()
                #expect(try await engine.starts("again") == 1)
                try await engine.expectNothingLeft()
            }
        }
    }

    @Suite(.database, .serialized) struct `while two nodes give it` {
        @Test func `starts each process once, whichever is first`() async throws {
            try await RunningEngine.nodes(2) { engines in
                try await engines[0].deploy(starting: ["first", "second"])
                try await engines[0].run(Scripts.waitingAtInsert)
                let gate = try await Database.current.connect()
                try await gate.run(Scripts.closeGate)
                try await engines[0].abandonSignal()
                async let one: Void = engines[0].deliverAbandonedSignals()
                try await engines[0].untilWaiting(1)
                async let other: Void = engines[1].takeOver()
                try await engines[0].untilWaiting(2)
                #expect(try await engines[0].starts("first") == 1)
                try await gate.run(Scripts.openGate)
                _ = try await (one, other)
                await gate.close()
                #expect(try await engines[0].starts("first") == 1)
                #expect(try await engines[0].starts("second") == 1)
                try await engines[0].expectNothingLeft()
            }
        }

        @Test func `starts nothing any more for the one that wakes up when all is done`() async throws {
            try await RunningEngine.nodes(2) { engines in
                try await engines[0].deploy(starting: ["slow"], on: "slow")
                try await engines[0].abandonSignal("slow")
                let signal = try #require(try await engines[0].pool.run(ClaimThrownSignals(limit: 1)).first)
                let failure = try await engines[0].broadcast(signal) {
                    try await engines[1].takeOver()
                    #expect(try await engines[1].starts("slow") == 1)
                    try await engines[1].expectNothingLeft()
                }
                #expect(failure.first == nil)
                #expect(try await engines[0].starts("slow") == 1)
            }
        }

        @Test func `comes once to a boundary event that does not interrupt`() async throws {
            try await RunningEngine.nodes(2) { engines in
                let hosting = try await engines[0].deployHosting(on: "race")
                for _ in 0..<5 {
                    _ = try await engines[0].start(hosting)
                    try await engines[0].abandonSignal("race")
                    let signal = try #require(try await engines[0].pool.run(ClaimThrownSignals(limit: 1)).first)
                    let rows = WaitingExecutions.rows
                    let query = WaitingExecutions(for: .signal, named: "race").list(limit: 100)
                    let waiting = try await engines[0].pool.run(query, rows: rows)
                    for one in waiting {
                        let delivery = EventDelivery(
                            owner: one.execution,
                            kind: .signal,
                            name: "race",
                            subscription: one.subscription,
                            signal: signal.id
                        )
                        let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                            for index in 0..<8 {
                                group.addTask { try await engines[index % 2].deliver(delivery) != nil }
                            }
                            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                        }
                        #expect(taken == 1)
                    }
                    try await engines[0].pool.run(DeleteThrownSignals([signal.id]))
                }
                // The first one waited for five signals, the last one for one.
                #expect(try await engines[0].tasks(at: "heard") == 15)
                #expect(try await engines[0].count("signal_receipt") == 0)
            }
        }
    }

    @Suite(.database) struct `when it is tried again for some` {
        @Test func `does not come again to a boundary event that does not interrupt`() async throws {
            try await RunningEngine.one { engine in
                let hosting = try await engine.deployHosting(on: "alarm")
                for _ in 0..<2 { _ = try await engine.start(hosting) }
                try await engine.deploy(starting: ["second"])
                try await engine.run(Scripts.failing)
                try await engine.abandonSignal()
                for _ in 0..<3 {
                    try await engine.takeOver()
                    #expect(try await engine.tasks(at: "heard") == 2)
                    #expect(try await engine.count("thrown_signal") == 1)
                }
                try await engine.run(Scripts.livingOn)
                try await engine.takeOver()
                #expect(try await engine.tasks(at: "heard") == 2)
                #expect(try await engine.starts("second") == 1)
                try await engine.expectNothingLeft()
                // Another signal comes to them again.
                try await engine.abandonSignal()
                try await engine.takeOver()
                #expect(try await engine.tasks(at: "heard") == 4)
                #expect(try await engine.starts("second") == 2)
            }
        }
    }
}

extension Engine {
    fileprivate func run(_ script: SQLScript) async throws {
        try await pool.withSession { session in try await session.run(script) }
    }

    /// Deploys processes that a signal starts, the first of them first.
    fileprivate func deploy(starting keys: [String], on signal: String = "alarm", comment: String = "") async throws {
        for key in keys {
            let content = """
                <startEvent id='s'><signalEventDefinition signalRef='g'/></startEvent>
                <serviceTask id='t' camunda:type='external' camunda:topic='t'/>
                <sequenceFlow id='f' sourceRef='s' targetRef='t'/>
                """
            try await deploy(key, content, signal, comment)
        }
    }

    /// Deploys a process with a boundary event that does not interrupt.
    fileprivate func deployHosting(on signal: String) async throws -> DefinitionReference {
        let content = """
            <startEvent id='s'/><serviceTask id='host' camunda:type='external' camunda:topic='t'/>
            <boundaryEvent id='b' attachedToRef='host' cancelActivity='false'>
              <signalEventDefinition signalRef='g'/>
            </boundaryEvent>
            <serviceTask id='heard' camunda:type='external' camunda:topic='t'/>
            <sequenceFlow id='f' sourceRef='s' targetRef='host'/><sequenceFlow id='k' sourceRef='b' targetRef='heard'/>
            """
        try await deploy("hosting", content, signal, "")
        return .key("hosting", tenantID: nil)
    }

    private func deploy(_ key: String, _ content: String, _ signal: String, _ comment: String) async throws {
        let xml = """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
              <!-- \(comment) --><signal id='g' name='\(signal)'/>
              <process id="\(key)" isExecutable="true">\(content)</process>
            </definitions>
            """
        _ = try await deploy(
            NewDeployment(name: key, resources: [.init(name: "\(key).bpmn", content: Array(xml.utf8))])
        )
    }

    /// A signal whose node is gone and whose lease has run out.
    fileprivate func abandonSignal(_ name: String = "alarm") async throws {
        try await pool.run(AbandonedSignal(name: name, secondsOfLease: -1))
    }

    /// Gives what others hold and have not given.
    fileprivate func takeOver() async throws {
        try await pool.run(ExpiredLeases())
        await deliverAbandonedSignals()
    }

    fileprivate func starts(_ key: String) async throws -> Int64 {
        try await count("select count(*) from process_instance where definition_key = ", key)
    }

    fileprivate func tasks(at activity: String) async throws -> Int64 {
        try await count("select count(*) from external_task where activity_id = ", activity)
    }

    /// Returns when so many sessions wait at the gate.
    fileprivate func untilWaiting(_ sessions: Int64) async throws {
        let waiting: StaticString = """
            select count(*) from pg_locks
            where not granted and database = (select oid from pg_database where datname = current_database())
                and locktype =
            """
        while try await count(waiting, "advisory") < sessions { await Task.yield() }
    }

    fileprivate func expectNothingLeft() async throws {
        #expect(try await count("thrown_signal") == 0)
        #expect(try await count("signal_receipt") == 0)
    }

    private func count(_ sql: StaticString, _ parameter: String) async throws -> Int64 {
        var query = DynamicQuery("Count", "")
        query.append(sql, parameter)
        return try await pool.run(query, rows: RowDecoder(Int64.self)).first ?? 0
    }
}

/// What goes wrong in the database, until ``livingOn``.
private enum Scripts {
    /// Sessions die when the commit has begun that starts `second`.
    static let dyingAtCommit = SQLScript(
        name: "dyingAtCommit",
        trusted: """
            create function die() returns trigger language plpgsql as $$
            begin
                perform pg_terminate_backend(pg_backend_pid());
                return null;
            end $$;
            create constraint trigger die after insert on process_instance
                deferrable initially deferred for each row
                when (new.definition_key = 'second') execute function die();
            """
    )
    /// Sessions die that say that all have a signal.
    static let dyingAfterAll = SQLScript(
        name: "dyingAfterAll",
        trusted: """
            create or replace function die() returns trigger language plpgsql as $$
            begin
                perform pg_terminate_backend(pg_backend_pid());
                return null;
            end $$;
            create trigger die before delete on thrown_signal for each row execute function die();
            """
    )
    /// The start of `second` fails with what may pass.
    static let failing = SQLScript(
        name: "failing",
        trusted: """
            create function die() returns trigger language plpgsql as $$
            begin
                raise exception 'not now';
            end $$;
            create trigger die before insert on process_instance for each row
                when (new.definition_key = 'second') execute function die();
            """
    )
    static let livingOn = SQLScript(
        name: "livingOn",
        trusted: """
            drop trigger if exists die on process_instance;
            drop trigger if exists die on thrown_signal;
            """
    )
    /// The start of `second` waits before it writes.
    static let waitingAtInsert = SQLScript(
        name: "waitingAtInsert",
        trusted: """
            create function wait() returns trigger language plpgsql as $$
            begin
                perform pg_advisory_xact_lock_shared(77);
                return new;
            end $$;
            create trigger wait before insert on process_instance for each row
                when (new.definition_key = 'second') execute function wait();
            """
    )
    static let closeGate = SQLScript(name: "closeGate", trusted: "select pg_advisory_lock(77)")
    static let openGate = SQLScript(name: "openGate", trusted: "select pg_advisory_unlock(77)")
}
