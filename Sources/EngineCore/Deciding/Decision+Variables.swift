import BPMN
import Expressions
import OrderedCollections

extension Decision {
    /// Sets variables where they exist, from the activity outwards; new ones in the process instance.
    mutating func set(_ variables: [VariableInput], seenFrom activity: Activity) throws(Refusal) {
        let chain = tree.chain(from: activity.place, execution: activity.execution)
        for variable in variables { try set(variable, in: chain) }
    }

    /// Sets variables where they exist along the chain; new ones in its outermost scope.
    mutating func set(_ input: VariableInput, in chain: [ExecutionID]) throws(Refusal) {
        if let known = tree.variable(input.name, in: chain) { return overwrite(known, with: input) }
        guard let outermost = chain.last else { preconditionFailure("a chain ends at the process instance") }
        setLocal(input, owner: outermost, seenAs: outermost)
    }

    /// Sets variables in the activity's own scope.
    mutating func setLocal(_ variables: [VariableInput], in activity: Activity) {
        for variable in variables {
            if let execution = activity.execution {
                setLocal(variable, owner: execution, at: activity.place)
            } else {
                setLocal(variable, owner: activity.place.scope, seenAs: activity.place.scope)
            }
        }
    }

    private mutating func setMapped(_ input: VariableInput, in activity: Activity, seenAs: ActivityInstanceID?) {
        guard let execution = activity.execution, let seenAs else { return setLocal([input], in: activity) }
        var place = activity.place
        place.activityInstance = seenAs
        setLocal(input, owner: execution, at: place)
    }

    /// Sets a variable of an execution that a run through an activity owns.
    mutating func setLocal(_ input: VariableInput, owner: ExecutionID, at place: Place) {
        if let known = tree.variables[owner]?[input.name] { return overwrite(known, with: input) }
        create(
            input,
            owner: owner,
            root: ProcessInstanceID(place.path[0].rawValue),
            instance: place.instance,
            activityInstance: place.activityInstance
        )
    }

    /// Sets a variable of a scope that is open, or of an iteration in it.
    ///
    /// `seenAs`: The scope whose activity instance lists and history name.
    mutating func setLocal(_ input: VariableInput, owner: ExecutionID, seenAs: ExecutionID) {
        if let known = tree.variables[owner]?[input.name] { return overwrite(known, with: input) }
        let scope = scope(seenAs)
        create(
            input,
            owner: owner,
            root: scope.root,
            instance: scope.instance,
            activityInstance: scope.activityInstance
        )
    }

    private mutating func overwrite(_ known: Variable, with input: VariableInput) {
        var variable = known
        variable.value = input.value
        variable.isTransient = known.isTransient && input.isTransient
        // What was transient until now has no row yet.
        record(known.isTransient && !variable.isTransient ? .variableCreated(variable) : .variableChanged(variable))
    }

    private mutating func create(
        _ input: VariableInput,
        owner: ExecutionID,
        root: ProcessInstanceID,
        instance: ProcessInstanceID,
        activityInstance: ActivityInstanceID
    ) {
        if input.isTransient { hasTransientVariables = true }
        record(
            .variableCreated(
                Variable(
                    id: VariableID(nextIdentifier()),
                    owner: owner,
                    root: root,
                    instance: instance,
                    activityInstance: activityInstance,
                    name: input.name,
                    value: input.value,
                    isTransient: input.isTransient,
                    createTime: moment
                )
            )
        )
    }

    /// Changes the variables that are seen from an execution.
    mutating func changeVariables(
        of execution: ExecutionID,
        set inputs: [VariableInput],
        remove names: [String],
        locally: Bool
    ) throws(Refusal) {
        guard let (chain, place) = variableScope(execution) else {
            throw .rejected(.executionNotFound(execution.description))
        }
        let task = tree.userTasks[UserTaskID(execution.rawValue)]
        let locally = locally || task?.isStandalone == true
        if var task, locally {
            task.lastUpdateTime = moment
            record(.userTaskChanged(task))
        }
        for input in inputs {
            if !locally {
                try set(input, in: chain)
            } else if let place {
                setLocal(input, owner: execution, at: place)
            } else {
                setLocal(input, owner: execution, seenAs: execution)
            }
        }
        for name in names {
            let variable = locally ? tree.variables[execution]?[name] : tree.variable(name, in: chain)
            guard let variable else { continue }
            guard variable.value != nil else { throw .needs(.value(variable.id)) }
            record(.variableRemoved(variable))
        }
    }

    /// The scopes seen from an execution, and its place if it is a resting token.
    private func variableScope(_ execution: ExecutionID) -> (chain: [ExecutionID], place: Place?)? {
        if let scope = tree.scopes[execution] {
            guard scope.parent != nil else { return ([execution], nil) }
            return (tree.chain(from: scope.place, execution: execution), nil)
        }
        let place =
            tree.externalTasks[ExternalTaskID(execution.rawValue)]?.place
            ?? tree.userTasks[UserTaskID(execution.rawValue)]?.place ?? tree.tokens[execution]?.place
        return place.map { (tree.chain(from: $0, execution: execution), $0) }
    }
}

// MARK: Input and output mapping

extension Decision {
    /// Evaluates the input parameters in the outer scope and sets them in the activity's own.
    ///
    /// `seenAs`: The activity instance that history names as their scope: the activity's own, but of a
    ///   sub-process the one around it, as recorded behaviour has it.
    mutating func mapInput(
        of activity: Activity,
        _ definition: ProcessDefinition,
        seenAs: ActivityInstanceID? = nil
    ) throws(Refusal) {
        guard let inputs = definition[activity.node].mapping?.inputs, !inputs.isEmpty else { return }
        var outer = activity
        outer.execution = nil
        for parameter in inputs {
            let value = VariableValue(try evaluate(parameter.value, seenFrom: outer))
            setMapped(VariableInput(name: parameter.name, value: value), in: activity, seenAs: seenAs)
        }
    }

    /// Evaluates the output parameters in the activity's own scope and sets them outside.
    mutating func mapOutput(of activity: Activity, _ definition: ProcessDefinition) throws(Refusal) {
        guard let outputs = definition[activity.node].mapping?.outputs, !outputs.isEmpty else { return }
        var outer = activity
        outer.execution = nil
        for parameter in outputs {
            let value = VariableValue(try evaluate(parameter.value, seenFrom: activity))
            try set([VariableInput(name: parameter.name, value: value)], seenFrom: outer)
        }
    }

    private mutating func evaluate(_ value: ParameterValue, seenFrom activity: Activity) throws(Refusal) -> Value {
        switch value {
        case .null: return .null
        case .expression(let expression): return try evaluate(expression, seenFrom: activity)
        case .list(let values):
            var list: [Value] = []
            for value in values { list.append(try evaluate(value, seenFrom: activity)) }
            return .list(list)
        case .map(let entries):
            var map: [(String, Value)] = []
            for entry in entries { map.append((entry.key, try evaluate(entry.value, seenFrom: activity))) }
            // Maps of parameters are sorted by key; a repeated key: the last wins.
            return .map(.init(map.sorted { $0.0 < $1.0 }, uniquingKeysWith: { $1 }))
        }
    }
}
