import Testing

@testable import BPMN

@Suite struct `The BPMN schema` {
    @Test(arguments: [
        ("<startEvent id=\"s\"/><servceTask id=\"t\"/>", "'servceTask' is not allowed"),
        ("<startEvent id=\"s\"/><task id=\"s\"/>", "used more than once"),
        ("<startEvent id=\"s\"/><task id=\"a b\"/>", "'a b' is not a valid value for attribute 'id'"),
        ("<startEvent id=\"s\"/><task id=\"t\" type=\"external\"/>", "'type' is not allowed on 'task'"),
        ("<startEvent id=\"s\"/><task id=\"t\" isForCompensation=\"maybe\"/>", "'maybe' is not a valid value"),
        ("<startEvent id=\"s\"/><textAnnotation id=\"n\"/><task id=\"t\"/>", "'task' is not allowed at this place"),
        (
            "<startEvent id=\"s\"><timerEventDefinition/><outgoing>f</outgoing></startEvent>",
            "'outgoing' is not allowed"
        ),
        ("<startEvent id=\"s\"/><task id=\"t\"><camunda:properties/></task>", "'properties' is not allowed"),
        (
            "<startEvent id=\"s\"/><task id=\"t\"><extensionElements><task/></extensionElements></task>",
            "'task' is not allowed"
        ),
        ("<startEvent id=\"s\"/><task id=\"t\">text</task>", "Text is not allowed"),
        (
            "<startEvent id=\"s\"/><boundaryEvent id=\"b\"><errorEventDefinition/></boundaryEvent>",
            "lacks attribute 'attachedToRef'"
        ),
        ("<startEvent id=\"s\"/><exclusiveGateway id=\"g\" default=\"none\"/>", "No element has the id 'none'"),
        ("<startEvent id=\"s\"/><parallelGateway id=\"g\" gatewayDirection=\"Left\"/>", "'Left' is not a valid value"),
        (
            "<laneSet id=\"l\"><lane id=\"m\"><flowNodeRef>gone</flowNodeRef></lane></laneSet><startEvent id=\"s\"/>",
            "No element has the id 'gone'"
        ),
        ("<startEvent id=\"s\"><conditionalEventDefinition/></startEvent>", "lacks element 'condition'"),
        ("<startEvent id=\"s\"/><sequenceFlow id=\"f\" targetRef=\"s\"/>", "lacks attribute 'sourceRef'"),
    ])
    func `refuses what it does not know`(inside: String, says: String) {
        let errors = Model.errors(in: inside)
        #expect(errors.contains { $0.message.contains(says) && $0.message.contains("cvc-") }, "\(errors)")
    }

    @Test func `holds inside processes that are not executable, too`() {
        let text = Model.file("<startEvent id=\"s\"/><nonsense/>").replacing("isExecutable=\"true\"", with: "")
        #expect(Model.errors(ofFile: text).count == 1)
    }

    @Test(arguments: ["<process/>", "<definitions/>", "<html><body/></html>"])
    func `wants definitions of BPMN at the root`(text: String) {
        let errors = Model.errors(ofFile: text)
        #expect(errors.count == 1)
        #expect(errors.first?.message.contains("cvc-elt.1.a") == true)
    }

    @Test(arguments: [
        ("<di:BPMNShape id=\"d\" bpmnElement=\"gone\"><dc:Bounds/></di:BPMNShape>", "'gone', which does not exist"),
        ("<di:BPMNShape id=\"d\"><dc:Bounds/></di:BPMNShape>", "needs the attribute 'bpmnElement'"),
        ("<di:BPMNShape id=\"d\" bpmnElement=\"s\"/>", "needs its Bounds"),
        ("<di:BPMNEdge id=\"d\" bpmnElement=\"s\"><w:waypoint/></di:BPMNEdge>", "at least two waypoints"),
    ])
    func `wants diagrams to show what exists`(inside: String, says: String) {
        let diagram = """
            </process><di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" \
            xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:w="http://www.omg.org/spec/DD/20100524/DI">
            <di:BPMNPlane bpmnElement="p">\(inside)</di:BPMNPlane></di:BPMNDiagram></definitions>
            """
        let text = Model.file("<startEvent id=\"s\"/>").replacing("</process></definitions>", with: diagram)
        let errors = Model.errors(ofFile: text)
        #expect(errors.map(\.mainElementID) == ["d"])
        #expect(errors.first?.message.contains(says) == true, "\(errors)")
    }
}
