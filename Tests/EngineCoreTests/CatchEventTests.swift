import BPMN
import EngineCore
import FoundationEssentials
import Testing

/// A receive task, a catch event and boundary events, as models have them.
private let messages =
    "<message id='m' name='paid'/><message id='n' name='order-${number}'/><message id='o' name='other'/>"

private func receive(_ id: String, _ message: String = "m", _ inside: String = "") -> String {
    "<receiveTask id=\"\(id)\" messageRef=\"\(message)\">\(inside)</receiveTask>"
}

private func catching(_ id: String, _ message: String = "m") -> String {
    "<intermediateCatchEvent id=\"\(id)\"><messageEventDefinition messageRef=\"\(message)\"/></intermediateCatchEvent>"
}

private func boundary(_ id: String, on host: String, _ message: String = "m", interrupting: Bool = true) -> String {
    """
    <boundaryEvent id="\(id)" attachedToRef="\(host)" cancelActivity="\(interrupting)">\
    <messageEventDefinition messageRef="\(message)"/></boundaryEvent>
    """
}

extension ProcessUnderTest {
    /// What is waited for: `name at activity`, sorted.
    fileprivate var subscriptions: [String] {
        tree.subscriptions.values.flatMap { $0 }.map { "\($0.name) at \($0.activityID)" }.sorted()
    }

    fileprivate func subscription(at activityID: String) throws -> Subscription {
        try #require(tree.subscriptions.values.lazy.flatMap { $0 }.first { $0.activityID == activityID })
    }

    fileprivate mutating func deliver(
        at activityID: String,
        _ variables: [String: VariableValue] = [:],
        local: [String: VariableValue] = [:]
    ) throws {
        try decide(.deliverEvent(try delivery(at: activityID, variables, local: local)))
    }

    fileprivate func delivery(
        at activityID: String,
        _ variables: [String: VariableValue] = [:],
        local: [String: VariableValue] = [:]
    ) throws -> EventDelivery {
        let subscription = try subscription(at: activityID)
        return EventDelivery(
            owner: subscription.owner,
            kind: subscription.kind,
            name: subscription.name,
            subscription: subscription.id,
            variables: variables.map { VariableInput(name: $0.key, value: $0.value) },
            localVariables: local.map { VariableInput(name: $0.key, value: $0.value) }
        )
    }

    fileprivate var rootScope: Scope? { tree.scopes.values.first { $0.process != nil } }
}

@Suite struct `Who waits for a message` {
    @Test(arguments: [receive("w"), catching("w")])
    func `goes on when it comes, with what it brings`(waiting: String) throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(waiting)\(task("after"))\(flows("s-w", "w-after"))",
            before: messages
        )
        try process.start()
        #expect(process.subscriptions == ["paid at w"])
        try process.deliver(at: "w", ["amount": .integer(3)], local: ["here": .boolean(true)])
        #expect(process.waiting == ["after"])
        #expect(process.subscriptions.isEmpty && process.tree.tokens.isEmpty)
        #expect(process.instanceVariables == ["amount": .integer(3)])
        #expect(process.lastValues["here"] == .boolean(true))
        #expect(process.history == ["s", "w"])
    }

    @Test func `is named by an expression that is evaluated before input parameters are set`() throws {
        let mapping = """
            <extensionElements><camunda:inputOutput><camunda:inputParameter name="number">9</camunda:inputParameter>\
            </camunda:inputOutput></extensionElements>
            """
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(receive("w", "n", mapping))\(flows("s-w"))",
            before: messages
        )
        try process.start(["number": .integer(7)])
        #expect(process.subscriptions == ["order-7 at w"])
    }

    @Test func `is refused a name that cannot be evaluated, and nothing is started`() throws {
        var process = try ProcessUnderTest("<startEvent id='s'/>\(receive("w", "n"))\(flows("s-w"))", before: messages)
        #expect(throws: Refusal.self) { try process.start() }
        #expect(process.tree.scopes.isEmpty)
    }

    @Test func `is refused a name that is too long`() throws {
        var process = try ProcessUnderTest("<startEvent id='s'/>\(receive("w", "n"))\(flows("s-w"))", before: messages)
        let refusal = Refusal.rejected(.valueTooLong(parameter: "message name", maximum: 255))
        #expect(throws: refusal) { try process.start(["number": .string(String(repeating: "7", count: 250))]) }
    }

    @Test func `waits no more once it came`() throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(catching("w"))\(task("after"))\(flows("s-w", "w-after"))",
            before: messages
        )
        try process.start()
        let delivery = try process.delivery(at: "w")
        try process.decide(.deliverEvent(delivery))
        let gone = Rejection.subscriptionNotFound(execution: delivery.owner.description, kind: .message, name: "paid")
        #expect(throws: Refusal.rejected(gone)) { try process.decide(.deliverEvent(delivery)) }
    }

    @Test func `does not get it while the instance is suspended`() throws {
        var process = try ProcessUnderTest("<startEvent id='s'/>\(catching("w"))\(flows("s-w"))", before: messages)
        try process.start()
        let root = try #require(process.rootScope)
        try process.decide(.suspendInstance(root.instance, isSuspended: true))
        let delivery = try process.delivery(at: "w")
        #expect(throws: Refusal.rejected(.executionSuspended(delivery.owner))) {
            try process.decide(.deliverEvent(delivery))
        }
    }

    @Test func `is cancelled with its scope, and waits for nothing then`() throws {
        var process = try ProcessUnderTest("<startEvent id='s'/>\(receive("w"))\(flows("s-w"))", before: messages)
        try process.start()
        let root = try #require(process.rootScope)
        try process.decide(.deleteInstance(root.instance, reason: nil, skipMappings: false))
        #expect(process.history == ["s", "w canceled"])
        #expect(process.subscriptions.isEmpty && process.tree.tokens.isEmpty && process.tree.variables.isEmpty)
    }

    @Test func `is each iteration of a multi-instance for itself`() throws {
        let loop =
            "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(receive("w", "m", loop))\(task("after"))\(flows("s-w", "w-after"))",
            before: messages
        )
        try process.start()
        #expect(process.subscriptions == ["paid at w", "paid at w"])
        try process.deliver(at: "w")
        #expect(process.subscriptions == ["paid at w"])
        try process.deliver(at: "w")
        #expect(process.waiting == ["after"])
        #expect(process.history.map { $0.prefix { $0 != " " } } == ["s", "w", "w", "w#multiInstanceBody"])
    }

    @Test func `asks for its subscriptions when they are not loaded`() throws {
        var process = try ProcessUnderTest("<startEvent id='s'/>\(catching("w"))\(flows("s-w"))", before: messages)
        try process.start()
        let delivery = try process.delivery(at: "w")
        var rows = LoadedRows()
        rows.scopes = Array(process.tree.scopes.values)
        rows.tokens = Array(process.tree.tokens.values)
        var partial = InstanceTree()
        partial.add(rows)
        #expect(throws: Refusal.needs(.subscriptions(delivery.owner))) {
            try partial.decide(.deliverEvent(delivery), given: process.facts)
        }
        partial.add(process.tree.subscriptions[delivery.owner] ?? [], of: delivery.owner)
        let decision = try partial.decide(.deliverEvent(delivery), given: process.facts)
        #expect(decision.events == (try process.tree.decide(.deliverEvent(delivery), given: process.facts)).events)
    }
}

@Suite struct `A call that names an execution` {
    @Test(arguments: ["<receiveTask id='w'/>", receive("w"), catching("w"), "<userTask id='w'/>", task("w")])
    func `lets what rests there go on`(waiting: String) throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(waiting)\(task("after"))\(flows("s-w", "w-after"))",
            before: messages
        )
        try process.start()
        let execution = try #require(
            process.tree.tokens.keys.first ?? process.tree.userTasks.keys.first?.execution
                ?? process.tree.externalTasks.keys.first?.execution
        )
        let variables = [VariableInput(name: "v", value: .integer(1))]
        try process.decide(.signalExecution(execution, variables: variables))
        #expect(process.waiting == ["after"])
        #expect(process.history == ["s", "w"])
        #expect(process.instanceVariables == ["v": .integer(1)])
        #expect(process.subscriptions.isEmpty && process.tree.tokens.isEmpty && process.tree.userTasks.isEmpty)
    }

    @Test func `is refused for a task that belongs to no process`() throws {
        var process = try ProcessUnderTest("<startEvent id='s'/>")
        let id = UserTaskID(UUID())
        try process.decide(.createUserTask(id, UserTaskProperties()))
        #expect(throws: Refusal.rejected(.notSignallable(id.execution))) {
            try process.decide(.signalExecution(id.execution, variables: []))
        }
    }

    @Test func `is refused where nothing rests`() throws {
        var process = try ProcessUnderTest("<startEvent id='s'/><receiveTask id='w'/>\(flows("s-w"))")
        try process.start()
        let root = try #require(process.rootScope)
        #expect(throws: Refusal.rejected(.notSignallable(root.id))) {
            try process.decide(.signalExecution(root.id, variables: []))
        }
    }

    @Test func `is refused while the instance is suspended`() throws {
        var process = try ProcessUnderTest("<startEvent id='s'/><receiveTask id='w'/>\(flows("s-w"))")
        try process.start()
        let root = try #require(process.rootScope)
        let token = try #require(process.tree.tokens.keys.first)
        try process.decide(.suspendInstance(root.instance, isSuspended: true))
        #expect(throws: Refusal.rejected(.executionSuspended(token))) {
            try process.decide(.signalExecution(token, variables: []))
        }
    }
}

@Suite struct `A boundary message event` {
    @Test(arguments: [task("host"), "<userTask id='host'/>", receive("host", "o"), "<receiveTask id='host'/>"])
    func `that interrupts cancels its activity`(host: String) throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(host)\(boundary("b", on: "host"))\(task("after"))\(flows("s-host", "b-after"))",
            before: messages
        )
        try process.start()
        try process.deliver(at: "b", ["why": .string("late")])
        #expect(process.waiting == ["after"])
        #expect(process.history == ["s", "host canceled", "b"])
        #expect(process.subscriptions.isEmpty && process.tree.tokens.isEmpty && process.tree.userTasks.isEmpty)
        #expect(process.instanceVariables == ["why": .string("late")])
        try process.complete("after")
        #expect(process.isEnded)
    }

    @Test func `that interrupts a sub-process cancels what is inside, deepest first`() throws {
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'/><subProcess id='sub'><startEvent id='in'/><parallelGateway id='fork'/>\(task("a"))
            \(receive("r", "o"))\(flows("in-fork", "fork-a", "fork-r"))</subProcess>
            \(boundary("b", on: "sub"))\(task("after"))\(flows("s-sub", "b-after"))
            """,
            before: messages
        )
        try process.start()
        #expect(process.subscriptions == ["other at r", "paid at b"])
        try process.deliver(at: "b")
        #expect(process.history == ["s", "in", "fork", "a canceled", "r canceled", "sub canceled", "b"])
        #expect(process.waiting == ["after"] && process.subscriptions.isEmpty)
    }

    @Test func `that does not interrupt may come again and again`() throws {
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'/>\(task("host"))\(boundary("b", on: "host", interrupting: false))\(task("beside"))
            \(flows("s-host", "b-beside"))
            """,
            before: messages
        )
        try process.start()
        try process.deliver(at: "b")
        try process.deliver(at: "b")
        #expect(process.waiting == ["beside", "beside", "host"])
        try process.complete("host")
        #expect(process.subscriptions.isEmpty)
        try process.complete("beside")
        #expect(!process.isEnded)
        try process.complete("beside")
        #expect(process.isEnded)
        #expect(process.tree.scopes.isEmpty && process.tree.variables.isEmpty)
    }

    @Test func `of a multi-instance belongs to its body`() throws {
        let loop =
            "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(task("host", loop))\(boundary("b", on: "host"))\(task("after"))\(flows("s-host", "b-after"))",
            before: messages
        )
        try process.start()
        #expect(process.subscriptions == ["paid at b"])
        try process.complete("host")
        #expect(process.subscriptions == ["paid at b"])
        try process.deliver(at: "b")
        #expect(process.waiting == ["after"])
        #expect(
            process.history.suffix(4) == ["host canceled", "host canceled", "host#multiInstanceBody canceled", "b"]
        )
    }

    @Test func `is not waited for any more when its activity has ended`() throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(task("host"))\(boundary("b", on: "host"))\(task("after"))\(flows("s-host", "host-after"))",
            before: messages
        )
        try process.start()
        #expect(process.subscriptions == ["paid at b"])
        try process.complete("host")
        #expect(process.subscriptions.isEmpty && process.waiting == ["after"])
    }
}

@Suite struct `A message start event` {
    private let model = """
        <startEvent id='plain'/><startEvent id='byMessage'><messageEventDefinition messageRef='m'/></startEvent>
        \(task("a"))\(task("b"))\(flows("plain-a", "byMessage-b"))
        """

    @Test func `is where a token enters when its message came`() throws {
        var process = try ProcessUnderTest(model, before: messages)
        let start = StartInstance(
            definition: ProcessUnderTest.definitionID,
            businessKey: nil,
            variables: [],
            startEvent: "byMessage"
        )
        try process.decide(.startInstance(start))
        #expect(process.waiting == ["b"] && process.history == ["byMessage"])
        #expect(process.rootScope?.process?.startActivityID == "byMessage")
    }

    @Test func `is passed over by a start without trigger, unless it is the only start event`() throws {
        var process = try ProcessUnderTest(model, before: messages)
        try process.start()
        #expect(process.waiting == ["a"])
        let only = "<startEvent id='s'><messageEventDefinition messageRef='m'/></startEvent>\(task("a"))\(flows("s-a"))"
        var other = try ProcessUnderTest(only, before: messages)
        try other.start()
        #expect(other.waiting == ["a"])
    }

    @Test func `cannot be guessed among several`() throws {
        let several = """
            <startEvent id='one'><messageEventDefinition messageRef='m'/></startEvent>
            <startEvent id='two'><messageEventDefinition messageRef='o'/></startEvent>
            """
        var process = try ProcessUnderTest(several, before: messages)
        #expect(throws: Refusal.rejected(.startEventMissing(ProcessUnderTest.definitionID))) { try process.start() }
    }
}

private let signals = "<signal id='g' name='alarm'/><signal id='h' name='alarm-${n}'/>"

private func throwing(_ id: String, _ signal: String = "g", end: Bool = false) -> String {
    let element = end ? "endEvent" : "intermediateThrowEvent"
    return "<\(element) id=\"\(id)\"><signalEventDefinition signalRef=\"\(signal)\"/></\(element)>"
}

private func hearing(_ id: String, _ signal: String = "g") -> String {
    "<intermediateCatchEvent id=\"\(id)\"><signalEventDefinition signalRef=\"\(signal)\"/></intermediateCatchEvent>"
}

extension ProcessUnderTest {
    fileprivate var thrown: [String] {
        events.compactMap { event in
            guard case .signalThrown(let signal) = event else { return nil }
            return signal.name
        }
    }

    /// Who remembers that it has a signal.
    fileprivate var taken: [Event] {
        events.filter { if case .signalTaken = $0 { true } else { false } }
    }
}

@Suite struct `A signal that is thrown` {
    @Test(arguments: [false, true])
    func `is remembered for other trees under the name that it has now`(isEnd: Bool) throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/>\(throwing("t", "h", end: isEnd))\(flows("s-t"))",
            before: signals
        )
        try process.start(["n": .integer(4)])
        #expect(process.thrown == ["alarm-4"])
        #expect(process.isEnded && process.tree.tokens.isEmpty)
        #expect(process.history == ["s", "t completeScope"])
    }

    @Test func `reaches those of its own tree who wait already, before the thrower goes on`() throws {
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'/><parallelGateway id='fork'/>\(hearing("first"))\(throwing("t"))\(hearing("last"))
            \(task("a"))\(task("b"))\(flows("s-fork", "fork-first", "fork-t", "fork-last", "first-a", "t-b"))
            """,
            before: signals
        )
        try process.start()
        #expect(process.waiting == ["a", "b"])
        #expect(process.subscriptions == ["alarm at last"])
        #expect(process.history == ["s", "fork", "first", "t"])
    }

    @Test func `does not go on when it interrupts its thrower`() throws {
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'/><subProcess id='sub'><startEvent id='in'/>\(task("work"))\(throwing("t"))\(task("never"))
            \(flows("in-work", "work-t", "t-never"))</subProcess>
            <boundaryEvent id='b' attachedToRef='sub'><signalEventDefinition signalRef='g'/></boundaryEvent>\(task("after"))
            \(flows("s-sub", "b-after"))
            """,
            before: signals
        )
        try process.start()
        try process.complete("work")
        #expect(process.waiting == ["after"])
        #expect(process.history == ["s", "in", "work", "t canceled", "sub canceled", "b"])
        #expect(process.tree.tokens.isEmpty && process.subscriptions.isEmpty)
    }

    @Test func `asks for those who wait when they are not loaded`() throws {
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'/><parallelGateway id='fork'/>\(hearing("w"))\(task("work"))\(throwing("t"))\(task("a"))
            \(flows("s-fork", "fork-w", "fork-work", "work-t", "w-a"))
            """,
            before: signals
        )
        try process.start()
        let id = try process.claim("work")
        let task = try #require(process.tree.externalTasks[id])
        var partial = process.partial(around: task)
        let command = Command.completeExternalTask(id, worker: "worker", variables: [], localVariables: [])
        #expect(throws: Refusal.needs(.subscribers(signal: "alarm"))) {
            try partial.tree.decide(command, given: process.facts)
        }
        partial.load(.subscribers(signal: "alarm"), from: process.tree)
        let decision = try partial.tree.decide(command, given: process.facts)
        #expect(decision.events == (try process.tree.decide(command, given: process.facts)).events)
        try process.decide(command)
        #expect(process.waiting == ["a"])
    }

    @Test(arguments: [false, true])
    func `in another tree is recorded only by who could get it again`(interrupting: Bool) throws {
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'/>\(task("work"))\(boundary("b", on: "work", interrupting: interrupting))
            \(flows("s-work"))
            """,
            before: messages
        )
        try process.start()
        let signal = SignalID(UUID())
        var delivery = try process.delivery(at: "b")
        delivery.signal = signal
        try process.decide(.deliverEvent(delivery))
        let subscription = try #require(delivery.subscription)
        #expect(process.taken == (interrupting ? [] : [.signalTaken(signal, by: .subscription(subscription))]))
        // Nothing to remember of what came from outside.
        guard !interrupting else { return }
        try process.deliver(at: "b")
        #expect(process.taken.count == 1)
    }

    @Test func `is recorded by the start event that it triggers`() throws {
        var process = try ProcessUnderTest(
            """
            <startEvent id='s'><signalEventDefinition signalRef='g'/></startEvent>\(task("work"))\(flows("s-work"))
            """,
            before: signals
        )
        let signal = SignalID(UUID())
        let definition = ProcessUnderTest.definitionID
        try process.decide(
            .startInstance(
                StartInstance(
                    definition: definition,
                    businessKey: nil,
                    variables: [],
                    startEvent: "s",
                    signal: signal
                )
            )
        )
        #expect(process.taken == [.signalTaken(signal, by: .startEvent("s", of: definition))])
    }

    @Test func `goes round no more than the bound of steps`() throws {
        var process = try ProcessUnderTest(
            "<startEvent id='s'/><exclusiveGateway id='x'/>\(throwing("t"))\(flows("s-x", "x-t", "t-x"))",
            before: signals
        )
        #expect(throws: Refusal.rejected(.tooManySteps(limit: Decision.maximumSteps))) { try process.start() }
    }
}

@Suite struct `An event-based gateway` {
    private let model = """
        <startEvent id='s'/><eventBasedGateway id='gate'/>\(catching("paid"))\(hearing("alarmed"))
        \(task("a"))\(task("b"))\(flows("s-gate", "gate-paid", "gate-alarmed", "paid-a", "alarmed-b"))
        """

    @Test(arguments: [("paid", "a"), ("alarmed", "b")])
    func `goes where the first event comes, and waits for the others no more`(event: String, next: String) throws {
        var process = try ProcessUnderTest(model, before: messages + signals)
        try process.start()
        #expect(process.subscriptions == ["alarm at alarmed", "paid at paid"])
        try process.deliver(at: event, ["v": .integer(1)])
        #expect(process.waiting == [next] && process.subscriptions.isEmpty && process.tree.tokens.isEmpty)
        #expect(process.history == ["s", "gate canceled", event])
        #expect(process.instanceVariables == ["v": .integer(1)])
        try process.complete(next)
        #expect(process.isEnded)
    }

    @Test func `does not go on by a call that names its execution`() throws {
        var process = try ProcessUnderTest(model, before: messages + signals)
        try process.start()
        let token = try #require(process.tree.tokens.keys.first)
        #expect(throws: Refusal.rejected(.notSignallable(token))) {
            try process.decide(.signalExecution(token, variables: []))
        }
    }
}
