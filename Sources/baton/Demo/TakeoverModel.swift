/// The model of the take-over story: one long task between a start and an end.
enum TakeoverModel {
    static func xml(processKey: String, topic: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                     xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="baton:demo">
          <process id="\(processKey)" name="Take-over" isExecutable="true" camunda:historyTimeToLive="P1D">
            <startEvent id="start"/>
            <sequenceFlow id="toRender" sourceRef="start" targetRef="render"/>
            <serviceTask id="render" name="Render the film" camunda:type="external" camunda:topic="\(topic)"/>
            <sequenceFlow id="toEnd" sourceRef="render" targetRef="end"/>
            <endEvent id="end"/>
          </process>
        </definitions>
        """
    }
}
