import EngineCore
import EngineStore
import JSON

/// The activity instances of a process instance on the wire.
struct ActivityTreeJSON {
    private let tree: ActivityTree

    init(_ tree: ActivityTree) { self.tree = tree }

    func write(to writer: inout JSONWriter) { write(tree.root, to: &writer) }

    private func write(_ node: ActivityTree.Node, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", node.id)
        writer.member("parentActivityInstanceId", node.parentID)
        writer.member("activityId", node.activityID)
        writer.member("activityType", node.activityType)
        writePlace(to: &writer)
        writer.key("childActivityInstances")
        writer.beginArray()
        for child in node.children { write(child, to: &writer) }
        writer.endArray()
        writer.key("childTransitionInstances")
        writer.beginArray()
        for transition in node.transitions { write(transition, to: &writer) }
        writer.endArray()
        writer.key("executionIds")
        writer.beginArray()
        for id in node.executionIDs { writer.value(id) }
        writer.endArray()
        writer.member("activityName", node.activityName)
        writer.member("name", node.activityName)
        write(node.incidents, to: &writer)
        writer.endObject()
    }

    private func write(_ transition: ActivityTree.Transition, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", transition.executionID)
        writer.member("parentActivityInstanceId", transition.parentID)
        writer.member("activityId", transition.activityID)
        // The contract names the activity twice.
        writer.member("targetActivityId", transition.activityID)
        writer.member("activityName", transition.activityName)
        writer.member("activityType", transition.activityType)
        writePlace(to: &writer)
        writer.member("executionId", transition.executionID)
        write(transition.incidents, to: &writer)
        writer.endObject()
    }

    private func writePlace(to writer: inout JSONWriter) {
        writer.member("processInstanceId", tree.root.id)
        writer.member("processDefinitionId", tree.root.activityID)
    }

    private func write(_ incidents: [ActivityIncident], to writer: inout JSONWriter) {
        writer.key("incidentIds")
        writer.beginArray()
        for incident in incidents { writer.value(incident.id.description) }
        writer.endArray()
        writer.key("incidents")
        writer.beginArray()
        for incident in incidents {
            writer.beginObject()
            writer.member("id", incident.id.description)
            writer.member("activityId", incident.activityID)
            writer.endObject()
        }
        writer.endArray()
    }
}
