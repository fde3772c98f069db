import BPMN
import Expressions
import FoundationEssentials

/// One decision in the making: the tree as it changes, what was recorded, and the tokens that still have to move.
package struct Decision: Sendable {
    package private(set) var tree: InstanceTree
    package private(set) var events: [Event] = []
    /// The root process instance of the tree; of a start, the one that was made.
    package internal(set) var root: ProcessInstanceID?

    let moment: Instant
    /// The topics of the external tasks that the caller may touch; nil for all.
    var permittedTopics: Set<String>?
    var cancellation = Cancellation()
    /// Whether it made variables that are never stored.
    var hasTransientVariables = false
    private var identifiers: IdentifierSource
    private let definitions: [DefinitionID: ProcessDefinition]
    /// The tenants of the definitions that belong to one.
    let tenants: [DefinitionID: String]
    /// What is still to do, the next one last: an activity that is left over several flows runs each until it blocks
    /// before the next one starts.
    private var planned: [Step] = []
    private var steps = 0

    /// The most activities that one command may pass through; a loop without a wait state ends here.
    package static let maximumSteps = 100_000

    init(of tree: InstanceTree, given facts: Facts) {
        self.tree = tree
        moment = facts.moment
        identifiers = facts.identifiers
        definitions = facts.definitions
        tenants = facts.tenants
    }

    /// How what is cancelled ends.
    struct Cancellation: Sendable {
        /// Whether output mappings run; a deletion may say no.
        var mapsOutput = true
        /// What history says of user tasks.
        var reason = "deleted"
    }

    /// A token that is to enter an activity of a scope.
    struct Move: Sendable {
        var node: NodeIndex
        var scope: ExecutionID
        /// Set when the token begins one iteration of the multi-instance body that `scope` is.
        var iteration: Iteration?
        /// What the activity waits for has come.
        var isTriggered = false
    }

    /// Something that is done when everything planned later is done.
    enum Step: Sendable {
        case enter(Move)
        /// The thrower of a signal goes on.
        case resume(ExecutionID, in: ExecutionID)
        /// Someone gets a signal that was thrown.
        case give(Subscription)

        /// The scope that it belongs to, and is dropped with.
        fileprivate var scope: ExecutionID {
            switch self {
            case .enter(let move): move.scope
            case .resume(_, in: let scope): scope
            case .give(let subscription): ExecutionID(subscription.root)
            }
        }
    }

    /// Which iteration of a multi-instance, and where a parallel one keeps its loop variables.
    struct Iteration: Sendable {
        var index: Int
        var execution: ExecutionID?
    }
}

extension Decision {
    /// Applies an event and remembers it, so that a later step of the same decision sees the earlier one.
    mutating func record(_ event: Event) {
        tree.apply(event)
        events.append(event)
    }

    /// Forgets the variables that end with the command: the next one of the same batch sees what it would see if it came
    /// in another batch.
    mutating func forgetTransientVariables() {
        if hasTransientVariables { tree.removeTransientVariables() }
    }

    mutating func nextIdentifier() -> UUID { identifiers.next(at: moment) }

    mutating func nextExecution() -> ExecutionID { ExecutionID(nextIdentifier()) }

    /// A fresh activity-instance id: `activityId:uuid`, or only the UUID where that would exceed 64 characters.
    mutating func nextActivityInstance(of activityID: String) -> ActivityInstanceID {
        let uuid = nextIdentifier().text
        let full = "\(activityID):\(uuid)"
        return ActivityInstanceID(full.utf16.count > 64 ? uuid : full)
    }

    func definition(_ id: DefinitionID) throws(Refusal) -> ProcessDefinition {
        guard let definition = definitions[id] else { throw .needs(.definition(id)) }
        return definition
    }

    func scope(_ id: ExecutionID) -> Scope {
        guard let scope = tree.scopes[id] else { preconditionFailure("scope \(id) is not on the loaded path") }
        return scope
    }

    /// The flow node that a scope or place is a run of.
    ///
    /// A body is a run of its activity's node.
    func node(_ activityID: String, of definition: ProcessDefinition) -> NodeIndex {
        let id =
            activityID.hasSuffix(Scope.bodySuffix) ? String(activityID.dropLast(Scope.bodySuffix.count)) : activityID
        guard let node = definition.node(id: id) else { preconditionFailure("activity \(id) is not in its definition") }
        return node
    }
}

// MARK: Moving tokens

extension Decision {
    /// Plans a move; it is made after those planned later.
    mutating func plan(_ move: Move) { planned.append(.enter(move)) }

    /// Plans a step; it is done after those planned later.
    mutating func plan(_ step: Step) { planned.append(step) }

    /// Does everything that is planned, depth first.
    mutating func run() throws(Refusal) {
        while let step = planned.popLast() {
            // A scope that was cancelled meanwhile takes its tokens with it.
            guard let scope = tree.scopes[step.scope] else { continue }
            steps += 1
            guard steps <= Self.maximumSteps else { throw .rejected(.tooManySteps(limit: Self.maximumSteps)) }
            switch step {
            case .enter(let move): try enter(move, in: scope)
            case .resume(let execution, in: _): try resume(execution)
            case .give(let subscription): try give(subscription)
            }
        }
    }

    /// Drops the moves planned inside a scope whose content is being cancelled.
    mutating func dropMoves(in scope: ExecutionID) {
        for case .enter(let move) in planned where move.scope == scope {
            if let iteration = move.iteration?.execution { record(.variablesClosed(owner: iteration)) }
        }
        planned.removeAll { $0.scope == scope }
    }

    private mutating func enter(_ move: Move, in scope: Scope) throws(Refusal) {
        let definition = try definition(scope.definition)
        let node = definition[move.node]
        if node.multiInstance != nil, move.iteration == nil {
            return try openBody(of: move.node, in: scope, definition)
        }
        let activity = begin(move.node, node, in: scope, iteration: move.iteration?.execution, definition)
        // The boundary events of a multi-instance belong to its body.
        if move.iteration == nil { try openBoundary(of: activity, definition) }
        switch node.kind {
        case .noneStartEvent, .triggeredStartEvent, .passThroughTask: try passThrough(activity, definition)
        case .noneEndEvent: try passThrough(activity, definition)
        case .errorEndEvent(let error): try endWithError(error, at: activity, definition)
        case .terminateEndEvent: try terminate(at: activity, definition)
        case .externalTask(let task): try createExternalTask(task, at: activity, definition)
        case .userTask(let task): try createUserTask(task, at: activity, definition)
        case .exclusiveGateway: try passExclusiveGateway(activity, definition)
        case .parallelGateway: try arriveAtParallelGateway(activity, definition)
        case .subProcess(let inside): try openSubProcess(inside, at: activity, definition)
        case .boundaryErrorEvent, .boundaryEvent: try passThrough(activity, definition)
        case .receiveTask(let trigger): try wait(for: trigger, at: activity, definition)
        case .catchEvent where move.isTriggered: try passThrough(activity, definition)
        case .catchEvent(let trigger): try wait(for: trigger, at: activity, definition)
        case .eventBasedGateway: try waitForFirst(at: activity, definition)
        case .signalThrowEvent(let name), .signalEndEvent(let name): try throwSignal(name, at: activity, definition)
        }
    }

    /// Makes the activity instance of a node that a token enters.
    private mutating func begin(
        _ index: NodeIndex,
        _ node: FlowNode,
        in scope: Scope,
        iteration: ExecutionID?,
        _ definition: ProcessDefinition
    ) -> Activity {
        let place = Place(
            instance: scope.instance,
            definition: scope.definition,
            scope: scope.id,
            path: scope.path,
            activityID: node.id,
            activityInstance: nextActivityInstance(of: node.id),
            parentActivityInstance: scope.activityInstance,
            iteration: iteration,
            startTime: moment
        )
        let hasScope = node.hasOwnVariables || !definition.boundaryTriggers(of: index).isEmpty
        return Activity(node: index, place: place, execution: hasScope ? nextExecution() : nil)
    }

    /// An activity without a wait state: maps its input, and leaves.
    private mutating func passThrough(_ activity: Activity, _ definition: ProcessDefinition) throws(Refusal) {
        try mapInput(of: activity, definition)
        try leave(activity, definition)
    }
}

/// One run through an activity while it is being decided.
struct Activity: Sendable {
    var node: NodeIndex
    var place: Place
    /// The activity's own variable scope, if it has one.
    var execution: ExecutionID?
    var task: UserTask?
}

extension FlowNode {
    /// Whether a run through the activity has a variable scope of its own.
    fileprivate var hasOwnVariables: Bool {
        switch kind {
        case .externalTask, .userTask, .subProcess, .receiveTask, .catchEvent, .eventBasedGateway, .signalThrowEvent,
            .signalEndEvent:
            true
        case .noneStartEvent, .triggeredStartEvent, .noneEndEvent, .errorEndEvent, .terminateEndEvent, .passThroughTask,
            .exclusiveGateway, .parallelGateway, .boundaryErrorEvent, .boundaryEvent:
            mapping != nil
        }
    }
}
