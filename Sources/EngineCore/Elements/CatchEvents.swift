import BPMN
import Expressions

// MARK: Waiting

extension Decision {
    /// Lets the token rest until its message or signal comes; without one, until a call names its execution.
    mutating func wait(
        for trigger: EventTrigger?,
        at activity: Activity,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        guard let execution = activity.execution else { preconditionFailure("what waits has a scope of its own") }
        // Names are evaluated before input parameters are set (BPMN reference, "life of an activity").
        if let trigger { try subscribe(activity, to: trigger, at: activity.place.activityID) }
        try mapInput(of: activity, definition)
        let kind: Token.Kind = trigger == nil ? .waitsForCall : .waitsForEvent
        record(.tokenRested(Token(id: execution, place: activity.place, kind: kind)))
    }

    /// Lets the token rest until the first of the following catch events comes.
    mutating func waitForFirst(at gateway: Activity, _ definition: ProcessDefinition) throws(Refusal) {
        guard let execution = gateway.execution else { preconditionFailure("a gateway that waits has its own scope") }
        for flow in definition[gateway.node].outgoing {
            let event = definition[definition[flow].target]
            guard let trigger = event.trigger else { preconditionFailure("'\(event.id)' cannot follow the gateway") }
            try subscribe(gateway, to: trigger, at: event.id)
        }
        try mapInput(of: gateway, definition)
        record(.tokenRested(Token(id: execution, place: gateway.place, kind: .waitsForEvent)))
    }

    /// Waits for what the boundary events of an activity or body want.
    mutating func openBoundary(of host: Activity, _ definition: ProcessDefinition) throws(Refusal) {
        for (event, trigger) in definition.boundaryTriggers(of: host.node) {
            try subscribe(host, to: trigger, at: definition[event].id)
        }
    }

    /// Whether a run through an activity may own subscriptions.
    func hasSubscriptions(_ activity: Activity, _ definition: ProcessDefinition) -> Bool {
        let node = definition[activity.node]
        let isBody = activity.place.activityID.hasSuffix(Scope.bodySuffix)
        if node.trigger != nil || node.isEventBasedGateway, !isBody { return true }
        return (node.multiInstance == nil || isBody) && !definition.boundaryTriggers(of: activity.node).isEmpty
    }

    private mutating func subscribe(
        _ activity: Activity,
        to trigger: EventTrigger,
        at activityID: String
    ) throws(Refusal) {
        guard let owner = activity.execution else { preconditionFailure("what waits has a scope of its own") }
        let name = try name(of: trigger, at: activityID, seenFrom: activity)
        record(
            .subscriptionOpened(
                Subscription(
                    id: SubscriptionID(nextIdentifier()),
                    kind: trigger.kind,
                    name: name,
                    owner: owner,
                    root: ProcessInstanceID(activity.place.path[0].rawValue),
                    instance: activity.place.instance,
                    definition: activity.place.definition,
                    activityID: activityID,
                    createTime: moment
                )
            )
        )
    }

    /// The name of a message or signal, evaluated.
    mutating func name(
        of trigger: EventTrigger,
        at activityID: String,
        seenFrom activity: Activity
    ) throws(Refusal) -> String {
        guard let name = try evaluate(trigger.name, seenFrom: activity).text, !name.isEmpty else {
            throw .rejected(
                .expressionFailed(
                    "The \(trigger.kind.rawValue) name '\(trigger.name.text)' of '\(activityID)' must yield text"
                )
            )
        }
        guard name.utf16.count <= Subscription.maximumNameLength else {
            let parameter = "\(trigger.kind.rawValue) name"
            throw .rejected(.valueTooLong(parameter: parameter, maximum: Subscription.maximumNameLength))
        }
        return name
    }
}

// MARK: What comes

extension Decision {
    /// Gives a message or signal to one who waits for it: variables first, then the event.
    mutating func deliver(_ delivery: EventDelivery) throws(Refusal) {
        guard let host = host(delivery.owner) else { throw .rejected(delivery.notFound) }
        let subscription = try tree.subscriptions(of: delivery.owner).first {
            $0.kind == delivery.kind && $0.name == delivery.name
                && (delivery.subscription == nil || $0.id == delivery.subscription)
        }
        guard let subscription else { throw .rejected(delivery.notFound) }
        guard !isSuspended(subscription.instance) else { throw .rejected(.executionSuspended(delivery.owner)) }
        let definition = try definition(subscription.definition)
        let activity = activity(of: host, definition)
        try set(delivery.variables, seenFrom: activity)
        setLocal(delivery.localVariables, in: activity)
        try fire(subscription, of: host, activity, definition)
        // Who waits no more cannot get it again.
        if let signal = delivery.signal, tree.subscriptions[delivery.owner]?.contains(subscription) == true {
            record(.signalTaken(signal, by: .subscription(subscription.id)))
        }
    }

    private mutating func fire(
        _ subscription: Subscription,
        of host: Host,
        _ activity: Activity,
        _ definition: ProcessDefinition
    ) throws(Refusal) {
        guard let event = definition.node(id: subscription.activityID) else {
            preconditionFailure("activity \(subscription.activityID) is not in its definition")
        }
        switch (definition[event].kind, host) {
        case (.boundaryEvent(_, attachedTo: _, isInterrupting: false), _):
            var outside = scope(activity.place.scope)
            outside.openChildren += 1
            record(.scopeChanged(outside))
            plan(Move(node: event, scope: outside.id))
        case (.boundaryEvent, _):
            try cancel(host, definition)
            plan(Move(node: event, scope: activity.place.scope))
        case (_, .token(let token)) where definition[activity.node].isEventBasedGateway:
            // The gateway is cancelled, and the event runs as if the token had just come to it (BPMN reference, gateways).
            try cancel(token, definition)
            plan(Move(node: event, scope: activity.place.scope, isTriggered: true))
        case (_, .token(let token)):
            record(.tokenRemoved(token.id))
            try leave(activity, definition)
        case (_, .scope), (_, .externalTask), (_, .userTask):
            preconditionFailure("'\(subscription.activityID)' does not rest")
        }
    }

    /// Gives a signal that was thrown to one of the same tree, if it still waits.
    mutating func give(_ subscription: Subscription) throws(Refusal) {
        guard let host = host(subscription.owner),
            tree.subscriptions[subscription.owner]?.contains(subscription) == true
        else { return }
        let definition = try definition(subscription.definition)
        try fire(subscription, of: host, activity(of: host, definition), definition)
    }

    /// Lets a token go on that waits at an activity, whatever it waits for; a task that it rests in is skipped.
    mutating func signalExecution(_ id: ExecutionID, variables: [VariableInput]) throws(Refusal) {
        guard let host = host(id) else { throw .rejected(.executionNotFound(id.description)) }
        guard let place = host.restingPlace else { throw .rejected(.notSignallable(id)) }
        guard !isSuspended(place.instance) else { throw .rejected(.executionSuspended(id)) }
        let definition = try definition(place.definition)
        let activity = activity(of: host, definition)
        guard !definition[activity.node].isEventBasedGateway else { throw .rejected(.notSignallable(id)) }
        try set(variables, seenFrom: activity)
        switch host {
        case .externalTask(let task):
            log(task, .deleted)
            remove(task, isResolved: false)
        case .userTask(let task):
            record(.userTaskEnded(EndedUserTask(task: task, endTime: moment, deleteReason: cancellation.reason)))
        case .token, .scope: record(.tokenRemoved(id))
        }
        try leave(activity, definition)
    }
}

// MARK: Who waits

extension Decision {
    /// An execution that can wait for something.
    private enum Host {
        case scope(Scope)
        case externalTask(ExternalTask)
        case userTask(UserTask)
        case token(Token)

        /// Where it rests, if the activity goes on when somebody says so.
        var restingPlace: Place? {
            switch self {
            case .scope: nil
            case .externalTask(let task): task.place
            case .userTask(let task): task.isStandalone ? nil : task.place
            case .token(let token): token.kind.isWait ? token.place : nil
            }
        }
    }

    private func host(_ id: ExecutionID) -> Host? {
        if let token = tree.tokens[id] { return .token(token) }
        if let scope = tree.scopes[id] { return .scope(scope) }
        if let task = tree.externalTasks[ExternalTaskID(id.rawValue)] { return .externalTask(task) }
        return tree.userTasks[UserTaskID(id.rawValue)].map { .userTask($0) }
    }

    private func activity(of host: Host, _ definition: ProcessDefinition) -> Activity {
        switch host {
        case .scope(let scope): activity(of: scope, definition)
        case .externalTask(let task): activity(of: task, definition)
        case .userTask(let task): activity(of: task, definition)
        case .token(let token): activity(of: token, definition)
        }
    }

    /// The run through an activity in which a token rests.
    func activity(of token: Token, _ definition: ProcessDefinition) -> Activity {
        Activity(
            node: node(token.place.activityID, of: definition),
            place: token.place,
            execution: token.kind.isWait ? token.id : nil
        )
    }

    private mutating func cancel(_ host: Host, _ definition: ProcessDefinition) throws(Refusal) {
        switch host {
        case .scope(let scope): try cancel(scope, definition)
        case .externalTask(let task): try cancel(task, definition)
        case .userTask(let task): try cancel(task, definition)
        case .token(let token): try cancel(token, definition)
        }
    }

    private func isSuspended(_ instance: ProcessInstanceID) -> Bool {
        scope(ExecutionID(instance)).process?.isSuspended ?? false
    }
}

extension EventDelivery {
    fileprivate var notFound: Rejection {
        .subscriptionNotFound(execution: owner.description, kind: kind, name: name)
    }
}

extension FlowNode {
    fileprivate var isEventBasedGateway: Bool {
        if case .eventBasedGateway = kind { true } else { false }
    }
}

extension ProcessDefinition {
    /// The boundary events of an activity that wait for a message or signal.
    func boundaryTriggers(of node: NodeIndex) -> [(event: NodeIndex, trigger: EventTrigger)] {
        // Most activities have none, and a run through any of them asks.
        guard !nodes[node.value].boundaryEvents.isEmpty else { return [] }
        return nodes[node.value].boundaryEvents.compactMap { event in
            guard case .boundaryEvent(let trigger, attachedTo: _, isInterrupting: _) = self[event].kind else {
                return nil
            }
            return (event, trigger)
        }
    }
}
