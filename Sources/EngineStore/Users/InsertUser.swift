package import Postgres

/// Adds a user; no row is affected when there is one of that name.
package struct InsertUser: Statement {
    package var user: UserAccount

    package static let sql: SQLText = """
        insert into user_account (id, password_hash, groups, topics, worker)
        values ($1, $2, $3, $4, $5)
        on conflict on constraint user_account_pk do nothing
        """

    package static let parameters = ParameterEncoder(
        \Self.user.id,
        \.user.passwordHash,
        \.user.groups,
        \.user.topics,
        \.user.isWorker
    )

    package init(_ user: UserAccount) { self.user = user }
}
