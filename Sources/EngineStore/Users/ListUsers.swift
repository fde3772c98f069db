package import Postgres

/// Lists users by name, a page at a time.
package struct ListUsers: Statement {
    /// The last name of the page before; nil begins.
    package var after: String?
    package var limit: Int64

    package static let sql: SQLText = """
        select id, password_hash, groups, topics, worker
        from user_account
        where $1::text is null or id > $1
        order by id
        limit $2
        """

    package static let parameters = ParameterEncoder(\Self.after, \.limit)
    package static let rows = UserAccount.rows

    package init(after: String?, limit: Int64) {
        self.after = after
        self.limit = limit
    }
}
