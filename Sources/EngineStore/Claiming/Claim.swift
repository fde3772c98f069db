import FoundationEssentials
import EngineCore
package import Postgres

/// One fetch of external tasks: everything between its begin and its commit.
///
/// Expired locks are swept and tasks are claimed in one round trip; what the worker is told of its tasks is read in the
/// next one, together with the commit, so that no task is locked that cannot be delivered.
package struct Claim: Sendable {
    package var request: FetchRequest
    /// What to sweep first.
    package var sweep: SweepSchedule.Plan
    /// What to sweep when the claim comes back short although ``sweep`` left topics out.
    package var laterSweep: SweepSchedule.Plan
    /// Where to begin.
    package var bounds: ClaimBounds.Plan
    /// Topics whose next claimable moment is asked for.
    package var learning: SweepSchedule.Plan
    /// Whether ``learning`` is asked only when nothing was found.
    package var learnsOnlyWhenEmpty: Bool

    /// The most tasks that one fetch takes, whatever is asked for.
    package static let maximumTasks = 1_000
    /// The most topics that one fetch may name.
    package static let maximumTopics = 1_000
    /// The most locks of a topic that one sweep makes claimable.
    static let sweepLimit = 200
    /// Candidates beyond each task that is asked for, because others may be taking the same.
    static let spareCandidates = 8
    /// The most candidates beyond what is asked for in the first round.
    static let mostSpareCandidates = 100
    /// How often a claim looks further when others were faster.
    static let maximumRounds = 4
    /// By how much each round looks further than the one before.
    static let widening = 8

    package init(
        request: FetchRequest,
        sweep: SweepSchedule.Plan,
        laterSweep: SweepSchedule.Plan,
        bounds: ClaimBounds.Plan = ClaimBounds.Plan(),
        learning: SweepSchedule.Plan = SweepSchedule.Plan(),
        learnsOnlyWhenEmpty: Bool = true
    ) {
        self.request = request
        self.sweep = sweep
        self.laterSweep = laterSweep
        self.bounds = bounds
        self.learning = learning
        self.learnsOnlyWhenEmpty = learnsOnlyWhenEmpty
    }

    /// What a claim found.
    package struct Outcome: Sendable {
        /// In the order that was asked for.
        package var tasks: [LockedTask] = []
        /// How many tasks of each topic became claimable because their locks had run out.
        package var swept: [String: Int] = [:]
        /// What was swept, and the database's clock before it; empty when nothing had to be.
        package var sweeps: [(plan: SweepSchedule.Plan, moment: PostgresTimestamp)] = []
        /// How long a claim that began at the beginning took, if there was one.
        package var full: Duration?
        /// What was found, in order.
        package var found: [ClaimBounds.Found] = []
        /// The next claimable moments, when they were asked for: topics that hold no task are missing.
        package var next: [NextClaimable.Next]?

        /// Topics with more expired locks than were swept.
        package var unfinished: Set<String> { Set(swept.filter { $0.value >= Claim.sweepLimit }.keys) }
    }

    /// The claim failed and it is not known whether it was committed: these tasks may be locked.
    package struct InDoubt: Error, Sendable {
        package var tasks: [LockedTask]
        package var cause: PostgresError
    }

    /// Runs the claim in a transaction of its own.
    ///
    /// - Parameters:
    ///   - session: Where no transaction is open.
    ///   - check: May refuse to deliver tasks whose topics want deserialized values.
    /// - Returns: What was locked, and what else the claim learned.
    /// - Throws: ``PostgresError`` when nothing was locked, ``InDoubt`` when something may be; what `check` throws
    ///   about the tasks, of which none is locked then.
    package func run(
        on session: some StatementRunner,
        check: @Sendable ([LockedTask]) throws -> Void = { _ in }
    ) async throws -> Outcome {
        var outcome = Outcome()
        var rows: [ClaimedTask] = []
        try await claim(on: session, &rows, &outcome)
        rows.sort { $0.precedes($1, in: request.order) }
        outcome.found = rows.map {
            ClaimBounds.Found(topic: $0.topic, priority: $0.priority, createTime: $0.createTime)
        }
        var tasks = rows.map { LockedTask($0, for: request.worker) }
        do {
            try await finish(rows, &tasks, &outcome, on: session, check: check)
        } catch let error as PostgresError where !error.isDefinitelyUndone {
            throw InDoubt(tasks: tasks, cause: error)
        }
        outcome.tasks = tasks
        return outcome
    }
}

// MARK: - Sweeping and claiming

extension Claim {
    private var limit: Int { min(request.maxTasks, Self.maximumTasks) }

    private func claim(
        on session: some StatementRunner,
        _ rows: inout [ClaimedTask],
        _ outcome: inout Outcome
    ) async throws(PostgresError) {
        var candidates = limit + min(Self.spareCandidates * limit, Self.mostSpareCandidates)
        var sweep = self.sweep
        var bounds = self.bounds
        var isComplete = false
        for round in 0..<Self.maximumRounds {
            var pipeline = Pipeline()
            if round == 0 { pipeline.begin() }
            let settings = pipeline.add(ClaimSettings())
            let sweeping = sweep.topics.isEmpty ? nil : pipeline.add(sweep.statement)
            let claiming = add(limit: limit - rows.count, candidates: candidates, from: bounds, to: &pipeline)
            let start = ContinuousClock.now
            let results = try await session.execute(pipeline)

            if bounds.from.isEmpty { outcome.full = outcome.full ?? ContinuousClock.now - start }
            if let sweeping, let moment = results[settings].first {
                outcome.sweeps.append((sweep, moment))
                for swept in results[sweeping] { outcome.swept[swept.topic, default: 0] += Int(swept.count) }
            }
            let claimed = results[claiming]
            rows += claimed.compactMap(\.task)
            guard rows.count < limit else { return }
            if let seen = claimed.first?.candidates, seen >= candidates {
                // Others take the same: look further.
                sweep = SweepSchedule.Plan()
                candidates *= Self.widening
            } else if !isComplete && (!laterSweep.topics.isEmpty || !bounds.from.isEmpty && bounds.mayStartAgain) {
                // That was all from here on: look at what was left out.
                isComplete = true
                sweep = laterSweep
                if bounds.mayStartAgain { bounds = ClaimBounds.Plan() }
            } else {
                return
            }
        }
    }

    private func add(
        limit: Int,
        candidates: Int,
        from bounds: ClaimBounds.Plan,
        to pipeline: inout Pipeline
    ) -> Pipeline.Token<ClaimRow> {
        let limit = Int64(limit)
        let candidates = Int64(candidates)
        if request.hasFilter {
            let claim = FilteredClaim(request: request, limit: limit, candidates: candidates)
            return pipeline.add(claim.query, rows: ClaimRow.rows)
        }
        guard bounds.from.isEmpty else { return add(limit, candidates, from: bounds, to: &pipeline) }
        let worker = request.worker.rawValue
        let topics = request.topics.map(\.topic)
        let locks = request.topics.map(\.boundedLockMilliseconds)
        return switch (request.order.usePriority, request.order.isNewestFirst) {
        case (false, false):
            pipeline.add(
                ClaimOldest(
                    worker: worker,
                    topics: topics,
                    lockMilliseconds: locks,
                    limit: limit,
                    candidates: candidates
                )
            )
        case (false, true):
            pipeline.add(
                ClaimNewest(
                    worker: worker,
                    topics: topics,
                    lockMilliseconds: locks,
                    limit: limit,
                    candidates: candidates
                )
            )
        case (true, false):
            pipeline.add(
                ClaimByPriority(
                    worker: worker,
                    topics: topics,
                    lockMilliseconds: locks,
                    limit: limit,
                    candidates: candidates
                )
            )
        case (true, true):
            pipeline.add(
                ClaimByPriorityNewest(
                    worker: worker,
                    topics: topics,
                    lockMilliseconds: locks,
                    limit: limit,
                    candidates: candidates
                )
            )
        }
    }
}

extension Claim {
    /// A claim that begins where the last ones found something.
    private func add(
        _ limit: Int64,
        _ candidates: Int64,
        from bounds: ClaimBounds.Plan,
        to pipeline: inout Pipeline
    ) -> Pipeline.Token<ClaimRow> {
        let worker = request.worker.rawValue
        guard request.order.usePriority else {
            return pipeline.add(
                ClaimOldestFrom(
                    worker: worker,
                    topics: request.topics.map(\.topic),
                    lockMilliseconds: request.topics.map(\.boundedLockMilliseconds),
                    from: request.topics.map { bounds.from[$0.topic]?[0] ?? PostgresTimestamp(microseconds: .min) },
                    limit: limit,
                    candidates: candidates
                )
            )
        }
        var claim = ClaimByPriorityFrom(worker: worker, limit: limit, candidates: candidates)
        for topic in request.topics {
            claim.add(topic.topic, lock: topic.boundedLockMilliseconds, from: bounds.from[topic.topic] ?? [:])
        }
        return pipeline.add(claim)
    }
}

// MARK: - What the worker is told

extension Claim {
    private func finish(
        _ rows: [ClaimedTask],
        _ tasks: inout [LockedTask],
        _ outcome: inout Outcome,
        on session: some StatementRunner,
        check: @Sendable ([LockedTask]) throws -> Void
    ) async throws {
        var pipeline = Pipeline()
        let asksNext = !learning.topics.isEmpty && (rows.isEmpty || !learnsOnlyWhenEmpty)
        let next = asksNext ? pipeline.add(NextClaimable(topics: learning.topics, after: learning.after)) : nil
        guard !rows.isEmpty else {
            pipeline.commit()
            let results = try await session.execute(pipeline)
            outcome.next = next.map { results[$0] }
            return
        }
        let instances = pipeline.add(InstancesOfTasks(instances: Array(Set(rows.map(\.instanceID)))))
        let variables = readings(of: rows).map { pipeline.add($0) }
        // A check may refuse what was read, so only what nobody can refuse is committed in the same round trip.
        let checksFirst = tasks.contains { wish(for: $0.topic)?.deserializeValues == true }
        if !checksFirst { pipeline.commit() }
        let results = try await session.execute(pipeline)
        outcome.next = next.map { results[$0] }
        complete(&tasks, instances: results[instances], variables: variables.flatMap { results[$0] })
        guard checksFirst else { return }
        var end = Pipeline()
        do {
            try check(tasks)
        } catch {
            end.rollback()
            try await session.execute(end)
            throw error
        }
        end.commit()
        try await session.execute(end)
    }

    private func wish(for topic: String) -> TopicRequest? { request.topics.first { $0.topic == topic } }

    /// One reading for all tasks whose topics want the same variables.
    private func readings(of rows: [ClaimedTask]) -> [VisibleVariables] {
        var readings: [[String]?: VisibleVariables] = [:]
        var wishes: [String: TopicRequest] = [:]
        for topic in request.topics { wishes[topic.topic] = topic }
        for row in rows {
            guard let wish = wishes[row.topic], wish.variables?.isEmpty != true else { continue }
            readings[wish.variables, default: VisibleVariables(names: wish.variables)]
                .add(row, onlyLocal: wish.localVariables)
        }
        return Array(readings.values)
    }

    private func complete(
        _ tasks: inout [LockedTask],
        instances: [InstancesOfTasks.Instance],
        variables: [VisibleVariables.Variable]
    ) {
        let instances = Dictionary(instances.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let variables = Dictionary(grouping: variables, by: \.task)
        for index in tasks.indices {
            let instance = instances[tasks[index].processInstanceID.rawValue]
            tasks[index].businessKey = instance?.businessKey
            tasks[index].processDefinitionVersionTag = instance?.versionTag
            tasks[index].tenantID = instance?.tenantID
            tasks[index].deserializeValues = wish(for: tasks[index].topic)?.deserializeValues ?? false
            tasks[index].variables = (variables[tasks[index].id.rawValue] ?? []).map { ($0.name, $0.columns.value) }
        }
    }
}

extension SweepSchedule.Plan {
    fileprivate var statement: SweepExpired {
        SweepExpired(topics: topics, after: after, limit: Int64(Claim.sweepLimit))
    }
}
