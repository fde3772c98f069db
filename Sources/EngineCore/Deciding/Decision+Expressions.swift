import BPMN
import Expressions
import OrderedCollections

extension Decision {
    /// Evaluates an expression with the variables that the activity sees.
    ///
    /// Variables that the expression sets are set as it says. A value that is not loaded is a need.
    mutating func evaluate(
        _ expression: Expression,
        seenFrom activity: Activity,
        externalTask: ExternalTask? = nil
    ) throws(Refusal) -> Value {
        if let literal = expression.literalText { return .string(literal) }
        var context = try context(for: expression, activity, externalTask)
        do {
            let value = try expression.evaluate(in: &context)
            try apply(context.changes, seenFrom: activity)
            return value
        } catch let error as EvaluationError {
            throw .rejected(.expressionFailed(error.message))
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            preconditionFailure("an evaluation fails with an EvaluationError or a Refusal, not with \(error)")
        }
    }

    /// Whether a flow's condition is true.
    ///
    /// Anything but a Boolean is refused.
    mutating func isTrue(_ condition: Expression, seenFrom activity: Activity) throws(Refusal) -> Bool {
        switch try evaluate(condition, seenFrom: activity) {
        case .boolean(let isTrue): return isTrue
        case .null: throw .rejected(.expressionFailed("condition expression returns null: \(condition.text)"))
        default: throw .rejected(.expressionFailed("condition expression returns non-Boolean: \(condition.text)"))
        }
    }

    /// A loaded variable's value as expressions see it.
    func expressionValue(of variable: Variable) throws(Refusal) -> Value {
        guard let value = variable.value else { throw .needs(.value(variable.id)) }
        return Value(value)
    }

    private func context(
        for expression: Expression,
        _ activity: Activity,
        _ externalTask: ExternalTask?
    ) throws(Refusal) -> EvaluationScope {
        let chain = tree.chain(from: activity.place, execution: activity.execution)
        var variables: OrderedDictionary<String, Value> = [:]
        if expression.mayReadAnyVariable {
            for owner in chain {
                for (name, variable) in tree.variables[owner] ?? [:] where variables[name] == nil {
                    variables[name] = try expressionValue(of: variable)
                }
            }
        } else {
            for name in expression.referencedNames {
                guard let variable = tree.variable(name, in: chain) else { continue }
                variables[name] = try expressionValue(of: variable)
            }
        }
        let own = activity.execution.flatMap { tree.variables[$0] } ?? [:]
        return EvaluationScope(
            variables: variables,
            localNames: Set(own.keys),
            now: moment,
            activity: activity,
            externalTask: externalTask,
            businessKey: scope(ExecutionID(activity.place.instance)).process?.businessKey,
            tenantID: tenants[activity.place.definition]
        )
    }

    private mutating func apply(_ changes: [EvaluationScope.Change], seenFrom activity: Activity) throws(Refusal) {
        for change in changes {
            switch change {
            case .set(let name, let value, let locally):
                let input = VariableInput(name: name, value: VariableValue(value))
                if locally { setLocal([input], in: activity) } else { try set([input], seenFrom: activity) }
            case .remove(let name, let locally):
                let chain = tree.chain(from: activity.place, execution: activity.execution)
                let variable = tree.variable(name, in: locally ? Array(chain.prefix(1)) : chain)
                if let variable { record(.variableRemoved(variable)) }
            }
        }
    }
}

/// What an expression may see and do: the variables of an activity, the execution, the external task.
private struct EvaluationScope: EvaluationContext {
    var variables: OrderedDictionary<String, Value>
    var localNames: Set<String>
    var now: Instant
    var activity: Activity
    var externalTask: ExternalTask?
    var businessKey: String?
    var tenantID: String?
    var changes: [Change] = []

    enum Change {
        case set(name: String, Value, locally: Bool)
        case remove(name: String, locally: Bool)
    }

    var visibleVariables: OrderedDictionary<String, Value> { variables }
    var authenticatedUserID: String? { nil }

    func variable(_ name: String) -> Value? { variables[name] }

    func localVariable(_ name: String) -> Value? { localNames.contains(name) ? variables[name] : nil }

    func has(_ object: ImplicitObject) -> Bool {
        switch object {
        case .execution: true
        case .externalTask: externalTask != nil
        case .task: false
        }
    }

    func property(_ name: String, of object: ImplicitObject) -> Value? {
        switch object {
        case .execution: executionProperty(name)
        case .externalTask: externalTask.flatMap { Self.property(name, of: $0) }
        case .task: nil
        }
    }

    mutating func setVariable(_ name: String, to value: Value, locally: Bool) {
        variables[name] = value
        if locally { localNames.insert(name) }
        changes.append(.set(name: name, value, locally: locally))
    }

    mutating func removeVariable(_ name: String, locally: Bool) {
        variables[name] = nil
        localNames.remove(name)
        changes.append(.remove(name: name, locally: locally))
    }

    private func executionProperty(_ name: String) -> Value? {
        let place = activity.place
        return switch name {
        case "id": .string((activity.execution ?? place.scope).description)
        case "processInstanceId": .string(place.instance.description)
        case "processDefinitionId": .string(place.definition.description)
        case "processBusinessKey", "businessKey": businessKey.map { .string($0) } ?? .null
        case "currentActivityId": .string(place.activityID)
        case "activityInstanceId": .string(place.activityInstance.description)
        case "parentActivityInstanceId": .string(place.parentActivityInstance.description)
        case "parentId": .string(place.scope.description)
        case "tenantId": tenantID.map { .string($0) } ?? .null
        case "eventName", "currentActivityName": .null
        default: nil
        }
    }

    private static func property(_ name: String, of task: ExternalTask) -> Value? {
        switch name {
        case "id": .string(task.id.description)
        case "topicName": task.topic.map { .string($0) } ?? .null
        case "workerId": task.worker.map { .string($0.rawValue) } ?? .null
        case "retries": task.retries.map { .integer($0) } ?? .null
        case "priority": .long(task.priority)
        case "errorMessage": task.errorMessage.map { .string($0) } ?? .null
        case "errorDetails": task.errorDetails.map { .string($0) } ?? .null
        case "lockExpirationTime": task.lockExpiration.map { .date($0) } ?? .null
        case "activityId": .string(task.place.activityID)
        case "activityInstanceId": .string(task.place.activityInstance.description)
        case "processInstanceId": .string(task.place.instance.description)
        case "processDefinitionId": .string(task.place.definition.description)
        case "executionId": .string(task.id.description)
        default: nil
        }
    }
}
