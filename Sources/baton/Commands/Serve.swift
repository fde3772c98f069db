import ArgumentParser

/// `baton serve`: one node.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run one node.",
        discussion: """
            Connects to PostgreSQL, for which it waits a while, brings the schema up to date, listens for HTTP and logs \
            “Node is ready” with its URL. Start as many nodes as you like on the same database, also all at once: they \
            are equal.

            The API is under /engine-rest; each further engine (--engine) has the same below /engine-rest/engine/NAME, \
            with deployments, instances and work of its own. For a load balancer, GET /health/live says that the process \
            lives and GET /health/ready that the databases of all engines are migrated and wake-ups from other nodes \
            arrive.

            SIGTERM and SIGINT end the node in an orderly way: it is not ready any more, parked polls are answered with \
            an empty list, so that workers go to another node at once, and each answer closes its connection; after \
            --drain-seconds (a second signal ends the wait) it stops listening, finishes what is under way and ends.

            Examples:
              baton serve --database-url postgres://baton:secret@localhost/baton
              BATON_DATABASE_URL=postgres://localhost/baton baton serve --host 0.0.0.0 --port 9000
              baton serve --authentication basic --tls-certificate server.pem --tls-private-key server.key
              baton serve --history-level activity --log-format json
              baton serve --database-url postgres://localhost/baton --engine orders --engine billing
            """
    )

    @OptionGroup(title: "Database") var database: DatabaseFlags
    @OptionGroup(title: "Engines") var engines: EngineFlags
    @OptionGroup(title: "Behind a pooler") var listening: ListeningFlags
    @OptionGroup(title: "Node") var node: NodeFlags
    @OptionGroup(title: "Access") var access: AccessFlags
    @OptionGroup(title: "Logging") var log: LogFlags
    @Flag(help: .hidden) var endWithParent = false

    func run() async throws {
        let reader = SettingReader(database, engines, listening, node, access, log)
        let settings = try NodeSettings(from: reader)
        guard let databaseURL = settings.databaseURL else {
            throw ValidationError(
                """
                There is no database. Give one with --database-url postgres://user:password@host:5432/name or in \
                BATON_DATABASE_URL. To try Baton without a database of your own: baton dev
                """
            )
        }
        let logger = try LogSettings(from: reader).bootstrap()
        var node = Node(settings: settings, databaseURL: databaseURL, logger: logger)
        // Who runs nodes as children, as dev does, has no balancer in front of them unless it says so.
        let drainSeconds = try settings.drainSeconds ?? (endWithParent ? 0 : reader.integer(.drainSeconds, in: 0...600))
        node.drain = .seconds(drainSeconds)
        try await node.run(endingWithParent: endWithParent)
    }
}
