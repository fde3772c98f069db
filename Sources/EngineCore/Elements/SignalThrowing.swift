import BPMN
import Expressions

// MARK: Throwing signals

extension Decision {
    /// Gives a signal to all of the tree who wait for it, before the thrower goes on; those of other trees get it when
    /// the decision is durable.
    ///
    /// Meanwhile the thrower's token rests, so that a subscriber can cancel it.
    mutating func throwSignal(
        _ name: Expression,
        at activity: Activity,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        guard let execution = activity.execution else { preconditionFailure("a thrower has a scope of its own") }
        let trigger = EventTrigger(kind: .signal, name: name)
        let root = ProcessInstanceID(activity.place.path[0].rawValue)
        try mapInput(of: activity, definition)
        let name = try self.name(of: trigger, at: activity.place.activityID, seenFrom: activity)
        let subscribers = try tree.subscribers(toSignal: name, in: root)
        record(.tokenRested(Token(id: execution, place: activity.place, kind: .waitsForCall)))
        plan(.resume(execution, in: activity.place.scope))
        for subscriber in subscribers.reversed() { plan(.give(subscriber)) }
        record(
            .signalThrown(
                ThrownSignal(
                    id: SignalID(nextIdentifier()),
                    name: name,
                    root: root,
                    definition: activity.place.definition,
                    time: moment
                )
            )
        )
    }

    /// Lets the thrower of a signal go on, unless a subscriber has cancelled it.
    mutating func resume(_ execution: ExecutionID) throws(Refusal) {
        guard let token = tree.tokens[execution] else { return }
        let definition = try definition(token.place.definition)
        record(.tokenRemoved(execution))
        try leave(activity(of: token, definition), definition)
    }
}
