package import BPMN
import EngineCore
import FoundationEssentials

/// The activity instances of a process instance, nested as their scopes are.
///
/// See the BPMN reference, *Activity-instance tree*.
package struct ActivityTree: Sendable, Hashable {
    /// The process instance itself.
    package var root: Node

    /// A run through an activity that has not ended.
    package struct Node: Sendable, Hashable {
        package var id: String
        package var parentID: String?
        package var activityID: String
        package var activityName: String?
        package var activityType: String
        /// The execution that is the activity's scope, and those around its children without an activity of their own.
        package var executionIDs: [String]
        package var incidents: [ActivityIncident] = []
        package var children: [Node] = []
        package var transitions: [Transition] = []
    }

    /// An execution that stands at an activity without running it.
    package struct Transition: Sendable, Hashable {
        package var executionID: String
        package var parentID: String
        package var activityID: String
        package var activityName: String?
        package var activityType: String
        package var incidents: [ActivityIncident] = []
    }

    /// Nests what runs inside an instance.
    ///
    /// `rows` are in the order in which siblings appear; names and types come from the model.
    package init(
        of instance: String,
        definitionID: String,
        rows: [ActivityRow],
        incidents: [ActivityIncident],
        definition: ProcessDefinition
    ) {
        let ids = Set(rows.lazy.filter { !$0.isEndedIteration }.compactMap(\.activityInstanceID))
        // What has lost its parent belongs to the instance.
        let parent = { (id: String) in ids.contains(id) ? id : instance }
        let builder = Builder(
            rows: Dictionary(grouping: rows) { parent($0.parentActivityInstanceID) },
            incidents: Dictionary(grouping: incidents) { parent($0.activityInstanceID) },
            definition: definition
        )
        var root = Node(
            id: instance,
            activityID: definitionID,
            activityName: definition.name,
            activityType: "processDefinition",
            executionIDs: [instance]
        )
        builder.fill(&root)
        self.root = root
    }

    private struct Builder {
        var rows: [String: [ActivityRow]]
        var incidents: [String: [ActivityIncident]]
        var definition: ProcessDefinition

        func fill(_ node: inout Node) {
            node.incidents = incidents[node.id] ?? []
            for row in rows[node.id] ?? [] where row.activityInstanceID != node.id {
                let (name, type) = definition.label(of: row.activityID)
                if row.isEndedIteration {
                    node.transitions.append(
                        Transition(
                            executionID: row.id.text,
                            parentID: node.id,
                            activityID: row.activityID,
                            activityName: name,
                            activityType: type ?? ""
                        )
                    )
                } else if let id = row.activityInstanceID {
                    if let iteration = row.iterationID { node.executionIDs.append(iteration.text) }
                    var child = Node(
                        id: id,
                        parentID: node.id,
                        activityID: row.activityID,
                        activityName: name,
                        activityType: type ?? "",
                        executionIDs: [row.id.text]
                    )
                    fill(&child)
                    node.children.append(child)
                }
            }
        }
    }
}

extension ProcessDefinition {
    /// What a model calls an activity or a multi-instance body; the type is nil when it has no such activity.
    package func label(of activityID: String) -> (name: String?, type: String?) {
        if let node = node(id: activityID) { return (self[node].name, self[node].activityType) }
        let suffix = EngineCore.Scope.bodySuffix
        guard activityID.hasSuffix(suffix), let node = node(id: String(activityID.dropLast(suffix.count))) else {
            return (nil, nil)
        }
        return (self[node].name, "multiInstanceBody")
    }
}
