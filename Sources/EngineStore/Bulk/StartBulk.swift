package import EngineCore
package import Postgres

/// Notes that work on a batch's operations begins, the first time.
package struct StartBulk: Statement {
    package var batch: BatchID

    package static let sql: SQLText = """
        with started as (
            update batch
            set execution_start_time = clock_timestamp()
            where id = $1 and execution_start_time is null and jobs_created > 0 and not suspended
            returning id, execution_start_time
        )
        update history_batch
        set execution_start_time = started.execution_start_time
        from started
        where history_batch.id = started.id
        """

    package static let parameters = ParameterEncoder(\Self.batch)

    package init(_ batch: BatchID) { self.batch = batch }
}
