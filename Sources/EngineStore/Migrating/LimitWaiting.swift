package import Postgres

/// Says how long the statements of the open transaction may wait for a lock, and that they may take their time once
/// they have it.
package struct LimitWaiting: Statement {
    /// 0 waits without limit.
    package var lockMilliseconds: Int64

    package static let sql: SQLText = """
        select
            set_config('lock_timeout', $1::bigint::text, true), set_config('statement_timeout', '0', true)
        """

    package static let parameters = ParameterEncoder(\Self.lockMilliseconds)

    package init(lockMilliseconds: Int64) { self.lockMilliseconds = lockMilliseconds }
}
