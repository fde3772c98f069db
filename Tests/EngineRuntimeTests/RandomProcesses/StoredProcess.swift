import BPMN
import EngineCore
import EngineStore
import Expressions
import FoundationEssentials
import Postgres
import RandomProcesses
import TestSupport

@testable import EngineRuntime

/// A process instance in a real database, and the same one in memory: the commands go through the engine's own loading,
/// deciding and writing, and everything that is stored is read again after each batch.
struct StoredProcess {
    typealias Failure = RandomProcess.Failure

    let session: Session
    let definitions: DefinitionCache
    let definition: DeployedDefinition
    private(set) var tree = InstanceTree()
    private(set) var root: ProcessInstanceID?
    private(set) var history: Set<HistoryRecord> = []
    private(set) var links: [UserTaskID: Set<IdentityLink>] = [:]
    private(set) var thrown: [SignalID: String] = [:]
    private(set) var statistics = RandomCase.Statistics()
    private var seed: UInt64
    private let kin: UInt16

    init(_ definition: DeployedDefinition, seed: UInt64, definitions: DefinitionCache, session: Session) {
        self.definition = definition
        self.definitions = definitions
        self.session = session
        self.seed = seed &* 1_000_003
        kin = UInt16(truncatingIfNeeded: seed)
    }

    /// The next command as the runner takes it.
    private mutating func job(_ command: Command) -> CommandJob {
        seed += 1
        return CommandJob(request: Self.request(command), kin: kin, seed: seed, answer: { _ in })
    }

    static func request(_ command: Command) -> CommandJob.Request {
        guard case .startInstance(let start) = command else {
            guard let target = command.target else { preconditionFailure("only a start names nothing") }
            return .command(command, target: target)
        }
        return .start(
            CommandJob.Start(
                definition: .id(start.definition),
                businessKey: start.businessKey,
                variables: start.variables,
                startEvent: start.startEvent
            )
        )
    }

    private func facts(_ job: CommandJob, at moment: Instant) -> Facts {
        Facts(
            moment: moment,
            identifiers: IdentifierSource(seed: job.seed, kin: job.kin),
            definitions: [definition.id: definition.definition]
        )
    }
}

// MARK: Without disturbance

extension StoredProcess {
    /// Carries out a batch and compares what is decided and stored with what is decided in memory.
    mutating func run(_ commands: [Command]) async throws {
        let jobs = commands.map { job($0) }
        var batch = LoadedBatch(jobs: jobs, definitions: definitions)
        try await batch.load(from: session, waitsForLocks: false)
        let decided = try await batch.decide(loadingFrom: session)
        var events: [Event] = []
        for (index, command) in commands.enumerated() {
            let outcome = decide(command, jobs[index], at: decided.moment, &events)
            statistics.commands += 1
            if outcome != nil { statistics.rejections += 1 }
            switch (outcome, decided.outcomes[index]) {
            case (nil, .done): break
            case (let expected?, .rejected(let rejection)) where expected == rejection: break
            default:
                _ = try? await session.run(SQLScript(name: "Rollback", trusted: "rollback"))
                throw Failure(
                    "the database decides otherwise",
                    "\(command)\n\(decided.outcomes[index])\ninstead of \(outcome.map { "\($0)" } ?? "done")"
                )
            }
        }
        guard events == decided.events else {
            _ = try? await session.run(SQLScript(name: "Rollback", trusted: "rollback"))
            let index = zip(events, decided.events).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
            throw Failure(
                "the database decides otherwise",
                "\(commands)\n\(decided.events.dropFirst(index).first as Any)\n"
                    + "instead of \(events.dropFirst(index).first as Any)"
            )
        }
        var pipeline = Pipeline()
        pipeline.write(ChangeSet(events, history: .full), history: .full, decided.definitionFacts)
        pipeline.commit()
        _ = try await session.execute(pipeline)
        try await compareRows()
    }

    /// - Returns: The rejection, if it is rejected.
    private mutating func decide(
        _ command: Command,
        _ job: CommandJob,
        at moment: Instant,
        _ events: inout [Event]
    ) -> Rejection? {
        do throws(Refusal) {
            let decision = try tree.decide(command, given: facts(job, at: moment))
            take(decision)
            events += decision.events
            return nil
        } catch {
            guard case .rejected(let rejection) = error else { return .invalid(message: "a whole tree needs \(error)") }
            return rejection
        }
    }

    /// Remembers a decision that is stored.
    private mutating func take(_ decision: Decision) {
        history.formUnion(HistoryRecord.records(of: decision.events, after: tree))
        for event in decision.events {
            switch event {
            case .signalThrown(let signal): thrown[signal.id] = signal.name
            case .identityLinkAdded(let task, let link): links[task, default: []].insert(link)
            case .identityLinkRemoved(let task, let link): links[task]?.remove(link)
            case .userTaskEnded(let ended): links[ended.task.id] = nil
            default: break
            }
        }
        tree = decision.tree
        root = root ?? decision.root
    }
}

// MARK: What is stored

extension StoredProcess {
    /// Compares everything that is stored of the instance with what is in memory.
    func compareRows() async throws {
        guard let root else { return }
        let stored = TreeContent(try await Self.load(root, from: session))
        let expected = TreeContent(tree)
        guard stored == expected else {
            throw Failure("the rows are not the tree", stored.difference(from: expected))
        }
        let rows = try await HistoryRecord.stored(of: root, from: session)
        guard rows == history else {
            let (extra, missing) = (rows.subtracting(history), history.subtracting(rows))
            throw Failure("history is wrong", "too much \(Array(extra.prefix(5))), missing \(Array(missing.prefix(5)))")
        }
        let storedLinks = try await Self.links(of: root, from: session)
        guard storedLinks == links.filter({ !$0.value.isEmpty }) else {
            throw Failure("the links are wrong", "\(storedLinks) instead of \(links)")
        }
        let signals = try await Self.thrownSignals(of: root, from: session)
        guard signals == thrown else {
            throw Failure("the thrown signals are wrong", "\(signals) instead of \(thrown)")
        }
    }

    private static func thrownSignals(
        of root: ProcessInstanceID,
        from session: Session
    ) async throws -> [SignalID: String] {
        var query = DynamicQuery("Signals")
        query.append("select id, name from thrown_signal where root_id = ", root.rawValue)
        let rows = RowDecoder { (id: UUID, name: String) in (SignalID(id), name) }
        return Dictionary(uniqueKeysWithValues: try await session.run(query, rows: rows))
    }

    /// The whole tree as the database has it, with the knowledge that it is whole.
    static func load(_ root: ProcessInstanceID, from session: Session) async throws -> InstanceTree {
        let content = try await session.run(ReadContent(root: root.rawValue, scope: root.rawValue))
        let targets = content + [root.rawValue]
        var pipeline = Pipeline()
        let rows = TreeRows(targets, in: &pipeline)
        let subscriptions = pipeline.add(ReadSubscriptions(owners: targets))
        let results = try await session.execute(pipeline)
        var loaded = rows.rows(in: results)
        for (index, variable) in loaded.variables.enumerated() where variable.value == nil {
            guard let read = try await session.run(ReadVariable(id: variable.id.rawValue)).first else { continue }
            loaded.variables[index] = read
        }
        try await check(loaded, subscriptions: results[subscriptions].count, of: root, session)
        var tree = InstanceTree()
        tree.add(loaded)
        let owners = Dictionary(grouping: results[subscriptions], by: \.owner)
        for target in targets { tree.add(owners[ExecutionID(target)] ?? [], of: ExecutionID(target)) }
        for scope in tree.scopes.keys { tree.markLoaded(.subtree(scope)) }
        for name in RandomModel.signals { tree.markLoaded(.subscribers(signal: name)) }
        return tree
    }

    /// Whether there are rows that belong to nothing.
    private static func check(
        _ loaded: LoadedRows,
        subscriptions: Int,
        of root: ProcessInstanceID,
        _ session: Session
    ) async throws {
        var query = DynamicQuery("Rows")
        query.append("select (select count(*) from variable where root_id = ", root.rawValue, "),")
        query.append(" (select count(*) from event_subscription where root_id = ", root.rawValue, "),")
        query.append(" (select count(*) from incident where root_id = ", root.rawValue, "),")
        query.append(" (select count(*) from scope where root_id = ", root.rawValue, "),")
        query.append(" (select count(*) from token where root_id = ", root.rawValue, "),")
        query.append(" (select count(*) from identity_link where task_id not in (select id from user_task))")
        let rows = RowDecoder { (a: Int64, b: Int64, c: Int64, d: Int64, e: Int64, f: Int64) in
            [a, b, c, d, e, f].map(Int.init)
        }
        let counts = try await session.run(query, rows: rows).first
        let scopes = loaded.scopes.count { $0.parent != nil }
        let expected = [loaded.variables.count, subscriptions, loaded.incidents.count, scopes, loaded.tokens.count, 0]
        guard counts == expected else {
            throw Failure(
                "rows belong to nothing",
                "variables, subscriptions, incidents, scopes, tokens, links: \(counts ?? []), of which living \(expected)"
            )
        }
    }

    private static func links(
        of root: ProcessInstanceID,
        from session: Session
    ) async throws -> [UserTaskID: Set<IdentityLink>] {
        var query = DynamicQuery("Links")
        query.append(
            "select task_id, type, user_id, group_id from identity_link where task_id in (select id from user_task where root_id = ",
            root.rawValue,
            ")"
        )
        let rows = RowDecoder { (task: UUID, type: String, user: String?, group: String?) in
            (UserTaskID(task), IdentityLink(type: type, user.map { .user($0) } ?? .group(group ?? "")))
        }
        return try await session.run(query, rows: rows).reduce(into: [:]) { $0[$1.0, default: []].insert($1.1) }
    }
}
