/// The processes that are measured.
enum Models {
    /// The topic of all of them.
    static let topic = "ship"

    /// Start, one external task, end.
    static let oneTask = process(key: "one-task", task: "")

    /// A start, then as many parallel external tasks as the variable `count` says, then the end.
    static let fanOut = process(
        key: "fan-out",
        task: """
            <multiInstanceLoopCharacteristics><loopCardinality>${count}</loopCardinality>\
            </multiInstanceLoopCharacteristics>
            """
    )

    /// The same inside a sub-process, with a boundary event that catches the error `out-of-stock` and cancels all tasks.
    static let cancelledFanOut = Model(
        key: "cancelled-fan-out",
        xml: """
            <?xml version="1.0" encoding="UTF-8"?>
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" \
            xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="benchmark">
            <error id="problem" errorCode="out-of-stock"/>
            <process id="cancelled-fan-out" isExecutable="true" camunda:historyTimeToLive="P30D">
            <startEvent id="start"/><sequenceFlow id="in" sourceRef="start" targetRef="group"/>
            <subProcess id="group"><startEvent id="begin"/><sequenceFlow id="toWork" sourceRef="begin" targetRef="work"/>
            <serviceTask id="work" camunda:type="external" camunda:topic="\(topic)"><multiInstanceLoopCharacteristics>\
            <loopCardinality>${count}</loopCardinality></multiInstanceLoopCharacteristics></serviceTask>
            <sequenceFlow id="fromWork" sourceRef="work" targetRef="done"/><endEvent id="done"/></subProcess>
            <sequenceFlow id="out" sourceRef="group" targetRef="end"/><endEvent id="end"/>
            <boundaryEvent id="caught" attachedToRef="group"><errorEventDefinition errorRef="problem"/></boundaryEvent>
            <sequenceFlow id="away" sourceRef="caught" targetRef="cancelled"/><endEvent id="cancelled"/>
            </process></definitions>
            """
    )

    /// Start, one external task with something inside it, end.
    static func process(key: String, task: String, more: String = "", topic: String = topic) -> Model {
        Model(
            key: key,
            xml: """
                <?xml version="1.0" encoding="UTF-8"?>
                <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" \
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="benchmark">
                <process id="\(key)" isExecutable="true" camunda:historyTimeToLive="P30D">
                <startEvent id="start"/><sequenceFlow id="in" sourceRef="start" targetRef="work"/>
                <serviceTask id="work" camunda:type="external" camunda:topic="\(topic)">\(task)</serviceTask>
                <sequenceFlow id="out" sourceRef="work" targetRef="end"/><endEvent id="end"/>\(more)
                </process></definitions>
                """
        )
    }
}

/// A process model to deploy.
struct Model {
    var key: String
    var xml: String
}
