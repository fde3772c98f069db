import EngineCore
import EngineStore
import Expressions
import FoundationEssentials
import Postgres
import TestSupport
import Testing

@Suite(.database) struct `Rows of a tree` {
    @Test func `are read as they were written: a task of an iteration and its incident`() async throws {
        // given
        let (root, id) = (ExecutionID(UUID()), ExternalTaskID(UUID()))
        let place = place(in: root, iteration: ExecutionID(UUID()))
        let task = ExternalTask(id: id, place: place, topic: "charge", priority: 0, retries: 0)
        let incident = Incident(
            id: IncidentID(UUID()),
            place: place,
            execution: id.execution,
            message: "no money",
            configuration: id,
            historyConfiguration: LogEntryID(UUID()),
            createTime: Instant(millisecondsSinceEpoch: 1_700_000_001_000)
        )
        // when
        let loaded = try await stored([.externalTaskCreated(task), .incidentOpened(incident)], of: [id.rawValue])
        // then
        #expect(loaded.externalTasks == [task])
        #expect(loaded.incidents == [incident])
    }

    @Test func `are read as they were decided: a user task of an instance that the same batch suspends`() async throws {
        // given
        let (root, id) = (ExecutionID(UUID()), UserTaskID(UUID()))
        let task = UserTask(id: id, place: place(in: root), name: "Approve")
        var suspended = task
        suspended.isSuspended = true
        // when
        let loaded = try await stored([.userTaskCreated(task), .userTaskChanged(suspended)], of: [id.rawValue])
        // then
        #expect(loaded.userTasks == [suspended])
    }

    private func place(in root: ExecutionID, iteration: ExecutionID? = nil) -> Place {
        Place(
            instance: ProcessInstanceID(root.rawValue),
            definition: DefinitionID("order:1:x"),
            scope: root,
            path: [root],
            activityID: "charge",
            activityInstance: ActivityInstanceID("charge:1"),
            parentActivityInstance: ActivityInstanceID("charge#multiInstanceBody:1"),
            iteration: iteration,
            startTime: Instant(millisecondsSinceEpoch: 1_700_000_000_000)
        )
    }

    /// What is read after events are written.
    private func stored(_ events: [Event], of targets: [UUID]) async throws -> LoadedRows {
        try await Database.current.pool.withSession { session in
            var writing = Pipeline()
            writing.begin()
            writing.write(ChangeSet(events, history: .full), history: .full, DefinitionFacts())
            writing.commit()
            _ = try await session.execute(writing)
            var reading = Pipeline()
            let rows = TreeRows(targets, in: &reading)
            return rows.rows(in: try await session.execute(reading))
        }
    }
}
