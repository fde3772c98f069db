import LabChecker

/// The process of the lab: a task, then three parallel ones beside one that can go wrong, then a last one.
enum LabModel {
    static let key = "lab"
    static let errorCode = "torn"
    /// The activity whose workers may report the error.
    static let fragile = "label"
    static let topics = ["pick", "pack", "label", "ship"]

    /// What it promises.
    static var promises: Run.Model {
        var model = Run.Model(expected: expected)
        model.errorFollowers = ["label": "relabel"]
        return model
    }

    /// How often each activity is run through by an instance that completes.
    private static let expected: [String: Run.Expectation] = [
        "begin": .init(1, 1), "pick": .init(1, 1), "split": .init(1, 1), "pack": .init(3, 3), "label": .init(1, 1),
        "relabel": .init(0, 1), "labelled": .init(1, 1), "ship": .init(1, 1), "end": .init(1, 1),
    ]

    static let xml = """
        <?xml version="1.0" encoding="UTF-8"?>
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" \
        xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="lab">
        <error id="tornError" errorCode="\(errorCode)"/>
        <process id="\(key)" isExecutable="true" camunda:historyTimeToLive="P30D">
          <startEvent id="begin"/>
          <sequenceFlow id="f1" sourceRef="begin" targetRef="pick"/>
          <serviceTask id="pick" camunda:type="external" camunda:topic="pick"/>
          <sequenceFlow id="f2" sourceRef="pick" targetRef="split"/>
          <parallelGateway id="split"/>
          <sequenceFlow id="f3" sourceRef="split" targetRef="pack"/>
          <sequenceFlow id="f4" sourceRef="split" targetRef="label"/>
          <serviceTask id="pack" camunda:type="external" camunda:topic="pack">
            <multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>
          </serviceTask>
          <serviceTask id="label" camunda:type="external" camunda:topic="label"/>
          <boundaryEvent id="torn" attachedToRef="label"><errorEventDefinition errorRef="tornError"/></boundaryEvent>
          <sequenceFlow id="f5" sourceRef="torn" targetRef="relabel"/>
          <serviceTask id="relabel" camunda:type="external" camunda:topic="label"/>
          <sequenceFlow id="f6" sourceRef="label" targetRef="labelled"/>
          <sequenceFlow id="f7" sourceRef="relabel" targetRef="labelled"/>
          <exclusiveGateway id="labelled"/>
          <sequenceFlow id="f8" sourceRef="labelled" targetRef="both"/>
          <sequenceFlow id="f9" sourceRef="pack" targetRef="both"/>
          <parallelGateway id="both"/>
          <sequenceFlow id="f10" sourceRef="both" targetRef="ship"/>
          <serviceTask id="ship" camunda:type="external" camunda:topic="ship"/>
          <sequenceFlow id="f11" sourceRef="ship" targetRef="end"/>
          <endEvent id="end"/>
        </process></definitions>
        """
}
