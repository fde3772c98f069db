import BPMN
import Expressions
import OrderedCollections

/// The loop variables of a multi-instance body.
private enum LoopVariable {
    static let total = "nrOfInstances"
    static let active = "nrOfActiveInstances"
    static let completed = "nrOfCompletedInstances"
    static let counter = "loopCounter"
}

extension Decision {
    /// The most iterations that one multi-instance may have.
    package static let maximumIterations = 100_000

    /// Opens the body of a multi-instance and begins its first iteration, or all of them.
    mutating func openBody(
        of index: NodeIndex,
        in scope: Scope,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        let node = definition[index]
        guard let multiInstance = node.multiInstance else { preconditionFailure("\(node.id) has no multi-instance") }
        let activityID = node.id + Scope.bodySuffix
        let place = Place(
            instance: scope.instance,
            definition: scope.definition,
            scope: scope.id,
            path: scope.path,
            activityID: activityID,
            activityInstance: nextActivityInstance(of: activityID),
            parentActivityInstance: scope.activityInstance,
            iteration: nil,
            startTime: moment
        )
        let body = nextExecution()
        let activity = Activity(node: index, place: place, execution: body)
        open(.multiInstanceBody(Loop(total: 0)), body, for: activity, openChildren: 0)
        try openBoundary(of: activity, definition)

        let elements = try elements(of: multiInstance, for: activity)
        let total = try iterations(of: multiInstance, elements, for: activity)
        guard total > 0 else { return try leave(activity, definition) }
        setLocal(VariableInput(name: LoopVariable.total, value: .integer(Int32(total))), in: body)
        setLocal(VariableInput(name: LoopVariable.completed, value: .integer(0)), in: body)
        setLocal(
            VariableInput(name: LoopVariable.active, value: .integer(multiInstance.isSequential ? 1 : Int32(total))),
            in: body
        )
        if multiInstance.isSequential {
            changeLoop(of: body, openChildren: 1) { $0 = Loop(total: total, started: 1) }
            try beginIteration(Iteration(index: 0), of: multiInstance, elements, index, activity)
        } else {
            changeLoop(of: body, openChildren: total) { $0 = Loop(total: total, started: total) }
            for number in (0..<total).reversed() {
                let iteration = Iteration(index: number, execution: nextExecution())
                try beginIteration(iteration, of: multiInstance, elements, index, activity)
            }
        }
    }

    /// An iteration ended by itself: counts it, and goes on with the next one, or ends the body.
    mutating func iterationEnded(_ activity: Activity, _ definition: ProcessDefinition) throws(Refusal) {
        let body = scope(activity.place.scope)
        guard let multiInstance = definition[activity.node].multiInstance, var loop = body.loop else {
            preconditionFailure("\(activity.place.activityID) is not an iteration")
        }
        loop.completed += 1
        changeLoop(of: body.id) { $0 = loop }
        setLocal(VariableInput(name: LoopVariable.completed, value: .integer(Int32(loop.completed))), in: body.id)
        let bodyActivity = self.activity(of: body, definition)
        if multiInstance.isSequential {
            let isSatisfied = try isSatisfied(multiInstance.completionCondition, seenFrom: bodyActivity)
            guard loop.started < loop.total, !isSatisfied else { return try leaveBody(body, definition) }
            changeLoop(of: body.id) { $0.started += 1 }
            // A sequential multi-instance reads its collection again for each element.
            let elements = try elements(of: multiInstance, for: bodyActivity)
            try beginIteration(Iteration(index: loop.started), of: multiInstance, elements, activity.node, bodyActivity)
        } else {
            try parallelIterationEnded(activity, of: multiInstance, loop, body, definition)
        }
    }

    private mutating func parallelIterationEnded(
        _ activity: Activity,
        of multiInstance: MultiInstance,
        _ loop: Loop,
        _ body: Scope,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        guard let iteration = activity.place.iteration else { preconditionFailure("a parallel iteration has a scope") }
        let active = try integer(LoopVariable.active, owner: body.id) - 1
        setLocal(VariableInput(name: LoopVariable.active, value: .integer(active)), in: body.id)
        // The condition sees the variables of the iteration that has just ended.
        let ended = Activity(node: activity.node, place: activity.place, execution: nil)
        record(.tokenRested(Token(id: iteration, place: activity.place, kind: .endedIteration)))
        let isSatisfied = try isSatisfied(multiInstance.completionCondition, seenFrom: ended)
        if loop.completed >= loop.total || isSatisfied { try leaveBody(scope(body.id), definition) }
    }

    /// Ends a body normally; iterations that still run are cancelled.
    private mutating func leaveBody(_ body: Scope, _ definition: ProcessDefinition) throws(Refusal) {
        let activity = self.activity(of: body, definition)
        let flows = try selectFlows(from: activity, definition)
        try cancelContent(of: body)
        try leave(activity, over: flows, definition)
    }

    /// Sets the loop variables of an iteration and plans its token.
    private mutating func beginIteration(
        _ iteration: Iteration,
        of multiInstance: MultiInstance,
        _ elements: [Value]?,
        _ node: NodeIndex,
        _ body: Activity
    ) throws(Refusal) {
        guard let bodyExecution = body.execution else { preconditionFailure("a body has a scope") }
        let owner = iteration.execution ?? bodyExecution
        setLocal(
            VariableInput(name: LoopVariable.counter, value: .integer(Int32(iteration.index))),
            owner: owner,
            seenAs: bodyExecution
        )
        if let elements, let name = multiInstance.elementVariable {
            guard iteration.index < elements.count else {
                throw .rejected(
                    .multiInstanceInvalid(
                        "The collection of '\(body.place.activityID)' has only \(elements.count) elements"
                    )
                )
            }
            let value = VariableValue(elements[iteration.index])
            setLocal(VariableInput(name: name, value: value), owner: owner, seenAs: bodyExecution)
        }
        plan(Move(node: node, scope: bodyExecution, iteration: iteration))
    }

    private mutating func setLocal(_ variable: VariableInput, in body: ExecutionID) {
        setLocal(variable, owner: body, seenAs: body)
    }

    private mutating func changeLoop(of body: ExecutionID, openChildren: Int? = nil, _ change: (inout Loop) -> Void) {
        var scope = scope(body)
        guard var loop = scope.loop else { preconditionFailure("\(body) is not a body") }
        change(&loop)
        scope.kind = .multiInstanceBody(loop)
        if let openChildren { scope.openChildren = openChildren }
        record(.scopeChanged(scope))
    }
}

// MARK: How many, over what, until when

extension Decision {
    private mutating func iterations(
        of multiInstance: MultiInstance,
        _ elements: [Value]?,
        for body: Activity
    ) throws(Refusal) -> Int {
        let total: Int
        if let cardinality = multiInstance.cardinality {
            total = try count(try evaluate(cardinality, seenFrom: body))
        } else if let elements {
            total = elements.count
        } else {
            throw .rejected(
                .multiInstanceInvalid("ENGINE-02026 Couldn't resolve collection expression nor variable reference")
            )
        }
        guard total >= 0 else {
            throw .rejected(
                .multiInstanceInvalid(
                    "ENGINE-02023 Invalid number of instances: must be positive integer value or zero, but was '\(total)'"
                )
            )
        }
        guard total <= Self.maximumIterations else {
            throw .rejected(
                .multiInstanceInvalid(
                    "A multi-instance may have at most \(Self.maximumIterations) iterations, not \(total)"
                )
            )
        }
        return total
    }

    /// A whole number, or text that reads as one; a fraction is cut off.
    private func count(_ value: Value) throws(Refusal) -> Int {
        let total: Int? =
            switch value {
            case .short(let number): Int(number)
            case .integer(let number): Int(number)
            case .long(let number): Int(exactly: number)
            case .double(let number): Int(exactly: number.rounded(.towardZero))
            case .string(let text): Int(text)
            case .null, .boolean, .date, .bytes, .list, .map, .opaque: nil
            }
        guard let total else {
            throw .rejected(
                .multiInstanceInvalid("Could not resolve loopCardinality expression: not a number nor number String")
            )
        }
        return total
    }

    private mutating func elements(of multiInstance: MultiInstance, for body: Activity) throws(Refusal) -> [Value]? {
        let value: Value
        let named: String
        switch multiInstance.collection {
        case nil: return nil
        case .expression(let expression):
            value = try evaluate(expression, seenFrom: body)
            named = expression.text
        case .variable(let name):
            guard let variable = tree.variable(name, in: tree.chain(from: body.place, execution: body.execution)) else {
                throw .rejected(.multiInstanceInvalid("ENGINE-02024 Variable '\(name)' was not found"))
            }
            value = try expressionValue(of: variable)
            named = name
        }
        guard case .list(let elements) = value else {
            throw .rejected(.multiInstanceInvalid("ENGINE-02025 '\(named)' is not a collection"))
        }
        return elements
    }

    private mutating func isSatisfied(_ condition: Expression?, seenFrom activity: Activity) throws(Refusal) -> Bool {
        guard let condition else { return false }
        guard case .boolean(let isSatisfied) = try evaluate(condition, seenFrom: activity) else {
            throw .rejected(
                .multiInstanceInvalid(
                    "ENGINE-02028 Completion condition '\(condition.text)' does not evaluate to a boolean"
                )
            )
        }
        return isSatisfied
    }

    /// A loop counter that clients may have overwritten; anything but a whole number counts as zero.
    private func integer(_ name: String, owner: ExecutionID) throws(Refusal) -> Int32 {
        guard let variable = tree.variables[owner]?[name] else { return 0 }
        guard let value = variable.value else { throw .needs(.value(variable.id)) }
        if case .integer(let number?) = value { return number }
        return 0
    }
}
