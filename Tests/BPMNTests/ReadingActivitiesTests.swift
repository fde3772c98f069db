import Expressions
import Testing

@testable import BPMN

@Suite struct `Reading an activity` {
    let order: ProcessDefinition

    init() throws { order = try #require(try Model.read(Model.fixture("order.bpmn")).first) }

    @Test func `takes topic, priority and error definitions of an external task`() throws {
        guard case .externalTask(let task) = try order.named("charge").kind else {
            throw Model.UnexpectedCount(count: 0)
        }
        #expect(task.topic.literalText == "charge")
        #expect(task.priority?.isLiteral == false)
        #expect(task.errorEvents.map(\.code) == ["NO_MONEY"])
        #expect(task.errorEvents[0].condition != nil)
    }

    @Test func `takes a worker's message event for an external task`() throws {
        guard case .externalTask(let task) = try order.named("sent").kind else {
            throw Model.UnexpectedCount(count: 0)
        }
        #expect(task.topic.literalText == "notify")
    }

    @Test func `treats an empty error condition as one that is never true`() throws {
        let process = try Model.process(
            """
            <startEvent id="s"/><serviceTask id="t" camunda:type="external" camunda:topic="x"><extensionElements>
            <camunda:errorEventDefinition errorRef="e" expression=""/>
            </extensionElements></serviceTask>
            """
        )
        guard case .externalTask(let task) = try process.named("t").kind else {
            throw Model.UnexpectedCount(count: 0)
        }
        #expect(task.errorEvents.map(\.code) == ["e"])
        #expect(task.errorEvents[0].condition == nil)
    }

    @Test func `keeps mappings with their kinds of values in order`() throws {
        let mapping = try #require(try order.named("charge").mapping)
        #expect(mapping.inputs.map(\.name) == ["amount", "currency", "nothing", "tags", "labels"])
        #expect(mapping.outputs.map(\.name) == ["receipt"])
        guard case .expression(let currency) = mapping.inputs[1].value, case .null = mapping.inputs[2].value,
            case .list(let tags) = mapping.inputs[3].value, case .map(let labels) = mapping.inputs[4].value
        else { throw Model.UnexpectedCount(count: 0) }
        #expect(currency.literalText == "EUR")
        #expect(tags.count == 2)
        #expect(labels.map(\.key) == ["shop"])
    }

    @Test func `keeps extension properties, also those without a value`() throws {
        let expected = [
            ExtensionProperty(name: "team", value: "payments"), ExtensionProperty(name: "note", value: nil),
        ]
        #expect(try order.named("charge").extensionProperties == expected)
    }

    @Test func `lets the last of equal extension properties count`() throws {
        let process = try Model.process(
            """
            <startEvent id="s"/><task id="t"><extensionElements><camunda:properties>
            <camunda:property name="a" value="1"/><camunda:property name="b" value="2"/>
            <camunda:property name="a" value="3"/>
            </camunda:properties></extensionElements></task>
            """
        )
        let expected = [ExtensionProperty(name: "a", value: "3"), ExtensionProperty(name: "b", value: "2")]
        #expect(try process.named("t").extensionProperties == expected)
    }

    @Test func `takes the attributes of a user task`() throws {
        guard case .userTask(let task) = try order.named("check").kind else { throw Model.UnexpectedCount(count: 0) }
        #expect(task.name?.literalText == "Check order")
        #expect(task.assignee?.isLiteral == false)
        #expect(task.candidateGroups?.literalText == "office")
        #expect(task.dueDate != nil)
        #expect(task.candidateUsers == nil)
    }

    @Test func `takes the form of a user task by reference`() throws {
        let process = try Model.process(
            """
            <startEvent id="s"/>
            <userTask id="t" camunda:formRef="${form}" camunda:formRefBinding="version" camunda:formRefVersion="2"/>
            """
        )
        guard case .userTask(let task) = try process.named("t").kind else { throw Model.UnexpectedCount(count: 0) }
        #expect(task.formReference?.key.isLiteral == false)
        #expect(task.formReference?.binding == "version")
        #expect(task.formReference?.version?.literalText == "2")
        #expect(task.formKey == nil)
    }

    @Test func `takes the standard performers of a user task`() throws {
        let process = try Model.process(
            """
            <startEvent id="s"/><userTask id="t">
            <humanPerformer><resourceAssignmentExpression><formalExpression>ann</formalExpression>
            </resourceAssignmentExpression></humanPerformer>
            <potentialOwner><resourceAssignmentExpression><formalExpression>user(bob), group(it), sales</formalExpression>
            </resourceAssignmentExpression></potentialOwner>
            </userTask>
            """
        )
        guard case .userTask(let task) = try process.named("t").kind else { throw Model.UnexpectedCount(count: 0) }
        #expect(task.assignee?.literalText == "ann")
        #expect(task.candidateUsers?.literalText == "bob")
        #expect(task.candidateGroups?.literalText == "it,sales")
    }

    @Test func `takes a collection by the name of its variable`() throws {
        let loop = try #require(try order.named("pick").multiInstance)
        #expect(!loop.isSequential)
        guard case .variable("items") = loop.collection else { throw Model.UnexpectedCount(count: 0) }
        #expect(loop.elementVariable == "item")
        #expect(loop.completionCondition?.isLiteral == false)
        #expect(loop.cardinality == nil)
    }

    @Test func `takes a collection as the standard writes it`() throws {
        let process = try Model.process(
            """
            <startEvent id="s"/><task id="t"><multiInstanceLoopCharacteristics isSequential="true">
            <loopDataInputRef>rows</loopDataInputRef><inputDataItem name="row"/>
            </multiInstanceLoopCharacteristics></task>
            """
        )
        let loop = try #require(try process.named("t").multiInstance)
        #expect(loop.isSequential)
        guard case .variable("rows") = loop.collection else { throw Model.UnexpectedCount(count: 0) }
        #expect(loop.elementVariable == "row")
    }

    @Test func `takes a collection expression and a cardinality`() throws {
        let process = try Model.process(
            """
            <startEvent id="s"/><task id="t">
            <multiInstanceLoopCharacteristics camunda:collection="${rows}"><loopCardinality> 3 </loopCardinality>
            </multiInstanceLoopCharacteristics></task>
            """
        )
        let loop = try #require(try process.named("t").multiInstance)
        guard case .expression = loop.collection else { throw Model.UnexpectedCount(count: 0) }
        #expect(loop.cardinality?.literalText == "3")
    }
}

@Suite struct `Reading an error event` {
    private static let error = "<error id=\"e\" errorCode=\"E1\" camunda:errorMessage=\"why\"/><error id=\"bare\"/>"

    @Test(arguments: [("e", "E1"), ("unknown", "unknown"), ("bare", nil)] as [(String, String?)])
    func `catches the code of its error, or all when that has none`(reference: String, code: String?) throws {
        let process = try Model.process(
            """
            <startEvent id="s"/><task id="t"/><boundaryEvent id="b" attachedToRef="t">
            <errorEventDefinition errorRef="\(reference)"/></boundaryEvent>
            """,
            shared: Self.error
        )
        guard case .boundaryErrorEvent(let caught, _) = try process.named("b").kind else {
            throw Model.UnexpectedCount(count: 0)
        }
        #expect(caught.code == code)
    }

    @Test func `catches all without a reference`() throws {
        let process = try Model.process(
            """
            <startEvent id="s"/><task id="t"/><boundaryEvent id="b" attachedToRef="t">
            <errorEventDefinition/></boundaryEvent>
            """
        )
        guard case .boundaryErrorEvent(let caught, _) = try process.named("b").kind else {
            throw Model.UnexpectedCount(count: 0)
        }
        #expect(caught.code == nil)
    }

    @Test(arguments: [("e", "E1", "why"), ("unknown", "unknown", nil)] as [(String, String, String?)])
    func `throws the code of its error, or the reference itself`(
        reference: String,
        code: String,
        message: String?
    ) throws {
        let process = try Model.process(
            "<startEvent id=\"s\"/><endEvent id=\"t\"><errorEventDefinition errorRef=\"\(reference)\"/></endEvent>",
            shared: Self.error
        )
        guard case .errorEndEvent(let thrown) = try process.named("t").kind else {
            throw Model.UnexpectedCount(count: 0)
        }
        #expect(thrown.code == code)
        #expect(thrown.message?.literalText == message)
    }

    @Test(arguments: [("intermediateThrowEvent", "intermediateNoneThrowEvent"), ("endEvent", "endEvent")])
    func `lets a message event without a worker do nothing`(element: String, type: String) throws {
        let process = try Model.process(
            "<startEvent id=\"s\"/><\(element) id=\"t\"><messageEventDefinition/></\(element)>"
        )
        #expect(try process.named("t").activityType == type)
    }
}
