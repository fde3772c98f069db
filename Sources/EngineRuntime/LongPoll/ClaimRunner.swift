import EngineStore
import Logging
import Postgres
import Synchronization

/// Runs claims for polls, remembers what they teach, and tells who has to know of it.
struct ClaimRunner: Sendable {
    let pool: Pool
    let longPoll: LongPoll
    let measures: EngineMeasures
    let logger: Logger

    /// Claims for polls that share it, and answers each.
    func answer(_ polls: [SharedClaims.Entry]) async {
        do {
            let tasks = try await claim(for: polls)
            for (poll, tasks) in zip(polls, tasks) { poll.answer.resume(returning: tasks) }
        } catch is Claim.Refusal where polls.count > 1 {
            // What one poll may not have is no reason to refuse the others.
            for poll in polls { await answer([poll]) }
        } catch {
            let cause = (error as? Claim.Refusal)?.cause ?? error
            for poll in polls { poll.answer.resume(throwing: cause) }
        }
    }

    /// The tasks of each poll.
    private func claim(for polls: [SharedClaims.Entry]) async throws -> [[LockedTask]] {
        let learning =
            polls.lazy.compactMap(\.waiter).map { longPoll.topicsToLearn(for: $0.id) }
            .first { !$0.isEmpty } ?? []
        let claim = plan(polls, learning: learning)
        let start = longPoll.now
        do {
            let outcome = try await run(claim) { poll, tasks in try polls[poll].fetch.check(tasks) }
            conclude(outcome, of: claim, learning: learning, elapsed: longPoll.now - start)
            return outcome.tasks
        } catch let error as Claim.InDoubt {
            await release(error.tasks)
            throw error.cause
        }
    }

    private func plan(_ polls: [SharedClaims.Entry], learning: [String]) -> Claim {
        let now = longPoll.now
        let first = polls[0].fetch
        let bounds = longPoll.memory.bounds.withLock { $0.plan(for: first.request, now: now) }
        return longPoll.memory.sweeps.withLock { sweeps in
            let due = sweeps.due(first.topics, now: now)
            let swept = Set(due.topics)
            return Claim(
                requests: polls.map(\.fetch.request),
                sweep: due,
                laterSweep: sweeps.plan(first.topics.filter { !swept.contains($0) }, now: now),
                bounds: bounds,
                learning: sweeps.plan(learning, now: now),
                learnsOnlyWhenEmpty: !polls.contains { $0.waiter?.isFirst == false }
            )
        }
    }

    /// Runs a claim, and once more when it collided or its session turned out to be dead and nothing was done.
    private func run(
        _ claim: Claim,
        check: @escaping @Sendable (_ poll: Int, [LockedTask]) throws -> Void
    ) async throws -> Claim.Outcome {
        do {
            return try await pool.withSession { try await claim.run(on: $0, check: check) }
        } catch let error as PostgresError
            where error.isDefinitelyUndone && (error.isConnectionLoss || error.isRetryable)
        {
            return try await pool.withSession { try await claim.run(on: $0, check: check) }
        }
    }

    /// After the commit: remembers what was learned, and tells who has to know.
    private func conclude(_ outcome: Claim.Outcome, of claim: Claim, learning: [String], elapsed: Duration) {
        measures.claimed(outcome, elapsed: elapsed)
        let now = longPoll.now
        let unfinished = outcome.unfinished
        longPoll.memory.sweeps.withLock { sweeps in
            for sweep in outcome.sweeps {
                sweeps.swept(sweep.plan, at: sweep.moment, unfinished: unfinished, elapsed: elapsed, now: now)
            }
        }
        longPoll.memory.bounds.withLock {
            $0.claimed(claim.request, full: outcome.full, found: outcome.found, now: now)
        }
        if let next = outcome.next {
            let moments = next.map { ($0.topic, $0.inMilliseconds) }
            longPoll.learned(learning, next: Dictionary(moments, uniquingKeysWith: { first, _ in first }))
        }
        longPoll.workAppeared(news(of: outcome, claim, now: now))
    }

    private func news(of outcome: Claim.Outcome, _ claim: Claim, now: Duration) -> [TopicWork] {
        var news: [TopicWork] = []
        let claimed = outcome.tasks.joined().reduce(into: [:]) { counts, task in counts[task.topic, default: 0] += 1 }
        for (topic, swept) in outcome.swept where swept > claimed[topic] ?? 0 {
            news.append(TopicWork(topic: topic, count: swept - (claimed[topic] ?? 0)))
        }
        for topic in outcome.unfinished { news.append(TopicWork(topic: topic, inMilliseconds: 1)) }
        for (topic, milliseconds) in locks(of: outcome, claim) {
            let isNews = longPoll.memory.lockMoments.withLock {
                $0.mustTell(topic, at: now + .milliseconds(milliseconds), now: now)
            }
            if isNews { news.append(TopicWork(topic: topic, inMilliseconds: milliseconds)) }
        }
        return news
    }

    /// How long the shortest lock of each topic lasts that the claim set.
    private func locks(of outcome: Claim.Outcome, _ claim: Claim) -> [String: Int64] {
        var shortest: [String: Int64] = [:]
        for (request, tasks) in zip(claim.requests, outcome.tasks) where !tasks.isEmpty {
            let topics = Set(tasks.map(\.topic))
            for wish in request.topics where topics.contains(wish.topic) {
                shortest[wish.topic] = min(shortest[wish.topic] ?? .max, wish.boundedLockMilliseconds)
            }
        }
        return shortest
    }

    /// Gives back tasks that could not be delivered to their worker, and wakes others for them.
    ///
    /// Never throws: what cannot be given back is free when its lock runs out.
    func release(_ tasks: [LockedTask]) async {
        guard !tasks.isEmpty else { return }
        // A task of its own, waited for here: the caller's has been cancelled when its client is gone.
        let release = Task { [pool] () async throws(PostgresError) in try await pool.release(undelivered: tasks) }
        switch await release.result {
        case .success(let released):
            measures.gaveBack(released)
            longPoll.workAppeared(released.map { TopicWork(topic: $0.key, count: $0.value) })
        case .failure(let error):
            logger.warning("Undelivered tasks could not be given back", metadata: ["error": "\(error)"])
        }
    }
}
