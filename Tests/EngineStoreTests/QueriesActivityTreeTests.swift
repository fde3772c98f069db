import BPMN
import EngineCore
import Foundation
import Testing

@testable import EngineStore

@Suite struct `The tree of activity instances` {
    private let process = ProcessDefinition(
        key: "order",
        name: "Order",
        nodes: [
            FlowNode(
                id: "ship",
                name: "Ship it",
                kind: .passThroughTask,
                activityType: "task",
                scope: .process
            ),
            FlowNode(id: "join", kind: .parallelGateway, activityType: "parallelGateway", scope: .process),
        ],
        flows: [],
        scopes: [FlowScope(node: nil, start: nil)]
    )

    private func tree(_ rows: [ActivityRow], _ incidents: [ActivityIncident] = []) -> ActivityTree.Node {
        ActivityTree(of: "pi", definitionID: "order:1:x", rows: rows, incidents: incidents, definition: process).root
    }

    @Test func `begins with the process instance`() {
        let root = tree([])
        #expect(root.id == "pi")
        #expect(root.parentID == nil)
        #expect(root.activityID == "order:1:x")
        #expect(root.activityName == "Order")
        #expect(root.activityType == "processDefinition")
        #expect(root.executionIDs == ["pi"])
        #expect(root.children.isEmpty)
    }

    @Test func `nests the iterations of a parallel multi-instance in its body`() {
        let (body, task, iteration, ended) = (UUID(), UUID(), UUID(), UUID())
        let root = tree([
            ActivityRow(
                id: body,
                activityID: "ship#multiInstanceBody",
                activityInstanceID: "body:1",
                parentActivityInstanceID: "pi"
            ),
            ActivityRow(
                id: task,
                activityID: "ship",
                activityInstanceID: "ship:1",
                parentActivityInstanceID: "body:1",
                iterationID: iteration
            ),
            ActivityRow(
                id: ended,
                activityID: "ship",
                activityInstanceID: nil,
                parentActivityInstanceID: "body:1",
                isEndedIteration: true
            ),
        ])
        let bodyNode = root.children.first
        #expect(bodyNode?.activityType == "multiInstanceBody")
        #expect(bodyNode?.executionIDs == [body.text, iteration.text])
        #expect(bodyNode?.children.map(\.id) == ["ship:1"])
        #expect(bodyNode?.children.first?.executionIDs == [task.text])
        #expect(bodyNode?.transitions.map(\.executionID) == [ended.text])
        #expect(bodyNode?.transitions.first?.activityName == "Ship it")
    }

    @Test func `shows a token that waits at a join, and incidents where they belong`() {
        let incident = ActivityIncident(id: IncidentID(UUID()), activityID: "join", activityInstanceID: "join:1")
        let stray = ActivityIncident(id: IncidentID(UUID()), activityID: "gone", activityInstanceID: "gone:1")
        let root = tree(
            [ActivityRow(id: UUID(), activityID: "join", activityInstanceID: "join:1", parentActivityInstanceID: "pi")],
            [incident, stray]
        )
        #expect(root.children.map(\.activityType) == ["parallelGateway"])
        #expect(root.children.first?.incidents == [incident])
        #expect(root.incidents == [stray])
    }

    @Test func `keeps what has lost its parent`() {
        let row = ActivityRow(
            id: UUID(),
            activityID: "ship",
            activityInstanceID: "ship:1",
            parentActivityInstanceID: "gone:1"
        )
        #expect(tree([row]).children.map(\.id) == ["ship:1"])
    }
}
