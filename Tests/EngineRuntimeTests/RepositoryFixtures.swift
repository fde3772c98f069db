import EngineCore
import EngineRuntime
import EngineStore
import Foundation
import TestSupport

/// A model with one executable process, which waits at an external task.
func model(_ key: String, name: String = "A process", topic: String = "work") -> [UInt8] {
    Array(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                     xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
          <process id="\(key)" name="\(name)" isExecutable="true" camunda:versionTag="v-1"
                   camunda:historyTimeToLive="P7D">
            <documentation>About it</documentation>
            <startEvent id="start"/>
            <sequenceFlow id="in" sourceRef="start" targetRef="task"/>
            <serviceTask id="task" camunda:type="external" camunda:topic="\(topic)"/>
            <sequenceFlow id="out" sourceRef="task" targetRef="end"/>
            <endEvent id="end"/>
          </process>
        </definitions>
        """.utf8
    )
}

extension NewDeployment {
    /// A deployment of files by name.
    init(
        _ name: String? = "test",
        source: String? = nil,
        tenantID: String? = nil,
        filtering: Filtering = .none,
        files: KeyValuePairs<String, [UInt8]>
    ) {
        self.init(
            name: name,
            source: source,
            tenantID: tenantID,
            resources: files.map { Resource(name: $0.key, content: $0.value) },
            filtering: filtering
        )
    }
}

extension Engine {
    /// An engine on the database of the suite that is running.
    static var ofTest: Engine {
        Engine(configuration: Configuration(database: Database.current.settings), logger: TestServer.logger)
    }
}
