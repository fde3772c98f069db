import EngineCore
import EngineRuntime
import EngineStore
import FoundationEssentials
import Logging
import Postgres
import TestSupport
import Testing

/// Engines on the suite's database, running for as long as a test needs them.
enum RunningEngine {
    /// Runs `body` with as many engines (nodes) on the current database; all of them are ready.
    static func nodes<Value: Sendable>(
        _ count: Int,
        lanes: Int = 2,
        runsJobs: Bool = true,
        checkInterval: Duration = .seconds(2),
        _ body: @Sendable @escaping ([Engine]) async throws -> Value
    ) async throws -> Value {
        var configuration = Engine.Configuration(database: Database.current.settings)
        configuration.lanes = lanes
        configuration.poolSize = 6
        configuration.runsJobs = runsJobs
        configuration.longPoll.checkInterval = checkInterval
        let engines = (0..<count).map { Engine(configuration: configuration, logger: Logger(label: "node\($0)")) }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            for engine in engines {
                group.addTask {
                    try await engine.run()
                    return nil
                }
            }
            group.addTask {
                for engine in engines { await engine.untilReady() }
                return try await body(engines)
            }
            // An engine that cannot run ends the test, too.
            while let result = try await group.next() {
                guard let value = result else { continue }
                for engine in engines { engine.drain() }
                group.cancelAll()
                return value
            }
            preconditionFailure("the body's task ends with a value or an error")
        }
    }

    static func one<Value: Sendable>(
        lanes: Int = 2,
        _ body: @Sendable @escaping (Engine) async throws -> Value
    ) async throws -> Value {
        try await nodes(1, lanes: lanes) { try await body($0[0]) }
    }
}

extension Engine {
    /// Returns when the engine is ready to serve.
    func untilReady() async {
        while !Task.isCancelled, await !isReady() { await Task.yield() }
    }

    /// Deploys a process from what stands inside its `process` element.
    @discardableResult
    func deploy(_ key: String, _ content: String) async throws -> DefinitionReference {
        let xml = """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
              <process id="\(key)" isExecutable="true">\(content)</process>
            </definitions>
            """
        let resource = NewDeployment.Resource(name: "\(key).bpmn", content: Array(xml.utf8))
        _ = try await deploy(NewDeployment(name: key, resources: [resource]))
        return .key(key, tenantID: nil)
    }

    /// Locks up to `limit` tasks of a topic, waiting for some to appear.
    func fetch(
        _ topic: String,
        worker: WorkerID = "worker",
        limit: Int = 1,
        lockMilliseconds: Int64 = 60_000,
        timeout: Duration? = nil
    ) async throws -> [LockedTask] {
        try await fetchAndLock(
            FetchRequest(
                worker: worker,
                maxTasks: limit,
                topics: [TopicRequest(topic: topic, lockMilliseconds: lockMilliseconds)],
                timeout: timeout
            )
        )
    }

    /// How many rows a table has.
    func count(_ table: StaticString) async throws -> Int64 {
        var query = DynamicQuery("Count", "select count(*) from ")
        query.append(table)
        var pipeline = Pipeline()
        let token = pipeline.add(query, rows: RowDecoder(Int64.self))
        return try await pool.execute(pipeline)[token].first ?? 0
    }
}

/// A process of one external task whose topic is the process's key.
func oneTask(_ topic: String) -> String {
    """
    <startEvent id='start'/><serviceTask id='work' camunda:type='external' camunda:topic='\(topic)'/><endEvent id='end'/>
    <sequenceFlow id='f1' sourceRef='start' targetRef='work'/><sequenceFlow id='f2' sourceRef='work' targetRef='end'/>
    """
}
