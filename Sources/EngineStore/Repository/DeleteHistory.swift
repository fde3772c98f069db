package import FoundationEssentials
package import Postgres

/// Deletes the history of these instances, whether they ended or not.
package struct DeleteHistory: Statement {
    package var instances: [UUID]

    package static let sql: SQLText = """
        with
            deleted_activity as (delete from history_activity where instance_id = any ($1)),
            deleted_variable as (delete from history_variable where instance_id = any ($1)),
            deleted_incident as (delete from history_incident where instance_id = any ($1)),
            deleted_task as (delete from history_task where instance_id = any ($1)),
            deleted_log as (delete from history_external_task_log where instance_id = any ($1))
        delete from history_process_instance
        where id = any ($1)
        """

    package static let parameters = ParameterEncoder(\Self.instances)

    package init(instances: [UUID]) { self.instances = instances }
}
