import Expressions
import Testing

@testable import BPMN

@Suite struct `Reading a process` {
    let order: ProcessDefinition

    init() throws {
        let all = try Model.read(Model.fixture("order.bpmn"))
        order = try #require(all.first)
        #expect(all.count == 1)
    }

    @Test func `takes over what describes it`() {
        #expect(order.key == "order")
        #expect(order.name == "Order handling")
        #expect(order.category == "http://example.org/shop")
        #expect(order.documentation == "Handles one order.\n\nFrom basket to parcel.")
        #expect(order.versionTag == "1.2")
        #expect(order.historyTimeToLiveDays == 30)
        #expect(order.taskPriority?.literalText == "10")
        #expect(order.isStartableInTasklist)
        #expect(order.warnings.isEmpty)
    }

    @Test func `keeps nodes of all levels in document order`() {
        let ids = [
            "start", "charge", "refused", "decide", "check", "pick", "pickStart", "fetch", "pickEnd", "fork", "wrap",
            "sent", "stop", "apologise", "end",
        ]
        #expect(order.nodes.map(\.id) == ids)
    }

    @Test(arguments: [
        ("start", "startEvent"), ("charge", "serviceTask"), ("refused", "boundaryError"),
        ("decide", "exclusiveGateway"), ("check", "userTask"), ("pick", "subProcess"), ("fetch", "sendTask"),
        ("pickEnd", "errorEndEvent"), ("fork", "parallelGateway"), ("wrap", "manualTask"), ("sent", "messageEndEvent"),
        ("stop", "terminateEndEvent"), ("apologise", "task"), ("end", "noneEndEvent"),
    ])
    func `names the activity type of each node`(id: String, type: String) throws {
        #expect(try order.named(id).activityType == type)
    }

    @Test func `knows every level and where a token enters it`() throws {
        #expect(order.scopes.count == 2)
        #expect(order[.process].node == nil)
        #expect(order[.process].start == order.node(id: "start"))
        #expect(order.scopes[1].node == order.node(id: "pick"))
        #expect(order.scopes[1].start == order.node(id: "pickStart"))
        #expect(try order.named("fetch").scope == FlowScopeIndex(1))
        guard case .subProcess(let inside) = try order.named("pick").kind else { throw Model.UnexpectedCount(count: 0) }
        #expect(inside == FlowScopeIndex(1))
    }

    @Test func `connects nodes by flows in document order`() throws {
        #expect(order.flows.map(\.id).prefix(4) == ["toFetch", "toPickEnd", "toCharge", "toDecide"])
        let decide = try order.named("decide")
        #expect(decide.outgoing.map { order[$0].id } == ["toCheck", "toPick"])
        #expect(decide.defaultFlow.map { order[$0].id } == "toPick")
        #expect(decide.incomingCount == 1)
        #expect(try order.named("pick").incomingCount == 2)
        #expect(order[decide.outgoing[0]].target == order.node(id: "check"))
    }

    @Test func `parses a condition without the white space around it`() throws {
        let flow = try #require(order.flows.first { $0.id == "toCheck" })
        #expect(flow.condition?.isLiteral == false)
        #expect(order.flows.count { $0.condition != nil } == 1)
    }

    @Test func `hangs boundary events on their activity`() throws {
        let charge = try order.named("charge")
        #expect(charge.boundaryEvents.map { order[$0].id } == ["refused"])
        guard case .boundaryErrorEvent(let caught, let host) = try order.named("refused").kind else {
            throw Model.UnexpectedCount(count: 0)
        }
        #expect(host == order.node(id: "charge"))
        #expect(caught.code == "NO_MONEY")
        #expect(caught.codeVariable == "code")
        #expect(caught.messageVariable == "message")
    }

    @Test func `skips processes that are not executable without a look inside`() throws {
        let text = Model.file("<serviceTask id=\"t\"/>").replacing(
            "isExecutable=\"true\"",
            with: "isExecutable=\"false\""
        )
        #expect(try Model.read(text).isEmpty)
    }

    @Test(arguments: ["http://activiti.org/bpmn", "http://operaton.org/schema/1.0/bpmn"])
    func `reads related extension namespaces alike`(namespace: String) throws {
        let text = Model.file(
            "<startEvent id=\"s\"/><serviceTask id=\"t\" camunda:type=\"external\" camunda:topic=\"x\"/>"
        )
        let process = try #require(
            try Model.read(text.replacing("http://camunda.org/schema/1.0/bpmn", with: namespace)).first
        )
        guard case .externalTask = try process.named("t").kind else { throw Model.UnexpectedCount(count: 0) }
    }

    @Test(arguments: [("", nil), ("5", 5), ("P5D", 5), ("p7d", 7), ("0", 0)] as [(String, Int?)])
    func `reads a history time to live in days`(text: String, days: Int?) throws {
        let process = try Model.process(
            "<startEvent id=\"s\"/>",
            attributes: "camunda:historyTimeToLive=\"\(text)\""
        )
        #expect(process.historyTimeToLiveDays == days)
    }
}
