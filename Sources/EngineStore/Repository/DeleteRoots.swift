package import FoundationEssentials
package import Postgres

/// Deletes what runs of these root instances, whatever it is; tells the ids of all instances that were in them.
///
/// The roots must be locked.
package struct DeleteRoots: Statement {
    package var roots: [UUID]

    package static let sql: SQLText = """
        with
            deleted_external_task as (
                delete from external_task
                where instance_id = any ($1) or root_id = any ($1) and root_id <> instance_id
            ),
            deleted_identity_link as (
                delete from identity_link where task_id in (select id from user_task where root_id = any ($1))
            ),
            deleted_user_task as (delete from user_task where root_id = any ($1)),
            deleted_token as (delete from token where root_id = any ($1)),
            deleted_scope as (delete from scope where root_id = any ($1)),
            deleted_variable as (
                delete from variable
                where instance_id = any ($1) or root_id = any ($1) and root_id <> instance_id
            ),
            deleted_subscription as (
                delete from event_subscription
                where instance_id = any ($1) or root_id = any ($1) and root_id <> instance_id
            ),
            deleted_incident as (delete from incident where root_id = any ($1))
        delete from process_instance
        where id = any ($1) or (root_id = any ($1) and id <> root_id)
        returning id
        """

    package static let parameters = ParameterEncoder(\Self.roots)
    package static let rows = RowDecoder(UUID.self)

    package init(roots: [UUID]) { self.roots = roots }
}
