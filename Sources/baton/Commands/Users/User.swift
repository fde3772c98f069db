import Access
import ArgumentParser
import EngineRuntime
import EngineStore
import Foundation
import Logging
import Postgres

/// `baton user`: who may call with a password.
struct User: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage the users who call with a password.",
        discussion: """
            Users are kept in the engine's database and count on every node that runs with --authentication basic; \
            a change counts after \(BasicAuthentication.lifetime.components.seconds) seconds at the latest. Users in \
            a file are made with baton user hash.

            Examples:
              echo "$PASSWORD" | baton user add anna --password-stdin
              baton user add charger --topics charge-card,refund
              baton user password anna
              baton user list
              baton user hash robot --worker >> users
            """,
        subcommands: [UserAdd.self, UserPassword.self, UserRemove.self, UserList.self, UserHash.self]
    )
}

/// What a user is limited to, and belongs to.
struct UserLimitFlags: ParsableArguments {
    @Option(help: "Only tasks of these topics, separated by commas; such a user is a worker, too.")
    var topics: String?
    @Flag(help: "Only what workers do: fetch tasks, report on them, read what is around them.")
    var worker = false
    @Option(help: "The user's groups, separated by commas.")
    var groups: String?

    /// The flags as lists of names.
    ///
    /// - Throws: `ValidationError` when a list is empty: no topic at all is hardly meant.
    func lists() throws -> (topics: [String]?, groups: [String]) {
        let topics = topics.map(Self.names)
        guard topics?.isEmpty != true else { throw ValidationError("--topics names no topic.") }
        return (topics, groups.map(Self.names) ?? [])
    }

    private static func names(in text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}

/// `baton user add`.
struct UserAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add a user.")

    @Argument(help: "The user's name.") var name: String
    @OptionGroup var password: PasswordFlags
    @OptionGroup(title: "Limits") var limits: UserLimitFlags
    @OptionGroup(title: "Database") var place: UserPlaceFlags

    func run() async throws {
        let (topics, groups) = try limits.lists()
        let hash = try password.hash(for: name)
        let user = UserAccount(
            id: name,
            passwordHash: hash.text,
            groups: groups,
            topics: topics,
            isWorker: limits.worker || topics != nil
        )
        try await place.withEngine { engine in
            guard try await engine.addUser(user) else {
                throw CommandFailure("There is a user \(name) already. To change the password: baton user password")
            }
        }
        print("Added \(name).")
    }
}

/// `baton user password`.
struct UserPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Give a user another password."
    )

    @Argument(help: "The user's name.") var name: String
    @OptionGroup var password: PasswordFlags
    @OptionGroup(title: "Database") var place: UserPlaceFlags

    func run() async throws {
        let hash = try password.hash(for: name)
        try await place.withEngine { engine in
            guard try await engine.changePassword(of: name, toHash: hash.text) else {
                throw CommandFailure.noUser(name)
            }
        }
        print("Changed the password of \(name).")
    }
}

/// `baton user remove`.
struct UserRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Remove a user.")

    @Argument(help: "The user's name.") var name: String
    @OptionGroup(title: "Database") var place: UserPlaceFlags

    func run() async throws {
        try await place.withEngine { engine in
            guard try await engine.removeUser(name) else { throw CommandFailure.noUser(name) }
        }
        print("Removed \(name).")
    }
}

/// `baton user list`.
struct UserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the users of the database, without their passwords."
    )

    @OptionGroup(title: "Database") var place: UserPlaceFlags

    func run() async throws {
        try await place.withEngine { engine in
            var rows: [[String]] = []
            var page = try await engine.users()
            while let last = page.last {
                rows += page.map(Self.row)
                page = try await engine.users(after: last.id)
            }
            print(TextTable(columns: ["NAME", "MAY DO", "TOPICS", "GROUPS"], rows: rows))
        }
    }

    private static func row(_ user: UserAccount) -> [String] {
        let topics = user.topics.map { $0.joined(separator: ",") } ?? "all"
        return [user.id, user.isWorker ? "work" : "everything", topics, user.groups.joined(separator: ",")]
    }
}

/// `baton user hash`: a line for a file of users.
struct UserHash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash",
        abstract: "Print the line of a user for --users-file; needs no database."
    )

    @Argument(help: "The user's name.") var name: String
    @OptionGroup var password: PasswordFlags
    @OptionGroup(title: "Limits") var limits: UserLimitFlags

    func run() async throws {
        let (topics, groups) = try limits.lists()
        let identity = Identity(
            userID: name,
            groups: groups,
            limits: Identity.Limits(isWorker: limits.worker, topics: topics.map(Set.init))
        )
        print(UsersFile.line(for: Account(identity: identity, passwordHash: try password.hash(for: name))))
    }
}

extension CommandFailure {
    fileprivate static func noUser(_ name: String) -> CommandFailure {
        CommandFailure("There is no user \(name) in the database. To see who is there: baton user list")
    }
}
