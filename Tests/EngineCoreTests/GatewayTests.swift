import EngineCore
import OrderedCollections
import Testing

@Suite struct `An exclusive gateway` {
    private let model = """
        <startEvent id='s'/><exclusiveGateway id='g' default='g_c'/>\(task("a"))\(task("b"))\(task("c"))
        \(flows("s-g"))\(flow("g", "a", if: "${n > 10}"))\(flow("g", "b", if: "${n > 5}"))\(flows("g-c"))
        """

    @Test(arguments: [(11, "a"), (10, "b"), (5, "c")] as [(Int32, String)])
    func `takes the first flow whose condition is true, else the default`(n: Int32, expected: String) throws {
        var process = try ProcessUnderTest(model)
        try process.start(["n": .integer(n)])
        #expect(process.waiting == [expected])
    }

    @Test func `fails the command when no flow can be taken`() throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/><exclusiveGateway id='g'/>\(task("a"))\(task("b"))\(flows("s-g"))\(flow("g", "a", if: "${false}"))\(flow("g", "b", if: "${false}"))"
        )
        #expect(throws: Refusal.rejected(.noFlowSelectable(activity: "g", isGateway: true))) { try process.start() }
    }

    @Test(arguments: ["${'true'}", "${missing}", "${null}"])
    func `counts only a Boolean as an answer`(condition: String) throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/><exclusiveGateway id='g' default='g_b'/>\(task("a"))\(task("b"))\(flows("s-g"))\(flow("g", "a", if: condition))\(flows("g-b"))"
        )
        #expect(throws: Refusal.self) { try process.start() }
    }
}

@Suite struct `A parallel gateway` {
    private let model = """
        <startEvent id='s'/><parallelGateway id='fork'/>\(task("a"))\(task("b"))<parallelGateway id='join'/>\(task("after"))
        \(flows("s-fork", "fork-a", "fork-b", "a-join", "b-join", "join-after"))
        """

    @Test func `waits for all its incoming tokens`() throws {
        var process = try ProcessUnderTest(model)
        try process.start()
        #expect(process.waiting == ["a", "b"])
        try process.complete("b")
        #expect(process.waiting == ["a"])
        #expect(process.tree.tokens.count == 1)
        try process.complete("a")
        #expect(process.waiting == ["after"])
        #expect(process.tree.tokens.isEmpty)
        #expect(process.history.filter { $0 == "join" }.count == 2)
        try process.complete("after")
        #expect(process.isEnded)
    }

    @Test func `counts tokens, not flows`() throws {
        // Two tokens over the same flow satisfy a join of two flows.
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'/><parallelGateway id='fork'/><exclusiveGateway id='merge'/>
            <parallelGateway id='join'/>\(task("never"))\(task("after"))<exclusiveGateway id='choose' default='choose_never'/>
            \(flows("s-fork", "fork-merge", "fork-merge2", "merge2-merge", "merge-join", "choose-never", "never-join", "join-after"))
            <exclusiveGateway id='merge2'/>
            """
        )
        try process.start()
        #expect(process.waiting == ["after"])
    }

    @Test func `runs its branches one after the other, in the order of the model`() throws {
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'/><parallelGateway id='fork'/><task id='a1'/><task id='a2'/><task id='b1'/>
            \(flows("s-fork", "fork-a1", "fork-b1", "a1-a2"))
            """
        )
        try process.start()
        #expect(process.history == ["s", "fork", "a1", "a2 completeScope", "b1 completeScope"])
    }
}

@Suite struct `A token that waits at a join` {
    private static let model = """
        <startEvent id='s'/><parallelGateway id='fork'/>\(task("a"))\(task("b"))<parallelGateway id='join'/>
        <endEvent id='e'/>\(flows("s-fork", "fork-a", "fork-b", "a-join", "b-join", "join-e"))
        """

    private func waiting() throws -> ProcessUnderTest {
        var process = try ProcessUnderTest(Self.model)
        try process.start()
        try process.complete("a")
        let token = try #require(process.tree.tokens.keys.first)
        let own = VariableInput(name: "own", value: .integer(1))
        try process.decide(.changeVariables(token, set: [own], remove: [], locally: true))
        #expect(process.tree.variables[token]?.count == 1)
        return process
    }

    @Test func `takes its own variables along when the join goes on`() throws {
        var process = try waiting()
        try process.complete("b")
        #expect(process.isEnded)
        #expect(process.tree.variables.isEmpty)
    }

    @Test func `takes its own variables along when it is cancelled`() throws {
        var process = try waiting()
        let instance = try #require(process.tree.scopes.values.first).instance
        try process.decide(.deleteInstance(instance, reason: nil, skipMappings: false))
        #expect(process.tree.variables.isEmpty)
    }
}

@Suite struct `An activity with several outgoing flows` {
    @Test(arguments: [(1, ["a"]), (3, ["a", "b"]), (0, ["c"])] as [(Int32, [String])])
    func `takes all whose condition is true, and the default only if there is no other`(
        n: Int32,
        expected: [String]
    ) throws {
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'/><task id='t' default='t_c'/>\(task("a"))\(task("b"))\(task("c"))
            \(flows("s-t"))\(flow("t", "a", if: "${n > 0}"))\(flow("t", "b", if: "${n > 2}"))\(flows("t-c"))
            """
        )
        try process.start(["n": .integer(n)])
        #expect(process.waiting == expected)
    }
}
