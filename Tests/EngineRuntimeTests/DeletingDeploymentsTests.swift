import EngineCore
import EngineRuntime
import EngineStore
import Foundation
import Postgres
import TestSupport
import Testing

@Suite(.database) struct `Deleting a deployment` {
    private let engine = Engine.ofTest

    @Test(arguments: ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
    func `is refused when there is none`(id: String) async {
        await #expect(throws: Rejection.deploymentNotFound(id)) { try await engine.deleteDeployment(id, cascade: true) }
    }

    @Test(arguments: [true, false])
    func `removes its resources and definitions`(cascade: Bool) async throws {
        let key = "plain-\(cascade)"
        let definition = try await deploy(key)

        try await engine.deleteDeployment(definition.deploymentID.description, cascade: cascade)

        #expect(engine.definitions.cached(definition.id) == nil)
        await #expect(throws: Rejection.definitionNotFound(id: definition.id.rawValue)) {
            try await engine.definitions.definition(definition.id)
        }
        await #expect(throws: Rejection.deploymentNotFound(definition.deploymentID.description)) {
            try await engine.deleteDeployment(definition.deploymentID.description, cascade: cascade)
        }
        #expect(try await deploy(key).version == 1)
    }

    @Test func `makes the version before it the latest one again`() async throws {
        let first = try await deploy("two")
        let second = try await deploy("two")

        try await engine.deleteDeployment(second.deploymentID.description, cascade: false)

        let latest = try await Database.current.pool.run(ResolveDefinitions([.key("two", tenantID: nil)]))
        #expect(latest.map(\.id) == [first.id])
    }

    @Test func `is refused while instances run, unless it cascades`() async throws {
        let definition = try await deploy("running")
        let other = try await deploy("bystander")
        try await Database.current.pool.run(StartOfTest(definition: definition, count: 3))
        try await Database.current.pool.run(StartOfTest(definition: other, count: 2))

        await #expect(throws: Rejection.self) {
            try await engine.deleteDeployment(definition.deploymentID.description, cascade: false)
        }
        #expect(try await rows(of: definition) == 3 * StartOfTest.rowsPerInstance)

        try await engine.deleteDeployment(definition.deploymentID.description, cascade: true)
        #expect(try await rows(of: definition) == 0)
        #expect(try await rows(of: other) == 2 * StartOfTest.rowsPerInstance)
    }

    @Test func `takes more instances than one statement does`() async throws {
        let definition = try await deploy("many")
        try await Database.current.pool.run(StartOfTest(definition: definition, count: 2_500))

        try await engine.deleteDeployment(definition.deploymentID.description, cascade: true)

        #expect(try await rows(of: definition) == 0)
    }

    @Test func `works while others delete it too`() async throws {
        let definition = try await deploy("popular")
        try await Database.current.pool.run(StartOfTest(definition: definition, count: 50))
        let engine = engine

        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    do {
                        try await engine.deleteDeployment(definition.deploymentID.description, cascade: true)
                        return true
                    } catch {
                        #expect(error as? Rejection == .deploymentNotFound(definition.deploymentID.description))
                        return false
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }

        #expect(outcomes.filter(\.self).count == 1)
    }

    private func deploy(_ key: String) async throws -> DefinitionRecord {
        let result = try await engine.deploy(NewDeployment(files: ["\(key).bpmn": model(key)]))
        return try #require(result.deployedDefinitions.first)
    }

    private func rows(of definition: DefinitionRecord) async throws -> Int? {
        try await Database.current.pool.run(CountRowsOfTest(key: definition.key)).first
    }
}

/// Writes running and ended instances, as many of each, with a row in most tables.
///
/// Row ids tell the process's key.
struct StartOfTest: Statement {
    var definition: DefinitionRecord
    var count = 1

    /// What one running and one ended instance have together.
    static let rowsPerInstance = 10

    static let sql: SQLText = """
        with instance as (
            select gen_random_uuid() as id, gen_random_uuid() as ended_id from generate_series(1, $3::bigint)
        ), started as (
            insert into process_instance (
                id, root_id, definition_id, definition_key, business_key, start_time, open_children, arrived
            )
            select id, id, $1, $2, $2, now(), 1, '{}' from instance
        ), task as (
            insert into external_task (
                id, root_id, instance_id, scope_id, path, definition_id, definition_key, activity_id,
                activity_instance_id, parent_activity_instance_id, topic, priority, create_time, ready
            )
            select gen_random_uuid(), id, id, id, array[id], $1, $2, 'task', 'task:x', id::text, 'work', 0, now(), true
            from instance
        ), variable as (
            insert into variable (id, owner_id, root_id, instance_id, name, type, text_value, create_time)
            select gen_random_uuid(), id, id, id, 'key', 'String', $2, now() from instance
        ), incident as (
            insert into incident (
                id, root_id, instance_id, execution_id, definition_id, type, activity_id, activity_instance_id, message,
                cause_incident_id, root_cause_incident_id, create_time
            )
            select gen_random_uuid(), id, id, id, $1, 'failedExternalTask', 'task', 'task:x', $2, id, id, now()
            from instance
        ), ended as (
            insert into history_process_instance (
                id, root_id, definition_id, definition_key, business_key, start_time, end_time, state
            )
            select ended_id, ended_id, $1, $2, $2, now(), now(), 'COMPLETED' from instance
        ), activity as (
            insert into history_activity (
                id, parent_id, root_id, instance_id, definition_id, definition_key, execution_id, activity_id,
                activity_type, start_time, end_time, canceled, complete_scope
            )
            select 'start:' || one, one::text, one, one, $1, $2, one, 'start', 'startEvent', now(), now(), false, false
            from instance, unnest(array[id, ended_id]) as one
        ), old_variable as (
            insert into history_variable (
                id, root_id, instance_id, execution_id, name, type, text_value, state, create_time
            )
            select gen_random_uuid(), one, one, one, 'key', 'String', $2, 'CREATED', now()
            from instance, unnest(array[id, ended_id]) as one
        )
        insert into history_external_task_log (
            id, root_id, instance_id, definition_id, definition_key, execution_id, activity_id, activity_instance_id,
            external_task_id, state, priority, time
        )
        select gen_random_uuid(), id, id, $1, $2, id, 'task', 'task:x', id, 'created', 0, now()
        from instance
        """

    static let parameters = ParameterEncoder(\Self.definition.id, \.definition.key, \.count)
}

/// Counts the rows that ``StartOfTest`` wrote for a process.
private struct CountRowsOfTest: Statement {
    var key: String

    static let sql: SQLText = """
        select
            (select count(*) from process_instance where business_key = $1)
            + (select count(*) from external_task where definition_key = $1)
            + (select count(*) from variable where text_value = $1)
            + (select count(*) from incident where message = $1)
            + (select count(*) from history_process_instance where business_key = $1)
            + (select count(*) from history_activity where definition_key = $1)
            + (select count(*) from history_variable where text_value = $1)
            + (select count(*) from history_external_task_log where definition_key = $1)
        """

    static let parameters = ParameterEncoder(\Self.key)
    static let rows = RowDecoder(Int.self)
}
