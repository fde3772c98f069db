import FoundationEssentials
import EngineCore
package import Postgres

/// One fetch of external tasks, for one poll or for several that want the same: everything between its begin and its
/// commit.
///
/// Expired locks are swept and tasks are claimed in one round trip; what the worker is told of its tasks is read in the
/// next one, together with the commit, so that no task is locked that cannot be delivered.
package struct Claim: Sendable {
    /// The polls, the oldest first: with the same topics and the same order; several only without filters.
    package var requests: [FetchRequest]
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
    static let spareCandidates = 2
    /// The most candidates beyond what is asked for in the first round.
    static let mostSpareCandidates = 30
    /// How often a claim looks further when others were faster.
    static let maximumRounds = 4
    /// By how much each round looks further than the one before.
    static let widening = 8

    package init(
        requests: [FetchRequest],
        sweep: SweepSchedule.Plan,
        laterSweep: SweepSchedule.Plan,
        bounds: ClaimBounds.Plan = ClaimBounds.Plan(),
        learning: SweepSchedule.Plan = SweepSchedule.Plan(),
        learnsOnlyWhenEmpty: Bool = true
    ) {
        self.requests = requests
        self.sweep = sweep
        self.laterSweep = laterSweep
        self.bounds = bounds
        self.learning = learning
        self.learnsOnlyWhenEmpty = learnsOnlyWhenEmpty
    }

    /// What a claim found.
    package struct Outcome: Sendable {
        /// Of each poll, in the order that was asked for.
        package var tasks: [[LockedTask]] = []
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

    /// A poll's tasks may not be delivered; nothing was locked for any poll.
    package struct Refusal: Error {
        /// The place of the poll among the requests.
        package var poll: Int
        package var cause: any Error
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
    ///   - check: May refuse to deliver tasks to a poll whose topics want deserialized values.
    /// - Returns: What was locked, and what else the claim learned.
    /// - Throws: ``PostgresError`` or ``Refusal`` when nothing was locked, ``InDoubt`` when something may be.
    package func run(
        on session: some StatementRunner,
        check: @Sendable (_ poll: Int, [LockedTask]) throws -> Void = { _, _ in }
    ) async throws -> Outcome {
        var outcome = Outcome()
        var rows: [ClaimedTask] = []
        try await claim(on: session, &rows, &outcome)
        rows.sort { $0.precedes($1, in: request.order) }
        outcome.found = rows.map {
            ClaimBounds.Found(topic: $0.topic, priority: $0.priority, createTime: $0.createTime)
        }
        var tasks = rows.map { LockedTask($0, for: requests[$0.poll].worker) }
        do {
            try await finish(rows, &tasks, &outcome, on: session, check: check)
        } catch let error as PostgresError where !error.isDefinitelyUndone {
            throw InDoubt(tasks: tasks, cause: error)
        }
        outcome.tasks = distribute(tasks, as: rows)
        return outcome
    }

    /// The topics and the order, which all polls share.
    package var request: FetchRequest { requests[0] }

    private func distribute(_ tasks: [LockedTask], as rows: [ClaimedTask]) -> [[LockedTask]] {
        var byPoll = [[LockedTask]](repeating: [], count: requests.count)
        for (task, row) in zip(tasks, rows) { byPoll[row.poll].append(task) }
        return byPoll
    }
}

// MARK: - Sweeping and claiming

extension Claim {
    private var limit: Int { requests.reduce(0) { $0 + $1.limit } }

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
            var pipeline = Pipeline(named: "Claim")
            if round == 0 { pipeline.begin() }
            let settings = pipeline.add(ClaimSettings())
            let sweeping = sweep.topics.isEmpty ? nil : pipeline.add(sweep.statement)
            let claiming = add(taken: rows.count, candidates: candidates, from: bounds, to: &pipeline)
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
        taken: Int,
        candidates: Int,
        from bounds: ClaimBounds.Plan,
        to pipeline: inout Pipeline
    ) -> Pipeline.Token<ClaimRow> {
        if request.hasFilter {
            let left = Int64(limit - taken)
            let claim = FilteredClaim(request: request, limit: left, candidates: Int64(candidates))
            return pipeline.add(claim.query, rows: ClaimRow.rows)
        }
        let slots = ClaimSlots(requests, taken: taken, candidates: candidates)
        guard bounds.from.isEmpty else { return add(slots, from: bounds, to: &pipeline) }
        return switch (request.order.usePriority, request.order.isNewestFirst) {
        case (false, false): pipeline.add(ClaimOldest(slots: slots))
        case (false, true): pipeline.add(ClaimNewest(slots: slots))
        case (true, false): pipeline.add(ClaimByPriority(slots: slots))
        case (true, true): pipeline.add(ClaimByPriorityNewest(slots: slots))
        }
    }

    /// A claim that begins where the last ones found something.
    private func add(
        _ slots: ClaimSlots,
        from bounds: ClaimBounds.Plan,
        to pipeline: inout Pipeline
    ) -> Pipeline.Token<ClaimRow> {
        guard request.order.usePriority else {
            let from = slots.topics.map { bounds.from[$0]?[0] ?? PostgresTimestamp(microseconds: .min) }
            return pipeline.add(ClaimOldestFrom(slots: slots, from: from))
        }
        var claim = ClaimByPriorityFrom(slots: slots)
        for (number, topic) in zip(Int32(1)..., slots.topics) {
            claim.add(topic: number, from: bounds.from[topic] ?? [:])
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
        check: @Sendable (_ poll: Int, [LockedTask]) throws -> Void
    ) async throws {
        var pipeline = Pipeline(named: "ReadClaimed")
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
        let checksFirst = requests.contains { $0.topics.contains(where: \.deserializeValues) }
        if !checksFirst { pipeline.commit() }
        let results = try await session.execute(pipeline)
        outcome.next = next.map { results[$0] }
        complete(&tasks, of: rows, instances: results[instances], variables: variables.flatMap { results[$0] })
        guard checksFirst else { return }
        var end = Pipeline()
        for (poll, tasks) in distribute(tasks, as: rows).enumerated() {
            do {
                try check(poll, tasks)
            } catch {
                end.rollback()
                try await session.execute(end)
                throw Refusal(poll: poll, cause: error)
            }
        }
        end.commit()
        try await session.execute(end)
    }

    /// One reading for all tasks whose polls want the same variables of their topics.
    private func readings(of rows: [ClaimedTask]) -> [VisibleVariables] {
        let wishes = wishes
        var readings: [[String]?: VisibleVariables] = [:]
        for row in rows {
            guard let wish = wishes[row.poll][row.topic], wish.variables?.isEmpty != true else { continue }
            readings[wish.variables, default: VisibleVariables(names: wish.variables)]
                .add(row, onlyLocal: wish.localVariables)
        }
        return Array(readings.values)
    }

    /// What each poll wants of its topics.
    private var wishes: [[String: TopicRequest]] {
        requests.map { request in
            Dictionary(request.topics.map { ($0.topic, $0) }, uniquingKeysWith: { _, last in last })
        }
    }

    private func complete(
        _ tasks: inout [LockedTask],
        of rows: [ClaimedTask],
        instances: [InstancesOfTasks.Instance],
        variables: [VisibleVariables.Variable]
    ) {
        let wishes = wishes
        let instances = Dictionary(instances.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let variables = Dictionary(grouping: variables, by: \.task)
        for (index, row) in rows.enumerated() {
            let instance = instances[row.instanceID]
            tasks[index].businessKey = instance?.businessKey
            tasks[index].processDefinitionVersionTag = instance?.versionTag
            tasks[index].tenantID = instance?.tenantID
            tasks[index].deserializeValues = wishes[row.poll][row.topic]?.deserializeValues ?? false
            tasks[index].add(variables[row.id] ?? [])
        }
    }
}

extension SweepSchedule.Plan {
    fileprivate var statement: SweepExpired {
        SweepExpired(topics: topics, after: after, limit: Int64(Claim.sweepLimit))
    }
}
