package import Postgres

/// Gives a user another password; no row is affected when there is no such user.
package struct ChangePassword: Statement {
    package var id: String
    package var passwordHash: String

    package static let sql: SQLText = """
        update user_account
        set password_hash = $2
        where id = $1
        """

    package static let parameters = ParameterEncoder(\Self.id, \.passwordHash)

    package init(id: String, passwordHash: String) {
        self.id = id
        self.passwordHash = passwordHash
    }
}
