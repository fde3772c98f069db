/// A node (`baton serve`) in a process of its own, which ends when this process does.
package struct NodeProcess: Sendable {
    /// What a node that runs as a child says on standard output when it is ready.
    ///
    /// Standard output has no other use, and an answer on its port could come from somebody else.
    package static let readyLine = "ready"

    package let child: ChildProcess
    /// The address of the node without a path: `http://127.0.0.1:8080`.
    package let url: String
    private let readiness = Announcement<Bool>()

    /// The address of the node's API.
    package var apiURL: String { url + "/engine-rest" }

    /// Starts a node: this very executable, or another one that is `baton`.
    ///
    /// The database's address, which may hold a password, travels in the environment, where other users of the machine
    /// cannot read it. `prefix` is a command that runs another one, such as one that enters a network namespace; it must
    /// become the node by `exec`, so that signals reach it.
    package static func start(
        executable: String? = nil,
        prefix: [String] = [],
        host: String = "127.0.0.1",
        port: Int,
        databaseURL: String,
        arguments: [String],
        environment: [String: String] = [:]
    ) throws -> NodeProcess {
        let own = ["serve", "--host", host, "--port", String(port), "--end-with-parent"]
        let command = prefix + [executable ?? ChildProcess.ownExecutable] + own + arguments
        let child = try ChildProcess(
            executable: command[0],
            arguments: Array(command.dropFirst()),
            environment: environment.merging(["BATON_DATABASE_URL": databaseURL]) { _, new in new }
        )
        return NodeProcess(child: child, url: HTTPAddress(host: host, port: port).reachableFromHere.description)
    }

    private init(child: ChildProcess, url: String) {
        self.child = child
        self.url = url
    }

    /// Hands over each line of the node's log until the node has ended, and learns from its output when it is ready.
    ///
    /// Must be called, once.
    package func follow(_ show: @Sendable (String) -> Void) async {
        for await line in child.lines {
            switch line {
            case .output(Self.readyLine): readiness.announce(true)
            case .output(let text), .error(let text): show(text)
            }
        }
        readiness.announce(false)
    }

    /// Waits until the node is ready; false when it ended before, or when the waiting task was cancelled.
    ///
    /// May be called once, while ``follow(_:)`` runs.
    package func becomesReady() async -> Bool {
        await readiness.value() ?? false
    }
}
