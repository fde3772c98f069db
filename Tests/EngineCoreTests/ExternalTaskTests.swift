import EngineCore
import Expressions
import Testing

@Suite struct `An external task` {
    static let model = "<startEvent id='s'/>\(task("work"))<endEvent id='e'/>\(flows("s-work", "work-e"))"

    @Test func `waits, is completed, and ends the instance`() throws {
        var process = try ProcessUnderTest(Self.model)
        try process.start(["a": .integer(1)])
        #expect(process.waiting == ["work"])

        try process.complete("work", ["b": .string("x")])

        #expect(process.isEnded)
        #expect(process.ended?.endActivityID == "e")
        #expect(process.history == ["s", "work", "e completeScope"])
        #expect(process.log == ["work created", "work successful"])
        #expect(process.lastValues == ["a": .integer(1), "b": .string("x")])
    }

    @Test(arguments: [nil, "other"] as [WorkerID?])
    func `is not completed by a worker who does not hold it`(owner: WorkerID?) throws {
        var process = try ProcessUnderTest(Self.model)
        try process.start()
        let id = try #require(process.tasks(at: "work").first?.id)
        if let owner { try process.decide(.lockExternalTask(id, worker: owner, milliseconds: 1000)) }
        #expect(throws: Refusal.rejected(.externalTaskNotHeld(id, by: "worker", owner: owner, doing: .complete))) {
            try process.decide(.completeExternalTask(id, worker: "worker", variables: [], localVariables: []))
        }
    }

    @Test func `can still be completed by its worker when the lock has run out`() throws {
        var process = try ProcessUnderTest(Self.model)
        try process.start()
        let id = try process.claim("work", milliseconds: 1)
        try process.decide(.unlockExternalTask(id))
        let again = try process.claim("work", worker: "w", milliseconds: 1)
        try process.decide(.completeExternalTask(again, worker: "w", variables: [], localVariables: []))
        #expect(process.isEnded)
    }

    @Test func `is not found when it is completed twice`() throws {
        var process = try ProcessUnderTest(Self.model)
        try process.start()
        let id = try process.claim("work")
        let command = Command.completeExternalTask(id, worker: "worker", variables: [], localVariables: [])
        try process.decide(command)
        #expect(throws: Refusal.rejected(.externalTaskNotFound(id.description))) { try process.decide(command) }
    }

    @Test func `keeps its lock no longer than was asked for`() throws {
        var process = try ProcessUnderTest(Self.model)
        try process.start()
        let id = try process.claim("work", milliseconds: 60_000)
        let moment = process.moment
        try process.decide(.extendExternalTaskLock(id, worker: "worker", milliseconds: 500))
        #expect(process.tasks(at: "work").first?.lockExpiration == moment.advanced(byMilliseconds: 500))
        // The clock has moved on a second: the lock is gone.
        #expect(throws: Refusal.self) {
            try process.decide(.extendExternalTaskLock(id, worker: "worker", milliseconds: 500))
        }
    }

    @Test func `raises one incident when its retries run out, and resolves it when it gets new ones`() throws {
        var process = try ProcessUnderTest(Self.model)
        try process.start()
        let id = try process.claim("work")
        let report = FailureReport(worker: "worker", message: "no", details: "at all", retries: 0, retryMilliseconds: 0)
        try process.decide(.failExternalTask(id, report))
        try process.decide(.failExternalTask(id, report))
        #expect(process.tree.incidents.count == 1)
        #expect(process.tree.incidents[id]?.message == "no")
        #expect(process.tasks(at: "work").first?.isReady == false)

        try process.decide(.setExternalTaskRetries(id, 2))
        #expect(process.tree.incidents.isEmpty)
        #expect(process.tasks(at: "work").first?.isReady == true)
        #expect(process.log == ["work created", "work failed", "work failed"])
    }

    @Test func `keeps its owner and its details, but not its message, through failures`() throws {
        var process = try ProcessUnderTest(Self.model)
        try process.start()
        let id = try process.claim("work")
        let long = String(repeating: "x", count: 700)
        try process.decide(
            .failExternalTask(
                id,
                FailureReport(worker: "worker", message: long, details: "d", retries: 3, retryMilliseconds: 5000)
            )
        )
        var failed = try #require(process.tasks(at: "work").first)
        #expect(failed.errorMessage?.utf16.count == 666)
        #expect((failed.errorDetails, failed.worker, failed.retries, failed.isReady) == ("d", "worker", 3, false))

        try process.decide(
            .failExternalTask(
                id,
                FailureReport(worker: "worker", message: nil, details: nil, retries: 2, retryMilliseconds: 0)
            )
        )
        failed = try #require(process.tasks(at: "work").first)
        #expect((failed.errorMessage, failed.errorDetails, failed.isReady) == (nil, "d", true))
    }

    @Test(arguments: [
        ("${p}", VariableValue.short(3), 3), ("${p}", .integer(-4), -4), ("${p}", .long(5_000_000_000), 5_000_000_000),
        ("7", .null, 7),
    ])
    func `takes its priority from the model`(text: String, value: VariableValue, expected: Int64) throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/><serviceTask id='work' camunda:type='external' camunda:topic='t' camunda:taskPriority='\(text)'/>\(flows("s-work"))"
        )
        try process.start(["p": value])
        #expect(process.tasks(at: "work").first?.priority == expected)
    }

    @Test(arguments: [VariableValue.string("5"), .double(5), .null])
    func `is refused a priority that is no whole number`(value: VariableValue) throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/><serviceTask id='work' camunda:type='external' camunda:topic='t' camunda:taskPriority='${p}'/>\(flows("s-work"))"
        )
        #expect(throws: Refusal.self) { try process.start(["p": value]) }
        #expect(process.events.isEmpty)
    }
}
