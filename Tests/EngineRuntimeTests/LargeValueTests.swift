import EngineCore
import EngineRuntime
import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import EngineStore

@Suite(.database) struct `Large values` {
    private var rows: TaskRows { TaskRows(runner: Database.current.pool) }

    private static let large = [UInt8](repeating: 7, count: Int(VisibleVariables.maximumInlineBytes) + 1)

    /// A task of a topic, in an instance with a large value of each kind.
    private func add(_ topic: String) async throws -> ExternalTaskID {
        let definition = "p:\(topic)"
        try await rows.add(definition: definition)
        let task = TaskRows.Task(topic: topic, definition: definition)
        let id = try await rows.add(task)
        let text = String(repeating: "x", count: Self.large.count)
        try await rows.add(variable: "bytes", .bytes(Self.large), to: task.instance)
        try await rows.add(variable: "json", .json(text), to: task.instance)
        try await rows.add(
            variable: "file",
            .file(FileValue(content: Self.large, name: "f", mimeType: nil, encoding: nil)),
            to: task.instance
        )
        try await rows.add(variable: "small", .integer(1), to: task.instance)
        return id
    }

    @Test func `reach the worker whole, but for the content of files`() async throws {
        _ = try await add("whole")
        let task = try #require(try await Node(Database.current).fetch("whole").first)
        let values = Dictionary(uniqueKeysWithValues: task.variables.map { ($0.name, $0.value) })
        #expect(values["bytes"] == .bytes(Self.large))
        #expect(values["json"] == .json(String(repeating: "x", count: Self.large.count)))
        #expect(values["small"] == .integer(1))
        #expect(values["file"] == .file(FileValue(content: [], name: "f", mimeType: nil, encoding: nil)))
        #expect(task.largeValues.count == 2)
    }

    @Test func `are not read when they are not wanted`() async throws {
        _ = try await add("unwanted")
        let task = try #require(
            try await Node(Database.current).fetch("unwanted") { $0.variables = ["small", "file"] }.first
        )
        #expect(task.variables.map(\.name).sorted() == ["file", "small"])
        #expect(task.largeValues.isEmpty)
    }

    @Test func `that were removed since the claim are left out`() async throws {
        _ = try await add("removed")
        var tasks = try await Node(Database.current).fetch("removed")
        try await rows.runner.run(DynamicQuery("Remove", "delete from variable where name = 'bytes'"))
        try await rows.runner.readLargeValues(of: &tasks)
        #expect(tasks.first?.variables.map(\.name).sorted() == ["file", "json", "small"])
    }

    @Test func `that cannot be deserialized free the tasks again`() async throws {
        let id = try await add("refused")
        let node = Node(Database.current)
        var topic = TopicRequest(topic: "refused", lockMilliseconds: 60_000)
        topic.deserializeValues = true
        let request = FetchRequest(worker: "w", maxTasks: 1, topics: [topic])
        await #expect(throws: Rejection.invalid(message: "no")) {
            try await node.fetcher.fetchAndLock(request) { tasks in
                guard case .bytes(_?) = tasks.first?.variables.first?.value else { return }
                throw Rejection.invalid(message: "no")
            }
        }
        #expect(try await node.fetch("refused").map(\.id) == [id])
    }

    @Test(arguments: [(0, 1), (1, 1), (131_074, 1), (262_147, 1), (262_148, 2), (1_000_000, 3)])
    func `bound how many tasks one answer has, but one is always there`(maximum: Int, expected: Int) async throws {
        let topic = "bound-\(maximum)"
        var ids: Set<ExternalTaskID> = []
        for number in 0..<3 {
            try await rows.add(definition: "p:\(topic)\(number)")
            let task = TaskRows.Task(topic: topic, createdAt: number, definition: "p:\(topic)\(number)")
            ids.insert(try await rows.add(task))
            try await rows.add(variable: "a", .bytes(Self.large), to: task.instance)
            try await rows.add(variable: "b", .bytes(Self.large), to: task.instance)
        }
        var tasks = try await Node(Database.current).fetch(topic)
        #expect(tasks.count == 3)
        let rest = tasks.removeBeyondOneAnswer(of: maximum)
        #expect(tasks.count == expected)
        #expect(Set((tasks + rest).map(\.id)) == ids)
    }
}
