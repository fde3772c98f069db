package import Postgres

/// Removes a user; no row is affected when there is none.
package struct DeleteUser: Statement {
    package var id: String

    package static let sql: SQLText = """
        delete from user_account
        where id = $1
        """

    package static let parameters = ParameterEncoder(\Self.id)

    package init(id: String) { self.id = id }
}
