import BPMN
import EngineCore
import EngineStore
import Expressions
import FoundationEssentials
import Postgres

/// A batch with the trees that it concerns, as far as they are loaded.
struct LoadedBatch: Sendable {
    private let jobs: [CommandJob]
    private let cache: DefinitionCache
    private var trees: [ProcessInstanceID: InstanceTree] = [:]
    /// The root that each target belongs to.
    private var roots: [UUID: ProcessInstanceID] = [:]
    private var locked: Set<ProcessInstanceID> = []
    /// Targets that are there, and that somebody else holds.
    private var held: Set<UUID> = []
    private var starts: [Int: ResolveDefinitions.Row] = [:]
    private var definitions: [DefinitionID: ProcessDefinition] = [:]
    private var tenants: [DefinitionID: String] = [:]
    private var facts = DefinitionFacts()
    private var moment = PostgresTimestamp(milliseconds: 0)
    /// The transaction, for when its commit is in doubt.
    private(set) var transaction: Int64 = 0

    /// How often one command may ask for more.
    static let maximumRounds = 500

    init(jobs: [CommandJob], definitions cache: DefinitionCache) {
        self.jobs = jobs
        self.cache = cache
    }
}

// MARK: Loading

extension LoadedBatch {
    /// Opens the transaction, locks the roots and reads what the commands name, in one round trip.
    mutating func load(from session: Session, waitsForLocks: Bool) async throws {
        let targets = Targets(jobs, waitsForLocks: waitsForLocks)
        let wishes = Wishes(jobs)
        var pipeline = Pipeline(named: "LoadBatch")
        pipeline.begin()
        let resolved = wishes.references.isEmpty ? nil : pipeline.add(ResolveDefinitions(wishes.references))
        let (others, waiting) = (targets.others, waitsForLocks)
        let waited = others.isEmpty || !waiting ? nil : pipeline.add(LockRootsWaiting(targets: others))
        let skipping = others.isEmpty || waiting ? nil : pipeline.add(LockRoots(targets: others))
        let tasks = targets.externalTasks.isEmpty ? nil : ExternalTaskRows(targets.externalTasks, in: &pipeline)
        let rows = others.isEmpty ? nil : TreeRows(others, locking: waiting ? .waiting : .skipping, in: &pipeline)
        let subscriptions =
            targets.subscribers.isEmpty ? nil : pipeline.add(ReadSubscriptions(owners: targets.subscribers))
        let now = pipeline.add(ReadMoment())
        let results = try await session.execute(pipeline)

        for token in [waited, skipping].compactMap(\.self) {
            locked.formUnion(results[token].map { ProcessInstanceID($0) })
        }
        if let row = results[now].first { (moment, transaction) = (row.moment, row.transaction) }
        if let resolved { starts = wishes.rows(results[resolved]) }
        if let rows {
            held.formUnion(rows.skipped(in: results))
            add(rows.rows(in: results))
        }
        if let tasks {
            held.formUnion(tasks.skipped(in: results))
            let (roots, rows) = tasks.rows(in: results)
            locked.formUnion(roots)
            add(rows)
        }
        if let subscriptions { add(results[subscriptions], of: targets.subscribers) }
    }

    private mutating func add(_ subscriptions: [Subscription], of owners: [UUID]) {
        let byOwner = Dictionary(grouping: subscriptions, by: \.owner)
        for owner in owners {
            guard let root = roots[owner] else { continue }
            trees[root, default: InstanceTree()].add(byOwner[ExecutionID(owner)] ?? [], of: ExecutionID(owner))
        }
    }

    private mutating func add(_ rows: LoadedRows) {
        for (root, rows) in rows.byRoot() { trees[root, default: InstanceTree()].add(rows) }
        for scope in rows.scopes { roots[scope.id.rawValue] = scope.root }
        for task in rows.externalTasks { roots[task.id.rawValue] = task.place.rootInstance }
        for task in rows.userTasks { roots[task.id.rawValue] = task.place.rootInstance }
        for token in rows.tokens { roots[token.id.rawValue] = token.place.rootInstance }
    }

    /// Loads what a decision needs to see as well.
    private mutating func load(_ need: Need, of root: ProcessInstanceID?, from session: Session) async throws {
        switch need {
        case .definition(let id):
            let deployed = try await cache.definition(id)
            remember(deployed)
            return
        case .value(let id):
            var rows = LoadedRows()
            rows.variables = try await session.run(ReadVariable(id: id.rawValue))
            add(rows)
        case .subscriptions(let owner):
            let read = try await session.run(ReadSubscriptions(owners: [owner.rawValue]))
            if let root { trees[root]?.add(read, of: owner) }
        case .subscribers(signal: let name):
            guard let root else { preconditionFailure("all who wait in a new tree are known") }
            let owners = try await session.run(ReadSubscribers(in: root, toSignal: name))
            try await load(owners, from: session)
            add(owners.isEmpty ? [] : try await session.run(ReadSubscriptions(owners: owners)), of: owners)
        case .subtree(let scope):
            let root = root?.rawValue ?? scope.rawValue
            try await load(session.run(ReadContent(root: root, scope: scope.rawValue)), from: session)
        case .arrivals(let scope, let activityID):
            try await load(session.run(ReadArrivals(scope: scope.rawValue, activityID: activityID)), from: session)
        }
        if let root { trees[root]?.markLoaded(need) }
    }

    private mutating func load(_ targets: [UUID], from session: Session) async throws {
        guard !targets.isEmpty else { return }
        var pipeline = Pipeline()
        let tokens = TreeRows(targets, in: &pipeline)
        add(tokens.rows(in: try await session.execute(pipeline)))
    }

    private mutating func remember(_ deployed: DeployedDefinition) {
        definitions[deployed.id] = deployed.definition
        if let tenant = deployed.record.tenantID { tenants[deployed.id] = tenant }
        facts.keys[deployed.id] = deployed.definition.key
        facts.daysToLive[deployed.id] = deployed.record.historyTimeToLiveDays
    }
}

/// The rows that the commands of a batch name.
private struct Targets {
    /// Of commands that can only mean an external task.
    var externalTasks: [UUID] = []
    /// Of any kind.
    var others: [UUID] = []
    /// Those of which it matters what they wait for.
    var subscribers: [UUID] = []

    /// A command that waits for its lock is alone and rare: it is loaded like those that may name anything.
    init(_ jobs: [CommandJob], waitsForLocks: Bool) {
        for job in jobs {
            guard case .command(let command, let target) = job.request else { continue }
            if let subscriber = command.subscriber { subscribers.append(subscriber.rawValue) }
            if command.concernsExternalTask, !waitsForLocks {
                externalTasks.append(target)
            } else {
                others.append(target)
            }
        }
    }
}

/// The definitions that the starts of a batch ask for, each once.
private struct Wishes {
    private(set) var references: [DefinitionReference] = []
    /// For each start's place in the batch, the place of its reference.
    private var places: [Int: Int] = [:]

    init(_ jobs: [CommandJob]) {
        var known: [DefinitionReference: Int] = [:]
        for (index, job) in jobs.enumerated() {
            guard let reference = job.definition else { continue }
            if let place = known[reference] {
                places[index] = place
            } else {
                known[reference] = references.count
                places[index] = references.count
                references.append(reference)
            }
        }
    }

    /// What was found for each start, by its place in the batch.
    func rows(_ found: [ResolveDefinitions.Row]) -> [Int: ResolveDefinitions.Row] {
        let byPlace = Dictionary(found.map { ($0.ordinal, $0) }, uniquingKeysWith: { first, _ in first })
        return places.compactMapValues { byPlace[$0] }
    }
}

// MARK: Deciding

extension LoadedBatch {
    /// Decides every command in the order of arrival, on the tree as the commands before it leave it.
    mutating func decide(loadingFrom session: Session) async throws -> DecidedBatch {
        var decided = DecidedBatch()
        for (index, job) in jobs.enumerated() {
            decided.outcomes.append(try await decide(job, index, &decided.events, session))
        }
        decided.definitionFacts = facts
        decided.moment = Instant(moment)
        return decided
    }

    private mutating func decide(
        _ job: CommandJob,
        _ index: Int,
        _ events: inout [Event],
        _ session: Session
    ) async throws -> DecidedBatch.Outcome {
        let command: Command
        let root: ProcessInstanceID?
        switch job.request {
        case .start(let start):
            guard let row = starts[index] else { return .rejected(start.definition.notFound) }
            guard !row.isSuspended else { return .rejected(.definitionSuspended(row.id)) }
            command = .startInstance(
                StartInstance(
                    definition: row.id,
                    businessKey: start.businessKey,
                    variables: start.variables,
                    userID: start.userID,
                    startEvent: start.startEvent,
                    signal: start.signal
                )
            )
            root = nil
        case .command(let given, let target):
            command = given
            root = roots[target]
            if held.contains(target) { return .skipped }
            if let root, !locked.contains(root) { return .skipped }
        }
        return try await decide(command, job.seed, job.kin, root, starts[index], &events, session)
    }

    private mutating func decide(
        _ command: Command,
        _ seed: UInt64,
        _ kin: UInt16,
        _ root: ProcessInstanceID?,
        _ start: ResolveDefinitions.Row?,
        _ events: inout [Event],
        _ session: Session
    ) async throws -> DecidedBatch.Outcome {
        for _ in 0..<Self.maximumRounds {
            let tree = root.flatMap { trees[$0] } ?? InstanceTree()
            let facts = Facts(
                moment: Instant(moment),
                identifiers: IdentifierSource(seed: seed, kin: kin),
                definitions: definitions,
                tenants: tenants
            )
            do throws(Refusal) {
                let decision = try tree.decide(command, given: facts)
                events += decision.events
                guard let root = root ?? decision.root else { preconditionFailure("a decided command has a root") }
                trees[root] = decision.tree
                return .done(CommandOutcome(of: command, decision, before: tree, root: root, start: start))
            } catch {
                switch error {
                case .rejected(let rejection): return .rejected(rejection)
                case .needs(let need):
                    if let known = cachedDefinition(need) {
                        remember(known)
                    } else {
                        do {
                            try await load(need, of: root, from: session)
                        } catch let error where !(error is PostgresError) {
                            return .failed(error)
                        }
                    }
                }
            }
        }
        return .rejected(.tooManySteps(limit: Self.maximumRounds))
    }

    private func cachedDefinition(_ need: Need) -> DeployedDefinition? {
        guard case .definition(let id) = need else { return nil }
        return cache.cached(id)
    }
}

extension DefinitionReference {
    fileprivate var notFound: Rejection {
        switch self {
        case .id(let id): .definitionNotFound(id: id.rawValue)
        case .key(let key, tenantID: _): .definitionKeyNotFound(key)
        }
    }
}

extension CommandOutcome {
    fileprivate init(
        of command: Command,
        _ decision: Decision,
        before tree: InstanceTree,
        root: ProcessInstanceID,
        start: ResolveDefinitions.Row?
    ) {
        var variables: [String: VariableInput] = [:]
        if let owner = start.map({ _ in ExecutionID(root) }) ?? command.wantedVariables(in: tree) {
            for variable in tree.loadedVariables(of: owner) {
                variables[variable.name] = VariableInput(name: variable.name, value: variable.value ?? .null)
            }
            for event in decision.events {
                switch event {
                case .variableCreated(let variable), .variableChanged(let variable):
                    guard variable.owner == owner, !variable.isTransient else { continue }
                    variables[variable.name] = VariableInput(name: variable.name, value: variable.value ?? .null)
                case .variableRemoved(let variable):
                    if variable.owner == owner { variables[variable.name] = nil }
                default: continue
                }
            }
        }
        self.init(
            root: root,
            definition: start,
            isEnded: decision.tree.scopes[ExecutionID(root)] == nil,
            thrownSignals: decision.events.compactMap { event in
                guard case .signalThrown(let signal) = event else { return nil }
                return signal.id
            },
            isSubscriberGone: command.subscriber.map { !decision.tree.hasExecution($0) } ?? false,
            variables: variables.values.sorted { $0.name < $1.name },
            report: EngineMeasures.TaskReport(of: command, before: tree)
        )
    }
}

extension Command {
    /// Whose variables the caller wants to know after the command.
    fileprivate func wantedVariables(in tree: InstanceTree) -> ExecutionID? {
        guard case .completeUserTask(let id, _, _, returnsVariables: true) = self else { return nil }
        return tree.userTasks[id]?.variablesOwner
    }
}
