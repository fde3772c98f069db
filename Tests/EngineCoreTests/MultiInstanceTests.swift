import EngineCore
import OrderedCollections
import Testing

@Suite struct `A multi-instance activity` {
    private func model(_ loop: String, sequential: Bool = false, boundary: String = "") -> String {
        """
        <startEvent id='s'/>
        \(task("work", "<multiInstanceLoopCharacteristics isSequential='\(sequential)' \(loop)</multiInstanceLoopCharacteristics>"))
        \(task("after"))\(boundary)\(flows("s-work", "work-after"))
        """
    }

    private func object(_ json: String) -> VariableValue {
        .object(ObjectValue(text: json, typeName: "java.util.ArrayList", format: "application/json"))
    }

    @Test func `in parallel runs all iterations at once and counts them`() throws {
        var process = try ProcessUnderTest(model("><loopCardinality>${n}</loopCardinality>"))
        try process.start(["n": .integer(3)])
        #expect(process.waiting == ["work", "work", "work"])
        try process.complete("work")
        #expect(process.lastValues["nrOfCompletedInstances"] == .integer(1))
        #expect(process.lastValues["nrOfActiveInstances"] == .integer(2))
        #expect(process.tree.tokens.values.map(\.kind) == [.endedIteration])
        try process.complete("work")
        try process.complete("work")
        #expect(process.waiting == ["after"])
        #expect(process.tree.tokens.isEmpty)
        #expect(
            process.history == ["s"] + Array(repeating: "work completeScope", count: 3) + ["work#multiInstanceBody"]
        )
    }

    @Test func `in sequence runs one iteration after the other`() throws {
        var process = try ProcessUnderTest(
            model("camunda:collection='list' camunda:elementVariable='item'>", sequential: true)
        )
        try process.start(["list": object("[\"a\",\"b\"]")])
        #expect(process.waiting == ["work"])
        #expect(process.lastValues["item"] == .string("a"))
        try process.complete("work")
        #expect(process.lastValues["item"] == .string("b"))
        #expect(process.lastValues["loopCounter"] == .integer(1))
        try process.complete("work")
        #expect(process.waiting == ["after"])
    }

    @Test func `reads a collection with an element for each iteration`() throws {
        var process = try ProcessUnderTest(model("camunda:collection='${list}' camunda:elementVariable='item'>"))
        try process.start(["list": object("[1,2.5,null]")])
        let items = process.tasks(at: "work").compactMap(\.place.iteration).map {
            process.tree.variables[$0]?["item"]?.value
        }
        #expect(items == [.integer(1), .double(2.5), .null])
    }

    @Test func `with no iterations is passed at once`() throws {
        var process = try ProcessUnderTest(model("><loopCardinality>0</loopCardinality>"))
        try process.start()
        #expect(process.waiting == ["after"])
        #expect(process.history == ["s", "work#multiInstanceBody"])
    }

    @Test(arguments: ["${-1}", "${'x'}", "${true}"])
    func `is refused a count that is none`(cardinality: String) throws {
        var process = try ProcessUnderTest(model("><loopCardinality>\(cardinality)</loopCardinality>"))
        #expect(throws: Refusal.self) { try process.start() }
    }

    @Test(arguments: [VariableValue.string("no list"), .integer(3)])
    func `is refused a collection that is none`(value: VariableValue) throws {
        var process = try ProcessUnderTest(model("camunda:collection='list' camunda:elementVariable='item'>"))
        #expect(throws: Refusal.self) { try process.start(["list": value]) }
    }

    @Test func `ends normally when its completion condition is true, and cancels the rest`() throws {
        var process = try ProcessUnderTest(
            model(
                "><loopCardinality>4</loopCardinality><completionCondition>${nrOfCompletedInstances == 2}</completionCondition>"
            )
        )
        try process.start()
        try process.complete("work")
        try process.complete("work")
        #expect(process.waiting == ["after"])
        #expect(process.history.filter { $0 == "work canceled" }.count == 2)
        #expect(process.history.last == "work#multiInstanceBody")
        #expect(process.tree.scopes.count == 1)
    }

    @Test func `is cancelled as a whole by an error that its boundary catches`() throws {
        let boundary =
            "<boundaryEvent id='b' attachedToRef='work'><errorEventDefinition/></boundaryEvent>\(task("caught"))\(flows("b-caught"))"
        var process = try ProcessUnderTest(model("><loopCardinality>3</loopCardinality>", boundary: boundary))
        try process.start()
        try process.throwError("any", at: "work")
        #expect(process.waiting == ["caught"])
        #expect(process.history.filter { $0 == "work canceled" }.count == 3)
        #expect(process.history.contains("work#multiInstanceBody canceled"))
    }

    @Test func `over a sub-process gives each iteration a scope of its own`() throws {
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'/><subProcess id='sub'>
            <multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>
            <startEvent id='in'/>\(task("a"))\(task("b"))\(flows("in-a", "a-b"))</subProcess>\(task("after"))\(flows("s-sub", "sub-after"))
            """
        )
        try process.start()
        try process.complete("a")
        #expect(process.waiting == ["a", "b"])
        try process.complete("b")
        try process.complete("a")
        try process.complete("b")
        #expect(process.waiting == ["after"])
    }
}
