import EngineCore
import Testing

@Suite struct `A sub-process` {
    private let model = """
        <startEvent id='s'/>
        <subProcess id='sub'><startEvent id='in'/><parallelGateway id='fork'/>\(task("a"))\(task("b"))\(flows("in-fork", "fork-a", "fork-b"))</subProcess>
        \(task("after"))\(flows("s-sub", "sub-after"))
        """

    @Test func `ends when its last token has ended`() throws {
        var process = try ProcessUnderTest(model)
        try process.start()
        try process.complete("a")
        #expect(process.waiting == ["b"])
        try process.complete("b")
        #expect(process.waiting == ["after"])
        #expect(process.history == ["s", "in", "fork", "a completeScope", "b completeScope", "sub"])
    }

    @Test func `is deleted with its instance, deepest first`() throws {
        var process = try ProcessUnderTest(model)
        try process.start()
        let root = try #require(process.tree.scopes.values.first { $0.process != nil })
        try process.decide(.deleteInstance(root.instance, reason: "enough", skipMappings: false))
        #expect(process.ended?.state == .externallyTerminated)
        #expect(process.ended?.deleteReason == "enough")
        #expect(process.history.suffix(3) == ["a canceled", "b canceled", "sub canceled"])
        #expect(process.log.suffix(2) == ["a deleted", "b deleted"])
        #expect(process.tree.scopes.isEmpty && process.tree.externalTasks.isEmpty && process.tree.variables.isEmpty)
    }
}

@Suite struct `A terminate end event` {
    @Test func `cancels its own scope only, which then ends normally`() throws {
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'/><parallelGateway id='fork'/>\(task("outside"))
            <subProcess id='sub'><startEvent id='in'/><parallelGateway id='split'/>\(task("a"))\(task("b"))
              <endEvent id='stop'><terminateEventDefinition/></endEvent>\(flows("in-split", "split-a", "split-b", "a-stop"))</subProcess>
            \(task("after"))\(flows("s-fork", "fork-outside", "fork-sub", "sub-after"))
            """
        )
        try process.start()
        try process.complete("a")
        #expect(process.waiting == ["after", "outside"])
        #expect(process.history.suffix(3) == ["b canceled", "stop completeScope", "sub"])
    }
}

@Suite struct `A BPMN error` {
    private func model(boundaries: String, inside: String) -> String {
        """
        <startEvent id='s'/>
        <subProcess id='sub'><startEvent id='in'/>\(task("work"))\(inside)\(flows("in-work"))</subProcess>
        \(boundaries)\(task("all"))\(task("coded"))\(task("inner"))
        \(flows("s-sub"))
        """
    }

    private let errors = "<error id='e1' errorCode='E1'/><error id='e2' errorCode='E2'/>"

    private func boundary(_ id: String, on host: String, _ error: String = "", to target: String) -> String {
        "<boundaryEvent id='\(id)' attachedToRef='\(host)'><errorEventDefinition \(error)/></boundaryEvent>\(flows("\(id)-\(target)"))"
    }

    @Test(arguments: [("E1", ["coded"]), ("E9", ["all"])])
    func `is caught by its code before it is caught by all`(code: String, expected: [String]) throws {
        let boundaries = boundary("b1", on: "sub", to: "all") + boundary("b2", on: "sub", "errorRef='e1'", to: "coded")
        var process = try ProcessUnderTest(model(boundaries: boundaries, inside: ""), before: errors)
        try process.start()
        try process.throwError(code, at: "work")
        #expect(process.waiting == expected)
        #expect(process.history.contains("work canceled") && process.history.contains("sub canceled"))
        #expect(process.log == ["work created", "work deleted", "\(expected[0]) created"])
    }

    @Test func `is caught by the nearest scope, whatever codes exist further out`() throws {
        let boundaries = boundary("b2", on: "sub", "errorRef='e1'", to: "coded")
        let inner = boundary("b1", on: "work", to: "near") + task("near")
        var process = try ProcessUnderTest(model(boundaries: boundaries, inside: inner), before: errors)
        try process.start()
        try process.throwError("E1", at: "work")
        #expect(process.waiting == ["near"])
    }

    @Test func `that nobody catches ends the path like a none end event`() throws {
        var process = try ProcessUnderTest(model(boundaries: "", inside: ""), before: errors)
        try process.start()
        try process.throwError("E1", at: "work")
        #expect(process.isEnded)
        #expect(process.ended?.state == .completed)
        #expect(process.history == ["s", "in", "work completeScope", "sub completeScope"])
    }

    @Test func `leaves its code and message in the variables that the catcher names`() throws {
        let boundaries =
            "<boundaryEvent id='b' attachedToRef='sub'><errorEventDefinition camunda:errorCodeVariable='code' camunda:errorMessageVariable='text'/></boundaryEvent>"
            + flows("b-all")
        var process = try ProcessUnderTest(model(boundaries: boundaries, inside: ""), before: errors)
        try process.start()
        try process.throwError("E7", at: "work")
        #expect(process.instanceVariables == ["code": .string("E7"), "text": .null])
    }

    @Test func `of an error end event cancels what is around it`() throws {
        let model = """
            <startEvent id='s'/><subProcess id='sub'><startEvent id='in'/><parallelGateway id='fork'/>\(task("a"))\(task("b"))
            <endEvent id='err'><errorEventDefinition errorRef='e1'/></endEvent>\(flows("in-fork", "fork-a", "fork-b", "a-err"))</subProcess>
            \(boundary("b1", on: "sub", "errorRef='e1'", to: "after"))\(task("after"))\(flows("s-sub"))
            """
        var process = try ProcessUnderTest(model, before: errors)
        try process.start()
        try process.complete("a")
        #expect(process.waiting == ["after"])
        #expect(process.history.suffix(4) == ["err canceled", "b canceled", "sub canceled", "b1"])
    }
}

@Suite struct `Variables` {
    @Test func `are set where they exist, else in the instance`() throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(task("first"))\(task("second"))\(flows("s-first", "first-second"))"
        )
        try process.start(["known": .integer(1)])
        try process.complete("first", ["known": .integer(2), "new": .boolean(true)], local: ["own": .string("gone")])
        #expect(process.instanceVariables == ["known": .integer(2), "new": .boolean(true)])
        #expect(process.lastValues["own"] == .string("gone"))
    }

    @Test func `of an input mapping swallow what a worker sends under their name`() throws {
        let mapping = """
            <extensionElements><camunda:inputOutput><camunda:inputParameter name='a'>in-${source}</camunda:inputParameter>\
            <camunda:outputParameter name='out'>${a}</camunda:outputParameter></camunda:inputOutput></extensionElements>
            """
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(task("work", mapping))\(task("after"))\(flows("s-work", "work-after"))"
        )
        try process.start(["source": .string("x")])
        #expect(process.lastValues["a"] == .string("in-x"))
        try process.complete("work", ["a": .string("overwritten")])
        #expect(process.instanceVariables == ["source": .string("x"), "out": .string("overwritten")])
    }

    @Test func `roll back with the command when an output mapping fails`() throws {
        let mapping = """
            <extensionElements><camunda:inputOutput><camunda:outputParameter name='out'>${missing}</camunda:outputParameter>\
            </camunda:inputOutput></extensionElements>
            """
        var process = try ProcessUnderTest("<startEvent id='s'/>\(task("work", mapping))\(flows("s-work"))")
        try process.start()
        let before = process.events.count
        #expect(throws: Refusal.self) { try process.complete("work", ["new": .integer(1)]) }
        #expect(process.waiting == ["work"])
        #expect(process.events.count == before + 1, "only the claim was recorded")
    }

    @Test func `that are transient are seen by the decision and leave with it`() throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/><exclusiveGateway id='g' default='g_b'/>\(task("a"))\(task("b"))\(flows("s-g"))\(flow("g", "a", if: "${secret}"))\(flows("g-b"))"
        )
        try process.decide(
            .startInstance(
                StartInstance(
                    definition: ProcessUnderTest.definitionID,
                    businessKey: nil,
                    variables: [VariableInput(name: "secret", value: .boolean(true), isTransient: true)]
                )
            )
        )
        #expect(process.waiting == ["a"])
    }
}

@Suite struct `A transient variable` {
    @Test func `is not seen by the next command, also in the same batch`() throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(task("a"))\(task("b"))<exclusiveGateway id='g'/>\(task("c"))"
                + flows("s-a", "a-b", "b-g") + flow("g", "c", if: "${secret}") + flow("g", "a", if: "${not secret}")
        )
        let secret = VariableInput(name: "secret", value: .boolean(true), isTransient: true)
        try process.decide(
            .startInstance(
                StartInstance(definition: ProcessUnderTest.definitionID, businessKey: nil, variables: [secret])
            )
        )
        #expect(process.instanceVariables.isEmpty)
        try process.complete("a")
        #expect(throws: Refusal.self) { try process.complete("b") }
    }
}

@Suite struct `A process without a wait state` {
    @Test func `that loops for ever is stopped at a bound`() throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/><exclusiveGateway id='g'/><task id='t'/>\(flows("s-g", "g-t", "t-g"))"
        )
        #expect(throws: Refusal.rejected(.tooManySteps(limit: Decision.maximumSteps))) { try process.start() }
    }
}
