import Testing

@testable import BPMN

@Suite struct `What does not run yet` {
    @Test(arguments: [
        (
            "<subProcess id=\"x\" triggeredByEvent=\"true\"><startEvent id=\"a\"><errorEventDefinition/></startEvent></subProcess>",
            "Event sub-process 'x'"
        ),
        ("<transaction id=\"x\"><startEvent id=\"a\"/></transaction>", "Transaction 'x'"),
        ("<adHocSubProcess id=\"x\"/>", "Ad-hoc sub-process 'x'"),
        ("<callActivity id=\"x\" calledElement=\"y\"/>", "Call activity 'x'"),
        ("<scriptTask id=\"x\"/>", "Script task 'x'"),
        ("<inclusiveGateway id=\"x\"/>", "Inclusive gateway 'x'"),
        ("<complexGateway id=\"x\"/>", "Complex gateway 'x'"),
        ("<serviceTask id=\"x\" camunda:class=\"C\"/>", "camunda:class of 'x'"),
        ("<serviceTask id=\"x\" camunda:delegateExpression=\"${c}\"/>", "camunda:delegateExpression of 'x'"),
        ("<serviceTask id=\"x\" camunda:expression=\"${c}\"/>", "camunda:expression of 'x'"),
        ("<serviceTask id=\"x\" camunda:type=\"mail\"/>", "camunda:type=\"mail\" of 'x'"),
        ("<businessRuleTask id=\"x\" camunda:decisionRef=\"d\"/>", "camunda:decisionRef of 'x'"),
        (
            "<serviceTask id=\"x\"><extensionElements><camunda:connector/></extensionElements></serviceTask>",
            "camunda:connector of 'x'"
        ),
        ("<task id=\"x\" camunda:asyncBefore=\"true\"/>", "camunda:asyncBefore on 'x'"),
        ("<task id=\"x\" camunda:asyncAfter=\"true\"/>", "camunda:asyncAfter on 'x'"),
        ("<task id=\"x\" camunda:async=\"true\"/>", "camunda:async on 'x'"),
        ("<task id=\"x\" isForCompensation=\"true\"/>", "isForCompensation on 'x'"),
        ("<task id=\"x\"><standardLoopCharacteristics/></task>", "standardLoopCharacteristics of 'x'"),
        (
            "<userTask id=\"x\"><extensionElements><camunda:taskListener event=\"create\" expression=\"${y}\"/></extensionElements></userTask>",
            "Task listener of 'x'"
        ),
        (
            "<task id=\"x\"><extensionElements><camunda:executionListener event=\"end\" class=\"C\"/></extensionElements></task>",
            "Execution listener of 'x'"
        ),
        (
            "<task id=\"x\"><extensionElements><camunda:inputOutput><camunda:inputParameter name=\"a\"><camunda:script scriptFormat=\"js\">1</camunda:script></camunda:inputParameter></camunda:inputOutput></extensionElements></task>",
            "camunda:script in a mapping of 'x'"
        ),
        ("<endEvent id=\"x\"><compensateEventDefinition/></endEvent>", "Compensate end event 'x'"),
        (
            "<endEvent id=\"x\"><eventDefinitionRef>e</eventDefinitionRef></endEvent>",
            "An event definition by reference in 'x'"
        ),
        (
            "<endEvent id=\"x\"><errorEventDefinition errorRef=\"e\"/><terminateEventDefinition/></endEvent>",
            "More than one event definition in 'x'"
        ),
        (
            "<intermediateCatchEvent id=\"x\"><timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition></intermediateCatchEvent>",
            "Timer intermediate catch event 'x'"
        ),
        (
            "<task id=\"t\"/><boundaryEvent id=\"x\" attachedToRef=\"t\"><timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition></boundaryEvent>",
            "Timer boundary event 'x'"
        ),
        (
            "<task id=\"t\"/><sequenceFlow id=\"x\" sourceRef=\"s\" targetRef=\"t\"><conditionExpression xsi:type=\"tFormalExpression\" language=\"groovy\">1</conditionExpression></sequenceFlow>",
            "The script in the condition of 'x'"
        ),
    ])
    func `is refused by name, never passed over`(inside: String, label: String) {
        let errors = Model.errors(in: "<startEvent id=\"s\"/>\n\(inside)")
        #expect(
            errors.contains { $0.message.hasPrefix(label) && $0.message.contains("not supported yet") },
            "\(errors)"
        )
        #expect(errors.allSatisfy { $0.line == 3 && $0.mainElementID == "x" }, "\(errors)")
    }

    @Test(arguments: ["timer", "conditional"])
    func `is refused as the start of a process`(kind: String) {
        let inside = [
            "timer": "<timerEventDefinition><timeDate>2030-01-01</timeDate></timerEventDefinition>",
            "conditional": "<conditionalEventDefinition><condition>${x}</condition></conditionalEventDefinition>",
        ]
        let errors = Model.errors(
            in: "<startEvent id=\"x\">\(inside[kind] ?? "")</startEvent>"
        )
        #expect(errors.map(\.mainElementID) == ["x"])
        #expect(errors.first?.message.contains("start event 'x' is not supported yet") == true)
    }

    @Test func `is refused as what a signal passes on`() {
        let passing = """
            <startEvent id="s"/>
            <endEvent id="x"><signalEventDefinition signalRef="g"><extensionElements><camunda:in variables="all"/>\
            </extensionElements></signalEventDefinition></endEvent>
            """
        let errors = Model.errors(in: passing, shared: "<signal id=\"g\" name=\"G\"/>")
        #expect(errors.map(\.mainElementID) == ["x"])
        #expect(errors.first?.message.contains("camunda:in of the signal of 'x'") == true)
    }
}
