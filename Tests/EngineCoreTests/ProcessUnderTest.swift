import BPMN
import EngineCore
import Expressions
import FoundationEssentials
import OrderedCollections
import Testing

/// One process instance in memory: a model, the tree, and everything that was recorded.
struct ProcessUnderTest {
    let definition: ProcessDefinition
    private(set) var tree = InstanceTree()
    private(set) var events: [Event] = []
    private(set) var moment = Instant(millisecondsSinceEpoch: 1_700_000_000_000)
    private var seed: UInt64 = 1

    static let definitionID = DefinitionID("process:1:test")

    /// A process from what stands inside its `process` element; other definitions (errors, say) go before it.
    init(_ content: String, before: String = "") throws {
        let xml = """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
              \(before)
              <process id="process" isExecutable="true">\(content)</process>
            </definitions>
            """
        let definitions = try BPMNReader.read(Array(xml.utf8), resourceName: "test.bpmn")
        definition = try #require(definitions.first)
    }

    /// Decides a command on the tree, remembers what was recorded, and lets a second pass.
    mutating func decide(_ command: Command) throws(Refusal) {
        let decision = try tree.decide(command, given: facts)
        // The same tree, command and facts give the same decision.
        let again = try tree.decide(command, given: facts)
        #expect(again.events == decision.events)
        tree = decision.tree
        events += decision.events
        moment = moment.advanced(byMilliseconds: 1000)
        seed += 1
    }

    var facts: Facts {
        Facts(
            moment: moment,
            identifiers: IdentifierSource(seed: seed, kin: 7),
            definitions: [Self.definitionID: definition]
        )
    }

    mutating func start(_ variables: [String: VariableValue] = [:]) throws(Refusal) {
        let inputs = variables.sorted { $0.key < $1.key }.map { VariableInput(name: $0.key, value: $0.value) }
        try decide(.startInstance(StartInstance(definition: Self.definitionID, businessKey: "key", variables: inputs)))
    }

    /// Takes the oldest task of an activity for a worker, as a claim would.
    @discardableResult
    mutating func claim(
        _ activityID: String,
        worker: WorkerID = "worker",
        milliseconds: Int64 = 60_000
    ) throws -> ExternalTaskID {
        let task = try #require(tasks(at: activityID).first { $0.worker == nil || $0.isReady })
        try decide(.lockExternalTask(task.id, worker: worker, milliseconds: milliseconds))
        return task.id
    }

    mutating func complete(
        _ activityID: String,
        _ variables: [String: VariableValue] = [:],
        local: [String: VariableValue] = [:]
    ) throws {
        let id = try claim(activityID)
        try decide(
            .completeExternalTask(
                id,
                worker: "worker",
                variables: variables.map { VariableInput(name: $0.key, value: $0.value) },
                localVariables: local.map { VariableInput(name: $0.key, value: $0.value) }
            )
        )
    }

    mutating func throwError(_ code: String, at activityID: String, message: String? = nil) throws {
        let id = try claim(activityID)
        try decide(.throwExternalTaskError(id, ErrorReport(worker: "worker", code: code, message: message)))
    }

    /// Goes on with a tree of which only the path to one task is loaded.
    func partial(around task: ExternalTask) -> ProcessUnderTest {
        var partial = self
        partial.tree = InstanceTree()
        var rows = LoadedRows()
        rows.externalTasks = [task]
        rows.scopes = task.place.path.compactMap { tree.scopes[$0] }
        let chain =
            [task.id.execution, task.place.iteration].compactMap(\.self) + task.place.path
            + rows.scopes.compactMap(\.iteration)
        rows.variables = chain.flatMap { Array((tree.variables[$0] ?? [:]).values) }
        rows.incidents = [tree.incidents[task.id]].compactMap(\.self)
        partial.tree.add(rows)
        return partial
    }

    /// Loads what a partial tree needs from the whole one, as the store would.
    mutating func load(_ need: Need, from whole: InstanceTree) {
        var rows = LoadedRows()
        switch need {
        case .subtree(let scope):
            rows.scopes = whole.scopes.values.filter { $0.path.contains(scope) }
            rows.externalTasks = whole.externalTasks.values.filter { $0.place.path.contains(scope) }
            rows.userTasks = whole.userTasks.values.filter { $0.place.path.contains(scope) }
            rows.tokens = whole.tokens.values.filter { $0.place.path.contains(scope) }
            rows.variables = whole.variables.values.flatMap { Array($0.values) }
            rows.incidents = Array(whole.incidents.values)
        case .arrivals(let scope, let activityID):
            rows.tokens = whole.tokens.values.filter { $0.place.scope == scope && $0.place.activityID == activityID }
        case .value(let id):
            rows.variables = whole.variables.values.flatMap { $0.values.filter { $0.id == id } }
        case .subscriptions(let owner): tree.add(whole.subscriptions[owner] ?? [], of: owner)
        case .subscribers(signal: let name):
            for (owner, subscriptions) in whole.subscriptions where subscriptions.contains(where: { $0.name == name }) {
                tree.add(subscriptions, of: owner)
            }
            rows.scopes = Array(whole.scopes.values)
            rows.externalTasks = Array(whole.externalTasks.values)
            rows.userTasks = Array(whole.userTasks.values)
            rows.tokens = Array(whole.tokens.values)
        case .definition: break
        }
        tree.add(rows)
        tree.markLoaded(need)
    }
}

// MARK: What can be seen

extension ProcessUnderTest {
    func tasks(at activityID: String) -> [ExternalTask] {
        tree.externalTasks.values.filter { $0.place.activityID == activityID }
            .sorted { ($0.place.startTime, loopCounter($0)) < ($1.place.startTime, loopCounter($1)) }
    }

    private func loopCounter(_ task: ExternalTask) -> Int32 {
        guard let iteration = task.place.iteration,
            case .integer(let counter?) = tree.variables[iteration]?["loopCounter"]?.value
        else { return 0 }
        return counter
    }

    /// Activities with waiting tasks, sorted, once per task.
    var waiting: [String] { tree.externalTasks.values.map(\.place.activityID).sorted() }

    var isEnded: Bool { ended != nil }

    var ended: EndedInstance? {
        events.lazy.compactMap { event in
            guard case .instanceEnded(let ended) = event else { return nil }
            return ended
        }.last
    }

    /// `activity`, with `canceled` or `completeScope` behind it, in the order in which they ended.
    var history: [String] {
        events.compactMap { event in
            guard case .activityEnded(let activity) = event else { return nil }
            return activity.place.activityID + (activity.isCanceled ? " canceled" : "")
                + (activity.completesScope ? " completeScope" : "")
        }
    }

    /// The last value of every variable, also of scopes that are gone.
    var lastValues: [String: VariableValue] {
        events.reduce(into: [:]) { values, event in
            switch event {
            case .variableCreated(let variable), .variableChanged(let variable): values[variable.name] = variable.value
            case .variableRemoved(let variable): values[variable.name] = nil
            default: break
            }
        }
    }

    /// The values of the instance's own variables.
    var instanceVariables: [String: VariableValue] {
        guard let root = tree.scopes.values.first(where: { $0.process != nil }) else { return [:] }
        return (tree.variables[root.id] ?? [:]).values.reduce(into: [:]) { $0[$1.name] = $1.value }
    }

    /// How the external-task log went: `activity state`.
    var log: [String] {
        events.compactMap { event in
            guard case .externalTaskLogged(let entry) = event else { return nil }
            return "\(entry.task.place.activityID) \(entry.state.rawValue)"
        }
    }
}

/// A service task whose topic is its id.
func task(_ id: String, _ inside: String = "") -> String {
    "<serviceTask id=\"\(id)\" camunda:type=\"external\" camunda:topic=\"\(id)\">\(inside)</serviceTask>"
}

/// Sequence flows `a-b`, in this order.
func flows(_ pairs: String...) -> String {
    pairs.map { pair in
        let ends = pair.split(separator: "-")
        return "<sequenceFlow id=\"\(ends[0])_\(ends[1])\" sourceRef=\"\(ends[0])\" targetRef=\"\(ends[1])\"/>"
    }.joined()
}

/// A sequence flow with a condition.
func flow(_ source: String, _ target: String, if condition: String) -> String {
    """
    <sequenceFlow id="\(source)_\(target)" sourceRef="\(source)" targetRef="\(target)">\
    <conditionExpression xsi:type="tFormalExpression"><![CDATA[\(condition)]]></conditionExpression></sequenceFlow>
    """
}
