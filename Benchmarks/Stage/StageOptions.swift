import ArgumentParser

/// What every program lets one choose about the machine that it measures.
struct StageOptions: ParsableArguments {
    @Option(help: "Nodes that run on the database; as many as the program needs when not given.") var nodes: Int?
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
        guard 1...20 ~= nodes ?? 1 else { throw ValidationError("--nodes must be from 1 to 20.") }
        guard databaseParameters.allSatisfy({ $0.contains("=") }) else {
            throw ValidationError("--database-parameter takes name=value.")
        }
    }

    /// The same, with as many nodes as a program needs unless somebody chose.
    func needing(nodes count: Int) -> StageOptions {
        var options = self
        options.nodes = nodes ?? count
        return options
    }

    /// What stands for these options on a command line.
    var arguments: [String] {
        var arguments = nodeArguments.flatMap { ["--node-argument", $0] }
        arguments += databaseParameters.flatMap { ["--database-parameter", $0] }
        if let nodes { arguments += ["--nodes", "\(nodes)"] }
        if let databaseURL { arguments += ["--database-url", databaseURL] }
        if let baton { arguments += ["--baton", baton] }
        if showLogs { arguments.append("--show-logs") }
        return arguments
    }
}
