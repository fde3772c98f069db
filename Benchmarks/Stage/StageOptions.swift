import ArgumentParser

/// What every program lets one choose about the machine that it measures.
struct StageOptions: ParsableArguments {
    @Option(help: "Nodes that run on the database.") var nodes = 1
    @Option(
        help: "An existing server to measure on, as a URL or keywords; its role must be allowed to create databases."
    )
    var databaseURL: String?
    @Option(help: "The `baton` to measure; the one built beside this program when not given.") var baton: String?
    @Option(
        name: .customLong("node-argument"),
        parsing: .unconditionalSingleValue,
        help: "An argument for every node, such as --node-argument=--lanes=4; may be repeated."
    )
    var nodeArguments: [String] = []
    @Option(
        name: .customLong("database-parameter"),
        help: "A setting of the private server, such as shared_buffers=2GB; may be repeated."
    )
    var databaseParameters: [String] = []
    @Flag(help: "Show what the nodes log.") var showLogs = false

    func validate() throws {
        guard 1...20 ~= nodes else { throw ValidationError("--nodes must be from 1 to 20.") }
        guard databaseParameters.allSatisfy({ $0.contains("=") }) else {
            throw ValidationError("--database-parameter takes name=value.")
        }
    }
}
