import LabChecker

/// The other process of the lab: a task, then people, messages and signals side by side, then a signal of its own, which
/// starts a process ``EchoModel`` with one task.
enum ErrandModel {
    static let key = "errand"
    static let topics = ["prepare"]
    /// The messages that it waits for; the first one to come counts.
    static let messages = ["paid", "refused"]
    /// The signal that it waits for.
    static let signal = "heard"

    /// What it promises.
    static var promises: Run.Model {
        var model = Run.Model(expected: [
            "begin": .init(1, 1), "prepare": .init(1, 1), "split": .init(1, 1), "approve": .init(1, 1),
            "choose": .init(1, 1), "paid": .init(0, 1), "refused": .init(0, 1), "settled": .init(1, 1),
            "heard": .init(1, 1), "ring": .init(1, 1), "end": .init(1, 1),
        ])
        model.messages = Set(messages)
        model.signals = [signal: "prepare"]
        return model
    }

    static let xml = """
        <?xml version="1.0" encoding="UTF-8"?>
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" \
        xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="lab">
        <message id="paidMessage" name="paid"/>
        <message id="refusedMessage" name="refused"/>
        <signal id="heardSignal" name="\(signal)"/>
        <signal id="bell" name="\(EchoModel.signal)"/>
        <process id="\(key)" isExecutable="true" camunda:historyTimeToLive="P30D">
          <startEvent id="begin"/>
          <sequenceFlow id="f1" sourceRef="begin" targetRef="prepare"/>
          <serviceTask id="prepare" camunda:type="external" camunda:topic="prepare"/>
          <sequenceFlow id="f2" sourceRef="prepare" targetRef="split"/>
          <parallelGateway id="split"/>
          <sequenceFlow id="f3" sourceRef="split" targetRef="approve"/>
          <sequenceFlow id="f4" sourceRef="split" targetRef="choose"/>
          <sequenceFlow id="f5" sourceRef="split" targetRef="heard"/>
          <userTask id="approve"/>
          <sequenceFlow id="f6" sourceRef="approve" targetRef="all"/>
          <eventBasedGateway id="choose"/>
          <sequenceFlow id="f7" sourceRef="choose" targetRef="paid"/>
          <sequenceFlow id="f8" sourceRef="choose" targetRef="refused"/>
          <intermediateCatchEvent id="paid"><messageEventDefinition messageRef="paidMessage"/></intermediateCatchEvent>
          <intermediateCatchEvent id="refused">\
        <messageEventDefinition messageRef="refusedMessage"/></intermediateCatchEvent>
          <sequenceFlow id="f9" sourceRef="paid" targetRef="settled"/>
          <sequenceFlow id="f10" sourceRef="refused" targetRef="settled"/>
          <exclusiveGateway id="settled"/>
          <sequenceFlow id="f11" sourceRef="settled" targetRef="all"/>
          <intermediateCatchEvent id="heard"><signalEventDefinition signalRef="heardSignal"/></intermediateCatchEvent>
          <sequenceFlow id="f12" sourceRef="heard" targetRef="all"/>
          <parallelGateway id="all"/>
          <sequenceFlow id="f13" sourceRef="all" targetRef="ring"/>
          <intermediateThrowEvent id="ring"><signalEventDefinition signalRef="bell"/></intermediateThrowEvent>
          <sequenceFlow id="f14" sourceRef="ring" targetRef="end"/>
          <endEvent id="end"/>
        </process></definitions>
        """
}

/// A process that the signal of ``ErrandModel`` starts, each time once.
enum EchoModel {
    static let key = "echo"
    static let topics = ["answer"]
    static let signal = "bell"

    /// What it promises.
    static var promises: Run.Model {
        var model = Run.Model(expected: ["begin": .init(1, 1), "answer": .init(1, 1), "end": .init(1, 1)])
        model.startedBy = "ring"
        return model
    }

    static let xml = """
        <?xml version="1.0" encoding="UTF-8"?>
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" \
        xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="lab">
        <signal id="bell" name="\(signal)"/>
        <process id="\(key)" isExecutable="true" camunda:historyTimeToLive="P30D">
          <startEvent id="begin"><signalEventDefinition signalRef="bell"/></startEvent>
          <sequenceFlow id="f1" sourceRef="begin" targetRef="answer"/>
          <serviceTask id="answer" camunda:type="external" camunda:topic="answer"/>
          <sequenceFlow id="f2" sourceRef="answer" targetRef="end"/>
          <endEvent id="end"/>
        </process></definitions>
        """
}

/// All processes of the lab.
enum LabModels {
    static let promises = [
        LabModel.key: LabModel.promises, ErrandModel.key: ErrandModel.promises, EchoModel.key: EchoModel.promises,
    ]
    static let topics = LabModel.topics + ErrandModel.topics + EchoModel.topics
    static let files = [LabModel.key: LabModel.xml, ErrandModel.key: ErrandModel.xml, EchoModel.key: EchoModel.xml]
}
