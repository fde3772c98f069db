import BPMN
import Expressions
import OrderedCollections

extension Decision {
    /// The flows that an activity or event is left over: all whose condition is absent or true; the default only if
    /// there is no other.
    mutating func selectFlows(from activity: Activity, _ definition: ProcessDefinition) throws(Refusal) -> [FlowIndex] {
        let node = definition[activity.node]
        var selected: [FlowIndex] = []
        for flow in node.outgoing where flow != node.defaultFlow {
            if try isOpen(flow, from: activity, definition) { selected.append(flow) }
        }
        if selected.isEmpty, let defaultFlow = node.defaultFlow { selected = [defaultFlow] }
        guard !selected.isEmpty || node.outgoing.isEmpty else {
            throw .rejected(.noFlowSelectable(activity: node.id, isGateway: false))
        }
        return selected
    }

    /// Takes the first flow whose condition is absent or true, else the default.
    mutating func passExclusiveGateway(_ activity: Activity, _ definition: ProcessDefinition) throws(Refusal) {
        let node = definition[activity.node]
        var selected = node.defaultFlow
        for flow in node.outgoing where flow != node.defaultFlow {
            if try isOpen(flow, from: activity, definition) {
                selected = flow
                break
            }
        }
        guard let selected else { throw .rejected(.noFlowSelectable(activity: node.id, isGateway: true)) }
        try leave(activity, over: [selected], definition)
    }

    private mutating func isOpen(
        _ flow: FlowIndex,
        from activity: Activity,
        _ definition: ProcessDefinition
    ) throws(Refusal) -> Bool {
        guard let condition = definition[flow].condition else { return true }
        return try isTrue(condition, seenFrom: activity)
    }

    /// Waits at a parallel gateway until as many tokens as it has incoming flows are there; then takes all flows.
    ///
    /// Tokens are counted, not matched to flows.
    mutating func arriveAtParallelGateway(_ activity: Activity, _ definition: ProcessDefinition) throws(Refusal) {
        let node = definition[activity.node]
        var scope = scope(activity.place.scope)
        let waiting = scope.arrived.count { $0 == node.id }
        guard waiting + 1 >= node.incomingCount else {
            scope.arrived.append(node.id)
            record(.scopeChanged(scope))
            record(.tokenRested(Token(id: nextExecution(), place: activity.place, kind: .arrivedAtJoin)))
            return
        }
        if waiting > 0 {
            for token in try tree.arrivals(at: node.id, in: scope) {
                removeArrival(token)
                let arrival = Activity(node: activity.node, place: token.place)
                end(arrival, definition, isCanceled: false, completesScope: node.outgoing.isEmpty)
            }
            scope.arrived.removeAll { $0 == node.id }
            scope.openChildren -= waiting
            record(.scopeChanged(scope))
        }
        try leave(activity, over: node.outgoing, definition)
    }

    /// Takes a token away that waits at a join, with the variables that clients may have given it meanwhile.
    mutating func removeArrival(_ token: Token) {
        record(.tokenRemoved(token.id))
        if tree.variables[token.id]?.isEmpty == false { record(.variablesClosed(owner: token.id)) }
    }
}
