package import Postgres

/// Finds a user.
package struct FindUser: Statement {
    package var id: String

    package static let sql: SQLText = """
        select id, password_hash, groups, topics, worker
        from user_account
        where id = $1
        """

    package static let parameters = ParameterEncoder(\Self.id)
    package static let rows = UserAccount.rows

    package init(id: String) { self.id = id }
}
