import Testing

@testable import BPMN

/// A broken process and what must be said about it.
struct BrokenModel: Sendable, CustomTestStringConvertible {
    /// What the rule demands.
    var rule: String
    /// The content of the process, from line 2 on.
    var inside: String
    /// A part of the message.
    var says: String
    var line: Int
    var element: String?
    var shared = ""
    var attributes = ""

    var testDescription: String { rule }
}

@Suite struct `A model is refused` {
    @Test(arguments: starts + gateways + flows + errors + tasks + loops + mappings + process + forms)
    func `when it breaks a rule`(broken: BrokenModel) {
        let errors = Model.errors(in: broken.inside, shared: broken.shared, attributes: broken.attributes)
        let place = (errors.first?.line, errors.first?.mainElementID)
        #expect(errors.count == 1, "\(errors.map(\.message))")
        #expect(errors.first?.message.contains(broken.says) == true, "\(errors.map(\.message))")
        #expect(place == (broken.line, broken.element))
    }

    @Test func `with all its problems at once`() {
        let errors = Model.errors(
            in: """
                <startEvent id="s"/><startEvent id="s2"/>
                <serviceTask id="t" camunda:type="external"/>
                <exclusiveGateway id="g"/>
                """
        )
        #expect(Set(errors.map(\.mainElementID)) == ["s2", "t", "g"])
    }

    @Test func `without naming what is only not supported beside what is wrong`() {
        let errors = Model.errors(in: "<startEvent id=\"s\"/><exclusiveGateway id=\"g\"/><receiveTask id=\"r\"/>")
        #expect(errors.map(\.mainElementID) == ["g"])
    }

    @Test(arguments: [
        "<serviceTask id=\"t\" camunda:type=\"external\" camunda:topic=\"${\"/>",
        "<sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"s\"><conditionExpression>${}</conditionExpression></sequenceFlow>",
        """
        <serviceTask id="t" camunda:type="external" camunda:topic="x"><extensionElements>
        <camunda:errorEventDefinition errorRef="e"/></extensionElements></serviceTask>
        """,
        "<endEvent id=\"e\"><terminateEventDefinition/><terminateEventDefinition/></endEvent>",
    ])
    func `as unreadable when an expression or event cannot be understood`(inside: String) {
        #expect {
            try Model.process("<startEvent id=\"s\"/>\(inside)")
        } throws: { error in
            if case .unreadable? = error as? ModelRejection { true } else { false }
        }
    }

    static let starts = [
        BrokenModel(
            rule: "a process needs a start event",
            inside: "<task id=\"t\"/>",
            says: "no start",
            line: 1,
            element: "p"
        ),
        BrokenModel(
            rule: "a process has one plain start event",
            inside: "<startEvent id=\"s\"/><startEvent id=\"s2\"/>",
            says: "only one start",
            line: 1,
            element: "s2"
        ),
        BrokenModel(
            rule: "a sub-process needs a start event",
            inside: "<startEvent id=\"s\"/>\n<subProcess id=\"sub\"/>",
            says: "no start",
            line: 3,
            element: "sub"
        ),
        BrokenModel(
            rule: "a sub-process has one start event",
            inside:
                "<startEvent id=\"s\"/><subProcess id=\"sub\"><startEvent id=\"a\"/><startEvent id=\"b\"/></subProcess>",
            says: "only one start",
            line: 2,
            element: "b"
        ),
        BrokenModel(
            rule: "a sub-process starts plainly",
            inside: """
                <startEvent id="s"/><subProcess id="sub"><startEvent id="a">
                <errorEventDefinition/></startEvent></subProcess>
                """,
            says: "errorEventDefinition is not allowed",
            line: 3,
            element: "a"
        ),
        BrokenModel(
            rule: "an event sub-process starts with an event",
            inside:
                "<startEvent id=\"s\"/><subProcess id=\"sub\" triggeredByEvent=\"true\"><startEvent id=\"a\"/></subProcess>",
            says: "must have an event definition",
            line: 2,
            element: "a"
        ),
    ]

    static let gateways = [
        BrokenModel(
            rule: "an exclusive gateway needs a flow out",
            inside: "<startEvent id=\"s\"/><exclusiveGateway id=\"g\"/>",
            says: "no outgoing",
            line: 0,
            element: "g"
        ),
        BrokenModel(
            rule: "an only flow has no condition",
            inside: gateway("<sequenceFlow id=\"f\" sourceRef=\"g\" targetRef=\"a\">\(when)</sequenceFlow>"),
            says: "cannot have a condition",
            line: 0,
            element: "g"
        ),
        BrokenModel(
            rule: "a default flow has no condition",
            inside: gateway(
                """
                <sequenceFlow id="f" sourceRef="g" targetRef="a">\(when)</sequenceFlow>
                <sequenceFlow id="d" sourceRef="g" targetRef="b">\(when)</sequenceFlow>
                """,
                "default=\"d\""
            ),
            says: "default flow",
            line: 0,
            element: "g"
        ),
        BrokenModel(
            rule: "beside a default flow every flow has a condition",
            inside: gateway(
                """
                <sequenceFlow id="f" sourceRef="g" targetRef="a"/><sequenceFlow id="d" sourceRef="g" targetRef="b"/>
                """,
                "default=\"d\""
            ),
            says: "not the default flow",
            line: 0,
            element: "g"
        ),
    ]

    static let flows = [
        BrokenModel(
            rule: "a flow stays on its level",
            inside: """
                <startEvent id="s"/><subProcess id="sub"><startEvent id="a"/></subProcess>
                <sequenceFlow id="f" sourceRef="s" targetRef="a"/>
                """,
            says: "Invalid destination 'a'",
            line: 3,
            element: "f"
        ),
        BrokenModel(
            rule: "a flow starts at a node",
            inside:
                "<startEvent id=\"s\"/><dataObject id=\"d\"/>\n<sequenceFlow id=\"f\" sourceRef=\"d\" targetRef=\"s\"/>",
            says: "Invalid source 'd'",
            line: 3,
            element: "f"
        ),
        BrokenModel(
            rule: "a condition is a formal expression",
            inside: """
                <startEvent id="s"/><task id="t"/><sequenceFlow id="f" sourceRef="s" targetRef="t">
                <conditionExpression id="c" xsi:type="tOther">${x}</conditionExpression></sequenceFlow>
                """,
            says: "tFormalExpression",
            line: 3,
            element: "c"
        ),
    ]

    static let errors = [
        BrokenModel(
            rule: "an error has an id",
            inside: "<startEvent id=\"s\"/>",
            says: "An error must have an id",
            line: 1,
            element: nil,
            shared: "<error errorCode=\"1\"/>"
        ),
        BrokenModel(
            rule: "an error end event names an error",
            inside: "<startEvent id=\"s\"/><endEvent id=\"e\"><errorEventDefinition/></endEvent>",
            says: "'errorRef' is mandatory",
            line: 2,
            element: "e"
        ),
        BrokenModel(
            rule: "a thrown error has a code",
            inside: "<startEvent id=\"s\"/><endEvent id=\"e\">\n<errorEventDefinition errorRef=\"x\"/></endEvent>",
            says: "'errorCode' is mandatory",
            line: 3,
            element: "e",
            shared: "<error id=\"x\"/>"
        ),
        BrokenModel(
            rule: "a boundary event stands on the level of its activity",
            inside: """
                <startEvent id="s"/><subProcess id="sub"><startEvent id="a"/><task id="t"/></subProcess>
                <boundaryEvent id="b" attachedToRef="t"><errorEventDefinition/></boundaryEvent>
                """,
            says: "no activity beside it",
            line: 3,
            element: "b"
        ),
        BrokenModel(
            rule: "a boundary event has a definition",
            inside: "<startEvent id=\"s\"/><task id=\"t\"/><boundaryEvent id=\"b\" attachedToRef=\"t\"/>",
            says: "needs an event definition",
            line: 2,
            element: "b"
        ),
        BrokenModel(
            rule: "a boundary event is attached to an activity",
            inside: """
                <startEvent id="s"/><boundaryEvent id="b" attachedToRef="s"><errorEventDefinition/></boundaryEvent>
                """,
            says: "only be attached to an activity",
            line: 2,
            element: "b"
        ),
    ]

    static let tasks = [
        BrokenModel(
            rule: "an external task has a topic",
            inside: "<startEvent id=\"s\"/><serviceTask id=\"t\" camunda:type=\"external\"/>",
            says: "External tasks must specify a 'topic' attribute in the camunda namespace",
            line: 2,
            element: "t"
        ),
        BrokenModel(
            rule: "a task priority is a number",
            inside:
                "<startEvent id=\"s\"/><sendTask id=\"t\" camunda:type=\"external\" camunda:topic=\"x\" camunda:taskPriority=\"abc\"/>",
            says: "Value 'abc' for attribute 'taskPriority' is not a valid number",
            line: 2,
            element: "t"
        ),
        BrokenModel(
            rule: "a job priority is a number",
            inside: "<startEvent id=\"s\"/><task id=\"t\" camunda:jobPriority=\"1.5\"/>",
            says: "Value '1.5' for attribute 'jobPriority' is not a valid number",
            line: 2,
            element: "t"
        ),
        BrokenModel(
            rule: "a service task has an implementation",
            inside: "<startEvent id=\"s\"/><serviceTask id=\"t\"/>",
            says: "is mandatory on serviceTask",
            line: 2,
            element: "t"
        ),
        BrokenModel(
            rule: "the type of a task is known",
            inside: "<startEvent id=\"s\"/><sendTask id=\"t\" camunda:type=\"exernal\"/>",
            says: "'exernal' is not a valid camunda:type",
            line: 2,
            element: "t"
        ),
        BrokenModel(
            rule: "a class has no result variable",
            inside: "<startEvent id=\"s\"/><serviceTask id=\"t\" camunda:class=\"X\" camunda:resultVariable=\"r\"/>",
            says: "'resultVariable' is not allowed",
            line: 2,
            element: "t"
        ),
        BrokenModel(
            rule: "a listener has an implementation",
            inside: """
                <startEvent id="s"/><task id="t"><extensionElements>
                <camunda:executionListener event="start"/></extensionElements></task>
                """,
            says: "A listener needs one of",
            line: 3,
            element: "t"
        ),
    ]

    static let loops = [
        BrokenModel(
            rule: "a multi-instance activity knows how often",
            inside: loop("<multiInstanceLoopCharacteristics/>"),
            says: "needs 'loopCardinality' or a collection",
            line: 2,
            element: "t"
        ),
        BrokenModel(
            rule: "an element variable needs a collection",
            inside: loop(
                """
                <multiInstanceLoopCharacteristics camunda:elementVariable="e"><loopCardinality>1</loopCardinality>
                </multiInstanceLoopCharacteristics>
                """
            ),
            says: "an element variable but no collection",
            line: 2,
            element: "t"
        ),
        BrokenModel(
            rule: "a cardinality is not empty",
            inside: loop(
                "<multiInstanceLoopCharacteristics><loopCardinality/></multiInstanceLoopCharacteristics>"
            ),
            says: "'loopCardinality' of 't' is empty",
            line: 2,
            element: "t"
        ),
        BrokenModel(
            rule: "a multi-instance activity has no output parameters",
            inside: """
                <startEvent id="s"/><task id="t"><extensionElements><camunda:inputOutput>
                <camunda:outputParameter name="a">1</camunda:outputParameter></camunda:inputOutput></extensionElements>
                <multiInstanceLoopCharacteristics><loopCardinality>1</loopCardinality></multiInstanceLoopCharacteristics>
                </task>
                """,
            says: "not allowed on a multi-instance activity",
            line: 2,
            element: "t"
        ),
    ]

    static let mappings = [
        BrokenModel(
            rule: "a start event maps nothing",
            inside: mapping(on: "startEvent"),
            says: "not allowed on startEvent",
            line: 2,
            element: "m"
        ),
        BrokenModel(
            rule: "a gateway maps nothing",
            inside: "<startEvent id=\"s\"/>" + mapping(on: "parallelGateway"),
            says: "not allowed on parallelGateway",
            line: 2,
            element: "m"
        ),
        BrokenModel(
            rule: "an end event has no output parameters",
            inside: "<startEvent id=\"s\"/>" + mapping("<camunda:outputParameter name=\"a\"/>", on: "endEvent"),
            says: "not allowed on an end event",
            line: 2,
            element: "m"
        ),
        BrokenModel(
            rule: "a parameter has a name",
            inside: "<startEvent id=\"s\"/>" + mapping("<camunda:inputParameter/>", on: "task"),
            says: "needs a name",
            line: 2,
            element: "m"
        ),
        BrokenModel(
            rule: "a parameter has one value",
            inside: "<startEvent id=\"s\"/>"
                + mapping(
                    "<camunda:inputParameter name=\"a\"><camunda:list/><camunda:map/></camunda:inputParameter>",
                    on: "task"
                ),
            says: "at most one child",
            line: 2,
            element: "m"
        ),
        BrokenModel(
            rule: "a map entry has a key",
            inside: "<startEvent id=\"s\"/>"
                + mapping(
                    "<camunda:inputParameter name=\"a\"><camunda:map><camunda:entry/></camunda:map></camunda:inputParameter>",
                    on: "task"
                ),
            says: "needs a key",
            line: 2,
            element: "m"
        ),
    ]

    static let process =
        ["abc", "-1", "PP5D", "5.5"].map { text in
            BrokenModel(
                rule: "a history time to live of '\(text)' is impossible",
                inside: "<startEvent id=\"s\"/>",
                says: "Cannot parse historyTimeToLive",
                line: 1,
                element: "p",
                attributes: "camunda:historyTimeToLive=\"\(text)\""
            )
        } + [
            BrokenModel(
                rule: "nothing is imported",
                inside: "<startEvent id=\"s\"/>",
                says: "Importing",
                line: 1,
                element: nil,
                shared: "<import namespace=\"a\" location=\"b\" importType=\"c\"/>"
            )
        ]

    static let forms = [
        BrokenModel(
            rule: "a form has a key or a reference",
            inside: "<startEvent id=\"s\" camunda:formKey=\"a\" camunda:formRef=\"b\"/>",
            says: "Only one of",
            line: 2,
            element: "s"
        ),
        BrokenModel(
            rule: "a form field has a type",
            inside: """
                <startEvent id="s"><extensionElements><camunda:formData>
                <camunda:formField id="f"/></camunda:formData></extensionElements></startEvent>
                """,
            says: "must have a 'type'",
            line: 3,
            element: "f"
        ),
    ]

    private static let when = "<conditionExpression xsi:type=\"tFormalExpression\">${x}</conditionExpression>"

    private static func gateway(_ flows: String, _ attributes: String = "") -> String {
        "<startEvent id=\"s\"/><exclusiveGateway id=\"g\" \(attributes)/><task id=\"a\"/><task id=\"b\"/>\(flows)"
    }

    private static func loop(_ characteristics: String) -> String {
        "<startEvent id=\"s\"/><task id=\"t\">\(characteristics)</task>"
    }

    private static func mapping(_ parameters: String = "", on element: String) -> String {
        """
        <\(element) id="m"><extensionElements><camunda:inputOutput>\(parameters)</camunda:inputOutput>\
        </extensionElements></\(element)>
        """
    }
}

@Suite struct `A model is accepted` {
    @Test func `with a warning when one of several flows of an exclusive gateway has no condition`() throws {
        let process = try Model.process(
            """
            <startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/><task id="b"/>
            <sequenceFlow id="f" sourceRef="g" targetRef="a"/>
            <sequenceFlow id="h" sourceRef="g" targetRef="b"><conditionExpression>${x}</conditionExpression></sequenceFlow>
            """
        )
        #expect(process.warnings.map(\.elementIDs) == [["g", "f"]])
    }

    @Test(arguments: [
        "<task id=\"t\" camunda:asyncBefore=\"false\" camunda:jobPriority=\"5\" camunda:exclusive=\"true\"/>",
        "<userTask id=\"t\" camunda:formKey=\"a\"/>",
        "<dataObject id=\"d\"/><dataStoreReference id=\"r\"/>",
        "<task id=\"t\"><ioSpecification><inputSet/><outputSet/></ioSpecification></task>",
        "<textAnnotation id=\"n\"><text>hi</text></textAnnotation><group id=\"g\"/>",
        "<task id=\"t\"><extensionElements><other xmlns=\"urn:other\"><b/></other></extensionElements></task>",
        "<parallelGateway id=\"g\" gatewayDirection=\"Diverging\"/>",
    ])
    func `with what is documentation only`(inside: String) throws {
        _ = try Model.process("<startEvent id=\"s\"/>\(inside)")
    }
}
