package import Measures
import EngineStore
import Postgres

extension Engine {
    /// Adds what the engine counts, and what it last knew of the cluster's work.
    ///
    /// Waits for ``WorkSampler/patience`` at most.
    package func show(in page: inout PrometheusText) async {
        let sample = await sampler.sample()
        show(sample, in: &page)
        showTopics(in: &page)
        showPolls(in: &page)
        showCommands(in: &page)
        showDatabase(in: &page)
    }

    private var label: (name: String, value: String) { (name: "engine", value: name.text) }

    private func show(_ kept: WorkSampler.Kept?, in page: inout PrometheusText) {
        page.add(EngineFamilies.sampleFailures, [label], sampler.failures)
        guard let kept else { return }
        page.add(EngineFamilies.sampleAge, [label], kept.age.seconds)
        page.add(EngineFamilies.sampleTime, [label], Double(kept.sample.elapsedMilliseconds) / 1_000)
        for topic in kept.sample.topics {
            let labels = [label, (name: "topic", value: topic.name)]
            let counts = [
                ("ready", topic.ready), ("locked", topic.locked), ("expired", topic.expired), ("failed", topic.failed),
            ]
            for (state, count) in counts {
                page.add(EngineFamilies.tasks, labels + [(name: "state", value: state)], count)
            }
            if let oldest = topic.oldestMilliseconds {
                page.add(EngineFamilies.oldest, labels, Double(max(0, oldest)) / 1_000)
            }
        }
    }

    private func showTopics(in page: inout PrometheusText) {
        for (name, topic) in measures.topics.all {
            let labels = [label, (name: "topic", value: name)]
            page.add(EngineFamilies.created, labels, topic.created)
            page.add(EngineFamilies.claimed, labels, topic.claimed)
            page.add(EngineFamilies.completed, labels, topic.completed)
            page.add(EngineFamilies.failed, labels, topic.failed)
            page.add(EngineFamilies.bpmnErrors, labels, topic.bpmnErrors)
            page.add(EngineFamilies.unlocked, labels, topic.unlocked)
            page.add(EngineFamilies.extended, labels, topic.extended)
            page.add(EngineFamilies.expired, labels, topic.expired)
            page.add(EngineFamilies.givenBack, labels, topic.givenBack)
            if topic.wakeUps.snapshot.count > 0 { page.add(EngineFamilies.wakeUps, labels, topic.wakeUps) }
        }
    }

    /// Polls may name any topics: of those for which most polls wait, as many are told apart as of the others.
    private func showPolls(in page: inout PrometheusText) {
        page.add(EngineFamilies.polls, [label], longPoll.parkedCount)
        page.add(EngineFamilies.woken, [label], measures.pollsWoken)
        page.add(EngineFamilies.wokenByCheck, [label], measures.pollsWokenByCheck)
        let parked = longPoll.parkedByTopic.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        for (topic, count) in parked.prefix(TopicTable.limit).sorted(by: { $0.key < $1.key }) {
            page.add(EngineFamilies.parked, [label, (name: "topic", value: topic)], count)
        }
        let rest = parked.dropFirst(TopicTable.limit).reduce(0) { $0 + $1.value }
        if rest > 0 { page.add(EngineFamilies.parked, [label, (name: "topic", value: TopicTable.others)], rest) }
    }

    private func showCommands(in page: inout PrometheusText) {
        page.add(EngineFamilies.started, [label], measures.instancesStarted)
        for (state, counter) in [
            ("completed", measures.instancesCompleted), ("terminated", measures.instancesTerminated),
        ] {
            page.add(EngineFamilies.ended, [label, (name: "state", value: state)], counter)
        }
        for (outcome, counter) in [
            ("done", measures.commandsDone), ("rejected", measures.commandsRejected),
            ("failed", measures.commandsFailed), ("put_off", measures.commandsPutOff),
        ] {
            page.add(EngineFamilies.commands, [label, (name: "outcome", value: outcome)], counter)
        }
        page.add(EngineFamilies.commandsWaiting, [label], runner.waiting)
        page.add(EngineFamilies.batchSizes, [label], measures.batchSizes)
        page.add(EngineFamilies.batchTimes, [label], measures.batchTimes)
        page.add(EngineFamilies.claimTimes, [label], measures.claimTimes)
        page.add(EngineFamilies.claimedTasks, [label], measures.claimedTasks)
        page.add(EngineFamilies.claimingPolls, [label], measures.claimingPolls)
        page.add(EngineFamilies.pollsQueued, [label], fetcher.waiting)
    }

    private func showDatabase(in page: inout PrometheusText) {
        for (name, pool) in pools {
            let labels = [label, (name: "pool", value: name)]
            let statistics = pool.statistics
            page.add(EngineFamilies.poolSize, labels, pool.limits.maximum)
            page.add(EngineFamilies.poolSessions, labels + [(name: "state", value: "busy")], statistics.busy)
            page.add(EngineFamilies.poolSessions, labels + [(name: "state", value: "idle")], statistics.idle)
            page.add(EngineFamilies.poolWaiting, labels, statistics.waiting)
            page.add(EngineFamilies.poolUses, labels, pool.uses)
            page.add(EngineFamilies.poolWaits, labels, pool.waits)
        }
        for entry in roundTrips.all {
            let labels = [label, (name: "statement", value: entry.name)]
            page.add(EngineFamilies.statements, labels, entry.times)
            page.add(EngineFamilies.statementErrors, labels, entry.errors)
        }
        page.add(EngineFamilies.listening, [label], listener.isListening ? 1 : 0)
        if let silence = listener.silence { page.add(EngineFamilies.silence, [label], silence.seconds) }
    }
}

extension Duration {
    /// Seconds with their fraction.
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
