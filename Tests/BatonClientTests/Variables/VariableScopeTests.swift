import BatonClient
import Testing

@Suite struct `A scope of variables` {
    private let task = ExternalTask(id: "task", topic: "t", executionID: "execution")

    @Test func `is that of an execution, whoever names it`() async throws {
        let engine = FakeEngine()
        let client = EngineClient(engine)
        let scopes = [
            VariableScope.visible(toExecution: "execution"), .visible(to: task), try .visible(to: task.handle),
            .local(toExecution: "execution"), .local(to: task), try .local(to: task.handle),
        ]
        for scope in scopes { try await client.setVariables(["a": 1], in: scope) }
        let visible = "/process-instance/execution/variables"
        let local = "/execution/execution/localVariables"
        let paths = engine.requests.map(\.path)
        #expect(paths == [visible, visible, visible, local, local, local])
    }

    @Test func `is not known to a handle without an execution`() {
        let handle = TaskHandle(id: "task", workerID: "w")
        let visible = #expect(throws: BatonError.self) { try VariableScope.visible(to: handle) }
        #expect(visible?.code == .invalidArgument)
        let local = #expect(throws: BatonError.self) { try VariableScope.local(to: handle) }
        #expect(local?.code == .invalidArgument)
    }
}
