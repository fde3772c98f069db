package import Postgres

/// A database that others are copied from; made once per process.
package struct DatabaseTemplate: Sendable {
    /// Tells templates apart; letters and digits, at most 20.
    package let name: String
    /// Fills the new, empty database; must close all its sessions before it returns.
    let prepare: @Sendable (ConnectionSettings) async throws -> Void

    /// A template that `prepare` fills.
    package init(name: String, prepare: @escaping @Sendable (ConnectionSettings) async throws -> Void) {
        self.name = name
        self.prepare = prepare
    }

    /// Nothing in it.
    package static let empty = DatabaseTemplate(name: "empty") { _ in }
}
