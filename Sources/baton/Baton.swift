import ArgumentParser
import EngineAPI

/// The program: one executable with a command for each thing it does.
@main
struct Baton: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baton",
        abstract: "A BPMN engine whose work is done by workers, handed out over HTTP and kept in PostgreSQL.",
        discussion: """
            A process model goes in over HTTP; its service tasks come out as external tasks, locked for one worker at \
            a time. A worker that dies loses its lock and another worker takes over. Nodes hold no state: run as many \
            as you like on one database.

            Try it, with a private PostgreSQL and two nodes:
              baton dev
              baton demo takeover

            Run it on a database of your own:
              baton serve --database-url postgres://baton:secret@db.example.com/baton

            Every setting is a flag and an environment variable; a flag wins. Each command's --help lists its own.
            """,
        version: version,
        subcommands: [Serve.self, Dev.self, Deploy.self, Migrate.self, User.self, Health.self, Demo.self]
    )

    /// What `baton --version` prints.
    private static var version: String {
        let api = EngineAPI.Configuration().version
        return "baton \(ProductVersion.number) (\(ProductVersion.build) build, serves the REST contract of \(api))"
    }
}

/// A command that cannot do what it was asked, said for the person who asked.
///
/// The exit status is 1.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
