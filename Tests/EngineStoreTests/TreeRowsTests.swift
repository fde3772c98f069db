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
        let place = Place(
            instance: ProcessInstanceID(root.rawValue),
            definition: DefinitionID("order:1:x"),
            scope: root,
            path: [root],
            activityID: "charge",
            activityInstance: ActivityInstanceID("charge:1"),
            parentActivityInstance: ActivityInstanceID("charge#multiInstanceBody:1"),
            iteration: ExecutionID(UUID()),
            startTime: Instant(millisecondsSinceEpoch: 1_700_000_000_000)
        )
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
        let changes = ChangeSet([.externalTaskCreated(task), .incidentOpened(incident)], history: .full)
        // when
        let loaded = try await Database.current.pool.withSession { session in
            var writing = Pipeline()
            writing.begin()
            writing.write(changes, history: .full, DefinitionFacts())
            writing.commit()
            _ = try await session.execute(writing)
            var reading = Pipeline()
            let rows = TreeRows([id.rawValue], in: &reading)
            return rows.rows(in: try await session.execute(reading))
        }
        // then
        #expect(loaded.externalTasks == [task])
        #expect(loaded.incidents == [incident])
    }
}
