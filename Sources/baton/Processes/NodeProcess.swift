import Foundation

/// A node (`baton serve`) in a process of its own, which ends when this process does.
struct NodeProcess: Sendable {
    /// What a node that runs as a child says on standard output when it is ready.
    ///
    /// Standard output has no other use, and an answer on its port could come from somebody else.
    static let readyLine = "ready"

    let child: ChildProcess
    /// The address of the node without a path: `http://127.0.0.1:8080`.
    let url: String
    private let readiness = Announcement<Bool>()

    /// The address of the node's API.
    var apiURL: String { url + "/engine-rest" }

    /// Starts a node.
    ///
    /// The database's address, which may hold a password, travels in the environment, where other users of the machine
    /// cannot read it.
    static func start(
        host: String = "127.0.0.1",
        port: Int,
        databaseURL: String,
        arguments: [String],
        environment: [String: String] = [:]
    ) throws -> NodeProcess {
        let own = [Setting.host.flag, host, Setting.port.flag, String(port), "--end-with-parent"]
        let child = try ChildProcess.startSelf(
            ["serve"] + own + arguments,
            environment: environment.merging([Setting.databaseURL.variable: databaseURL]) { _, new in new }
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
    func follow(_ show: @Sendable (String) -> Void) async {
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
    func becomesReady() async -> Bool {
        await readiness.value() ?? false
    }
}

/// Where a node listens, as the beginning of a URL.
struct HTTPAddress: CustomStringConvertible {
    var host: String
    var port: Int

    /// The same address with a host that this machine can connect to, when it stands for every interface.
    var reachableFromHere: HTTPAddress {
        switch host {
        case "0.0.0.0": HTTPAddress(host: "127.0.0.1", port: port)
        case "::": HTTPAddress(host: "::1", port: port)
        default: self
        }
    }

    var description: String {
        host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }
}
