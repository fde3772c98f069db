import BPMN
import Expressions

/// A BPMN error on its way to whoever catches it.
struct BPMNError: Sendable {
    var code: String
    var message: String?
}

extension Decision {
    /// An error end event was reached.
    mutating func endWithError(
        _ error: ThrownError,
        at activity: Activity,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        try mapInput(of: activity, definition)
        var message: String?
        if let expression = error.message { message = try evaluate(expression, seenFrom: activity).text }
        try propagate(BPMNError(code: error.code, message: message), thrownBy: activity, definition) {
            decision,
            isCaught throws(Refusal) in
            decision.end(activity, definition, isCanceled: isCaught, completesScope: !isCaught)
        }
    }

    /// A worker reported an error.
    mutating func propagate(
        _ error: BPMNError,
        from task: ExternalTask,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        let activity = activity(of: task, definition)
        try propagate(error, thrownBy: activity, definition) { decision, isCaught throws(Refusal) in
            decision.log(task, .deleted)
            decision.remove(task, isResolved: false)
            try decision.endThrower(activity, isCaught: isCaught, error, definition)
        }
    }

    /// Somebody reported an error on a user task.
    mutating func propagate(_ error: BPMNError, from task: UserTask, _ definition: ProcessDefinition) throws(Refusal) {
        let activity = activity(of: task, definition)
        try propagate(error, thrownBy: activity, definition) { decision, isCaught throws(Refusal) in
            let ended = EndedUserTask(task: task, endTime: decision.moment, deleteReason: decision.cancellation.reason)
            decision.record(.userTaskEnded(ended))
            try decision.endThrower(activity, isCaught: isCaught, error, definition)
        }
    }

    private mutating func endThrower(
        _ activity: Activity,
        isCaught: Bool,
        _ error: BPMNError,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        do {
            try mapOutput(of: activity, definition)
        } catch let refusal {
            throw Self.propagationFailure(of: error, while: refusal)
        }
        end(activity, definition, isCanceled: isCaught, completesScope: !isCaught)
    }

    private static func propagationFailure(of error: BPMNError, while refusal: Refusal) -> Refusal {
        guard case .rejected(let rejection) = refusal else { return refusal }
        return .rejected(.errorPropagationFailed(code: error.code, cause: rejection.description))
    }
}

// MARK: Who catches

extension Decision {
    private struct Catcher {
        var event: NodeIndex
        var definition: CaughtError
        /// The activity that the event is attached to: the thrower itself, or a scope around it.
        var host: Host

        enum Host {
            case thrower
            case scope(Scope)
        }
    }

    /// Hands an error to the nearest scope that catches it; if none does, the thrower's path ends like at a none end
    /// event.
    ///
    /// `endThrower`: Ends the thrower; told whether the error is caught.
    private mutating func propagate(
        _ error: BPMNError,
        thrownBy activity: Activity,
        _ definition: ProcessDefinition,
        endThrower: (inout Decision, Bool) throws(Refusal) -> Void
    ) throws(Refusal) {
        guard let catcher = catcher(of: error, thrownBy: activity, definition) else {
            try endThrower(&self, false)
            if isIteration(activity, definition) { return try iterationEnded(activity, definition) }
            return try endPath(at: activity.place.activityID, in: activity.place.scope, definition)
        }
        if case .scope(let host) = catcher.host { try tree.requireWhole(host) }
        let seenFrom: Activity
        let outside: ExecutionID
        switch catcher.host {
        case .thrower: (seenFrom, outside) = (activity, activity.place.scope)
        case .scope(let host): (seenFrom, outside) = (self.activity(of: host, definition), host.place.scope)
        }
        try setErrorVariables(error, catcher.definition, seenFrom: seenFrom)
        try endThrower(&self, true)
        if case .scope(let host) = catcher.host {
            do {
                try cancel(host, definition)
            } catch let refusal {
                throw Self.propagationFailure(of: error, while: refusal)
            }
        }
        plan(Move(node: catcher.event, scope: outside))
    }

    /// Looks outwards; the nearest scope with any match wins, and in one scope a code goes before catching all.
    private func catcher(
        of error: BPMNError,
        thrownBy activity: Activity,
        _ definition: ProcessDefinition
    ) -> Catcher? {
        if !isIteration(activity, definition),
            let (event, caught) = boundary(of: activity.node, catching: error, definition)
        {
            return Catcher(event: event, definition: caught, host: .thrower)
        }
        var current = scope(activity.place.scope)
        while current.parent != nil {
            let run = self.activity(of: current, definition)
            if !isIteration(run, definition), let (event, caught) = boundary(of: run.node, catching: error, definition)
            {
                return Catcher(event: event, definition: caught, host: .scope(current))
            }
            current = scope(run.place.scope)
        }
        return nil
    }

    private func boundary(
        of node: NodeIndex,
        catching error: BPMNError,
        _ definition: ProcessDefinition
    ) -> (NodeIndex, CaughtError)? {
        var catchAll: (NodeIndex, CaughtError)?
        for event in definition[node].boundaryEvents {
            guard case .boundaryErrorEvent(let caught, _) = definition[event].kind else { continue }
            if caught.code == error.code { return (event, caught) }
            if caught.code == nil, catchAll == nil { catchAll = (event, caught) }
        }
        return catchAll
    }

    private mutating func setErrorVariables(
        _ error: BPMNError,
        _ caught: CaughtError,
        seenFrom activity: Activity
    ) throws(Refusal) {
        var variables: [VariableInput] = []
        if let name = caught.codeVariable { variables.append(VariableInput(name: name, value: .string(error.code))) }
        if let name = caught.messageVariable {
            let value: VariableValue = error.message.map { .string($0) } ?? .null
            variables.append(VariableInput(name: name, value: value))
        }
        try set(variables, seenFrom: activity)
    }
}
