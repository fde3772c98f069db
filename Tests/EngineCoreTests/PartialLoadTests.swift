import EngineCore
import RandomProcesses
import Testing

/// What makes the engine scale: a decision that sees only the path from its task to the root comes out the same as one
/// that sees everything, or says what it needs.
@Suite struct `A partial load` {
    /// Forks, joins, nested scopes, loops and errors in one model.
    static let model = """
        <startEvent id='s'/><parallelGateway id='fork'/>
        \(task("a"))\(task("b"))<parallelGateway id='join'/>\(task("c"))
        <subProcess id='sub'><startEvent id='in'/><parallelGateway id='split'/>\(task("d"))
          \(task("many", "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality><completionCondition>${nrOfCompletedInstances == 2}</completionCondition></multiInstanceLoopCharacteristics>"))
          <parallelGateway id='meet'/><endEvent id='done'/>\(flows("in-split", "split-d", "split-many", "d-meet", "many-meet", "meet-done"))</subProcess>
        <boundaryEvent id='oops' attachedToRef='sub'><errorEventDefinition/></boundaryEvent>\(task("repair"))
        \(flows("s-fork", "fork-a", "fork-b", "a-join", "b-join", "join-c", "fork-sub", "oops-repair"))
        """

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `decides like a full one`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var process = try ProcessUnderTest(Self.model)
        try process.start(["n": .integer(3)])
        var rounds = 0
        while !process.isEnded {
            rounds += 1
            try #require(rounds < 50)
            let tasks = process.tree.externalTasks.values.sorted { $0.id.description < $1.id.description }
            // An error that nobody caught ended a path that a join still waits for.
            guard let task = tasks.randomElement(using: &random) else { return }
            try process.decide(.lockExternalTask(task.id, worker: "worker", milliseconds: 1000))
            let held = try #require(process.tree.externalTasks[task.id])
            let command: Command =
                Int.random(in: 0..<8, using: &random) == 0
                ? .throwExternalTaskError(task.id, ErrorReport(worker: "worker", code: "E", message: nil))
                : .completeExternalTask(
                    task.id,
                    worker: "worker",
                    variables: [VariableInput(name: "v", value: .integer(Int32(rounds)))],
                    localVariables: []
                )

            let whole = process
            let partialEvents = try decidePartially(command, around: held, of: whole)
            let before = process.events.count
            try process.decide(command)
            #expect(Set(partialEvents) == Set(process.events[before...]))
            #expect(partialEvents.count == process.events.count - before)
        }
        #expect(process.tree.scopes.isEmpty && process.tree.externalTasks.isEmpty && process.tree.tokens.isEmpty)
        #expect(process.tree.variables.isEmpty)
    }

    private func decidePartially(
        _ command: Command,
        around task: ExternalTask,
        of whole: ProcessUnderTest
    ) throws -> [Event] {
        var partial = whole.partial(around: task)
        for _ in 0..<10 {
            do throws(Refusal) {
                return try partial.tree.decide(command, given: whole.facts).events
            } catch {
                guard case .needs(let need) = error else { throw error }
                partial.load(need, from: whole.tree)
            }
        }
        Issue.record("more than ten rounds of loading")
        return []
    }
}
