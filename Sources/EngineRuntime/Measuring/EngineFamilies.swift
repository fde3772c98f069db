import Measures

/// The metrics of an engine: their names and what they mean.
enum EngineFamilies {
    // Of the whole cluster, as of the last sample.
    static let tasks = MetricFamily(
        "baton_external_tasks",
        .gauge,
        """
        External tasks in the whole cluster by topic, as of the last sample: ready (may be claimed), locked (held by a \
        worker, or waiting for a retry time-out), expired (may be claimed, too: the lock has run out), failed (no \
        retries left). All nodes say the same: do not add them up.
        """
    )
    static let oldest = MetricFamily(
        "baton_external_tasks_oldest_ready_age_seconds",
        .gauge,
        "How long ago the oldest ready task of the topic was created, as of the last sample."
    )
    static let sampleAge = MetricFamily(
        "baton_work_sample_age_seconds",
        .gauge,
        "How old the sample is that baton_external_tasks comes from."
    )
    static let sampleTime = MetricFamily(
        "baton_work_sample_duration_seconds",
        .gauge,
        "How long the last sample took; the next is not taken before 50 times as long."
    )
    static let sampleFailures = MetricFamily(
        "baton_work_sample_failures_total",
        .counter,
        "Samples that this node could not take or read."
    )

    // Of this node, by topic.
    static let created = topic("created", "External tasks created by commands of this node.")
    static let claimed = topic("claimed", "External tasks locked for workers that fetched from this node.")
    static let completed = topic("completed", "External tasks completed through this node.")
    static let failed = topic("failures", "Failures of external tasks reported to this node.")
    static let bpmnErrors = topic("bpmn_errors", "BPMN errors of external tasks reported to this node.")
    static let unlocked = topic("unlocked", "External tasks unlocked through this node.")
    static let extended = topic("lock_extensions", "Locks of external tasks extended through this node.")
    static let expired = topic(
        "locks_expired",
        "Locks that had run out and were ended by claims of this node: their workers took too long, or died."
    )
    static let givenBack = topic(
        "given_back",
        "External tasks that were free again at once because the answer could not be delivered to the worker."
    )
    static let wakeUps = MetricFamily(
        "baton_wake_up_duration_seconds",
        .histogram,
        """
        From the moment when this node learned that there is work for a waiting poll (its own commit, what another node \
        announced, the end of a lock, the safety check) to the end of the claim that found some for it, by topic.
        """
    )
    static let parked = MetricFamily(
        "baton_polls_parked",
        .gauge,
        "Polls that wait on this node, by topic; one that names several topics counts in each."
    )
    static let polls = MetricFamily("baton_polls_waiting", .gauge, "Polls that wait on this node, each counted once.")
    static let woken = MetricFamily("baton_polls_woken_total", .counter, "Waiting polls that were told to look again.")
    static let wokenByCheck = MetricFamily(
        "baton_polls_woken_by_check_total",
        .counter,
        "Those of baton_polls_woken_total whom nobody but the safety check told: an announcement was lost or late."
    )

    private static func topic(_ name: String, _ help: String) -> MetricFamily {
        MetricFamily("baton_external_task_\(name)_total", .counter, help)
    }
}

extension EngineFamilies {
    // Commands and claims of this node.
    static let started = MetricFamily(
        "baton_process_instances_started_total",
        .counter,
        "Process instances started through this node."
    )
    static let ended = MetricFamily(
        "baton_process_instances_ended_total",
        .counter,
        "Process instances that ended by commands of this node: completed, or terminated."
    )
    static let commands = MetricFamily(
        "baton_commands_total",
        .counter,
        """
        Commands in batches: done, rejected (the caller asked for what cannot be), failed, or put off because another \
        node held the process instance; these come again.
        """
    )
    static let commandsWaiting = MetricFamily("baton_commands_waiting", .gauge, "Commands that wait for a batch.")
    static let batchSizes = MetricFamily("baton_batch_commands", .histogram, "Commands in one batch: one transaction.")
    static let batchTimes = MetricFamily(
        "baton_batch_duration_seconds",
        .histogram,
        "From the beginning of a batch to its commit."
    )
    static let claimTimes = MetricFamily(
        "baton_claim_duration_seconds",
        .histogram,
        "One claim with its commit: what polls that want the same share."
    )
    static let claimedTasks = MetricFamily("baton_claim_tasks", .histogram, "Tasks that one claim found.")
    static let claimingPolls = MetricFamily("baton_claim_polls", .histogram, "Polls that shared one claim.")
    static let pollsQueued = MetricFamily("baton_claims_waiting", .gauge, "Polls that wait for a claim to begin.")

    // The database.
    static let poolSize = MetricFamily("baton_pool_sessions_max", .gauge, "The most sessions that a pool opens.")
    static let poolSessions = MetricFamily(
        "baton_pool_sessions",
        .gauge,
        "Sessions of a pool: busy (at work, or being opened) and idle."
    )
    static let poolWaiting = MetricFamily("baton_pool_waiting", .gauge, "Callers that wait for a session.")
    static let poolWaits = MetricFamily(
        "baton_pool_wait_duration_seconds",
        .histogram,
        "How long callers waited who found all sessions of a pool at work, whether they got one or not."
    )
    static let poolUses = MetricFamily("baton_pool_uses_total", .counter, "Sessions handed out.")
    static let statements = MetricFamily(
        "baton_database_round_trip_duration_seconds",
        .histogram,
        """
        One round trip: a statement, or several that are sent and answered together. Named by what it is for, or by its \
        last statement.
        """
    )
    static let statementErrors = MetricFamily(
        "baton_database_round_trip_errors_total",
        .counter,
        "Round trips that ended in an error, by the same names."
    )
    static let listening = MetricFamily(
        "baton_listener_connected",
        .gauge,
        "1 while this node hears what other nodes announce."
    )
    static let silence = MetricFamily(
        "baton_listener_heartbeat_age_seconds",
        .gauge,
        "How long ago something came over the channel for announcements; heartbeats come every 3 s."
    )
}
