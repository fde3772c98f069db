import LabChecker
import Postgres

/// The variables that calls write for the checker; the engine has some of its own.
struct ReadVariables: Statement {
    static let sql: SQLText = """
        select instance_id::text, name, text_value from variable where name = 'last' or name like 'of %'
        union all select instance_id::text, name, text_value from history_variable
            where name = 'last' or name like 'of %'
        """
    static let rows = RowDecoder<Rows.Variable> { (instance: String, name: String, value: String?) in
        Rows.Variable(instance: instance, name: name, value: value)
    }
}

struct ReadUserTasks: Statement {
    static let sql: SQLText = """
        select id::text, coalesce(instance_id::text, ''), assignee, delete_reason from history_task
        """
    static let rows = RowDecoder<Rows.UserTask> {
        (id: String, instance: String, assignee: String?, reason: String?) in
        Rows.UserTask(id: id, instance: instance, assignee: assignee, reason: reason)
    }
}

struct ReadIncidents: Statement {
    static let sql: SQLText = """
        select id::text, configuration from incident where type = 'failedExternalTask'
        union all select id::text, configuration from history_incident where type = 'failedExternalTask'
        """
    static let rows = RowDecoder<Rows.Incident> { (id: String, task: String?) in
        Rows.Incident(id: id, task: task ?? "")
    }
}

struct ReadBatches: Statement {
    static let sql: SQLText = """
        select id::text, total_jobs::bigint, end_time is not null,
            (select count(*) from batch_job as job where job.batch_id = batch.id and retries > 0 and kind < 2),
            (select count(*) from batch_job as job where job.batch_id = batch.id and retries = 0)
        from history_batch as batch
        """
    static let rows = RowDecoder<Rows.Batch> { (id: String, jobs: Int64, isOver: Bool, open: Int64, failed: Int64) in
        Rows.Batch(id: id, jobs: Int(jobs), isOver: isOver, open: Int(open), failed: Int(failed))
    }
}
