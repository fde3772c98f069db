import LabChecker
import Postgres

extension LabDatabase {
    /// Writes all rows down that the checker compares with what clients saw; nothing may be running any more.
    func writeRows(to recorder: Recorder) async throws {
        for row in try await pool.run(ReadRunning()) { try recorder.write(.running(row)) }
        for row in try await pool.run(ReadEnded()) { try recorder.write(.ended(row)) }
        for row in try await pool.run(ReadLog()) { try recorder.write(.logged(row)) }
        for row in try await pool.run(ReadActivities()) { try recorder.write(.activity(row)) }
        for row in try await pool.run(ReadParts()) { try recorder.write(.part(row)) }
        for row in try await pool.run(ReadVariables()) { try recorder.write(.variable(row)) }
        for row in try await pool.run(ReadUserTasks()) { try recorder.write(.userTask(row)) }
        for row in try await pool.run(ReadIncidents()) { try recorder.write(.incident(row)) }
        for row in try await pool.run(ReadBatches()) { try recorder.write(.batch(row)) }
        try recorder.write(.complete(.now))
    }
}

private struct ReadRunning: Statement {
    static let sql: SQLText = "select id::text, definition_key, business_key from process_instance"
    static let rows = RowDecoder<Rows.Running> { (id: String, process: String, key: String?) in
        Rows.Running(id: id, process: process, businessKey: key)
    }
}

private struct ReadEnded: Statement {
    static let sql: SQLText = """
        select id::text, definition_key, business_key, state, (extract(epoch from start_time) * 1000000)::bigint,
            (extract(epoch from end_time) * 1000000)::bigint
        from history_process_instance
        """
    static let rows = RowDecoder<Rows.Ended> {
        (id: String, process: String, key: String?, state: String, start: Int64, end: Int64) in
        Rows.Ended(
            id: id,
            process: process,
            businessKey: key,
            state: state,
            start: DatabaseMoment(rawValue: start),
            end: DatabaseMoment(rawValue: end)
        )
    }
}

private struct ReadLog: Statement {
    static let sql: SQLText = """
        select external_task_id::text, instance_id::text, activity_id, topic, state, worker_id,
            (extract(epoch from time) * 1000000)::bigint
        from history_external_task_log
        """
    static let rows = RowDecoder<Rows.Logged> {
        (
            task: String,
            instance: String,
            activity: String,
            topic: String?,
            state: String,
            worker: String?,
            time: Int64
        ) in
        Rows.Logged(
            task: task,
            instance: instance,
            activity: activity,
            topic: topic,
            state: state,
            worker: worker,
            time: DatabaseMoment(rawValue: time)
        )
    }
}

private struct ReadActivities: Statement {
    static let sql: SQLText = """
        select id, instance_id::text, execution_id::text, activity_id,
            (extract(epoch from start_time) * 1000000)::bigint, (extract(epoch from end_time) * 1000000)::bigint,
            canceled
        from history_activity
        """
    static let rows = RowDecoder<Rows.Activity> {
        (
            id: String,
            instance: String,
            execution: String,
            activity: String,
            start: Int64,
            end: Int64,
            isCanceled: Bool
        ) in
        Rows.Activity(
            id: id,
            instance: instance,
            execution: execution,
            activity: activity,
            start: DatabaseMoment(rawValue: start),
            end: DatabaseMoment(rawValue: end),
            isCanceled: isCanceled
        )
    }
}

private struct ReadParts: Statement {
    static let sql: SQLText = """
        select 'external_task', id::text, instance_id::text from external_task
        union all select 'user_task', id::text, instance_id::text from user_task
        union all select 'token', id::text, instance_id::text from token
        union all select 'scope', id::text, instance_id::text from scope
        union all select 'variable', id::text, instance_id::text from variable
        union all select 'incident', id::text, instance_id::text from incident where instance_id is not null
        union all select 'event_subscription', id::text, instance_id::text from event_subscription
            where instance_id is not null
        union all select 'thrown_signal', id::text, root_id::text from thrown_signal
        """
    static let rows = RowDecoder<Rows.Part> { (table: String, id: String, instance: String) in
        Rows.Part(table: table, id: id, instance: instance)
    }
}
