package import EngineStore
import Postgres

// The users who call this engine with a password. What a password hash is, the engine does not know.

extension Engine {
    /// The most users that one question returns.
    package static let maximumUsersPerPage = 1000

    /// A user; nil when there is none of that name.
    package func user(_ id: String) async throws -> UserAccount? { try await pool.run(FindUser(id: id)).first }

    /// Users by name, at most ``maximumUsersPerPage``; `after`: the last name of the page before.
    package func users(after: String? = nil) async throws -> [UserAccount] {
        try await pool.run(ListUsers(after: after, limit: Int64(Self.maximumUsersPerPage)))
    }

    /// Adds a user; false when there is one of that name already.
    package func addUser(_ user: UserAccount) async throws -> Bool {
        try await pool.affected(by: InsertUser(user)) > 0
    }

    /// Removes a user; false when there is none.
    package func removeUser(_ id: String) async throws -> Bool {
        try await pool.affected(by: DeleteUser(id: id)) > 0
    }

    /// Gives a user another password; false when there is no such user.
    package func changePassword(of id: String, toHash hash: String) async throws -> Bool {
        try await pool.affected(by: ChangePassword(id: id, passwordHash: hash)) > 0
    }
}
