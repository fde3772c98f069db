import Foundation
import Logging
import Processes
import ServiceLifecycle
import Synchronization

/// What `baton dev` runs: a database, when none is configured, and nodes as processes of their own.
struct DevelopmentServer: Service {
    enum Database: Sendable {
        case configured(String)
        case `private`(directory: String)
    }

    var database: Database
    var ports: [Int]
    var host: String
    /// The engines besides the default one.
    var engines: [EngineEntry]
    /// Whether the nodes are called by HTTPS.
    var isSecure: Bool
    /// Whether the nodes ask who calls.
    var asksWhoCalls: Bool
    /// Flags for every node besides host and port.
    var nodeArguments: [String]
    /// How long a node drains.
    var drain = Duration.zero
    var logFormat: LogFormat
    var logger: Logger

    /// Runs until shutdown.
    ///
    /// - Throws: ``CommandFailure`` when a port is taken or a node cannot be started; what the private database throws.
    func run() async throws {
        for port in ports where !FreePort.isFree(port) {
            throw CommandFailure("Port \(port) is in use by another program. Choose others with --port.")
        }
        switch database {
        case .configured(let url):
            try await runNodes(on: url)
        case .private(let directory):
            try await PrivateDatabase.withDatabase(in: directory, logger: logger) { url in
                try await runNodes(on: url)
            }
        }
    }

    private func runNodes(on databaseURL: String) async throws {
        let readyCount = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, port) in ports.enumerated() {
                group.addTask {
                    try await supervisor(number: index + 1, port: port, databaseURL: databaseURL).run {
                        if readyCount.increment() == ports.count {
                            LogOutput(fileDescriptor: STDOUT_FILENO).write(
                                welcome(databaseURL: databaseURL).description
                            )
                        }
                    }
                }
            }
            // The first that cannot be started ends the group, which cancels the others.
            for try await _ in group {}
        }
    }

    private func welcome(databaseURL: String) -> WelcomeMessage {
        var message = WelcomeMessage(host: host, ports: ports, isSecure: isSecure, asksWhoCalls: asksWhoCalls)
        // One that was configured is known, and may hold a password.
        if case .private = database { message.databaseURL = databaseURL }
        return message
    }

    private func supervisor(number: Int, port: Int, databaseURL: String) -> NodeSupervisor {
        NodeSupervisor(
            number: number,
            host: host,
            port: port,
            databaseURL: databaseURL,
            engines: engines,
            arguments: nodeArguments,
            drain: drain,
            prefix: logFormat == .text ? .node(number, isColored: Terminal.wantsColor(STDERR_FILENO)) : "",
            logger: logger
        )
    }
}

/// What is printed when all nodes are ready.
struct WelcomeMessage: CustomStringConvertible {
    var host: String
    var ports: [Int]
    var isSecure = false
    var asksWhoCalls = false
    /// Where the nodes' data is, if that may be told.
    var databaseURL: String?

    /// How to let somebody in, when the server asks who calls.
    private var users: String {
        guard asksWhoCalls, let databaseURL else { return "" }
        return """

            Let somebody in:
              echo PASSWORD | baton user add USER --password-stdin --database-url "\(databaseURL)"

            """
    }

    var description: String {
        let addresses = ports.map { HTTPAddress(host: host, port: $0, isSecure: isSecure).reachableFromHere }
        let urls = addresses.map { "\($0)/engine-rest" }
        let curl = ["curl", isSecure ? "--cacert FILE" : nil, asksWhoCalls ? "-u USER" : nil].compactMap(\.self)
            .joined(separator: " ")
        let first = urls.first ?? ""
        return """

            Baton is ready on \(ports.count == 1 ? "one node" : "\(ports.count) nodes"):
            \(urls.map { "  \($0)" }.joined(separator: "\n"))

            Try it: deploy a model, start it, and fetch its work\(urls.count > 1 ? " from another node" : ""):
              \(curl) -F 'order.bpmn=@Examples/order.bpmn' \(first)/deployment/create
              \(curl) -H 'Content-Type: application/json' -d '{"variables":{"amount":{"value":30}}}' \(first)/process-definition/key/order/start
              \(curl) -H 'Content-Type: application/json' -d '{"workerId":"me","maxTasks":1,"asyncResponseTimeout":20000,"topics":[{"topicName":"charge-card","lockDuration":60000}]}' \(urls.last ?? first)/external-task/fetchAndLock
            \(users)
            Ctrl-C ends everything.

            """
    }
}

/// Counts from several tasks.
private final class Counter: Sendable {
    private let count = Mutex(0)

    /// Adds one and returns the new count.
    func increment() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}

extension String {
    /// The beginning of every line of a node: `node 1 │ `, each number in its own colour.
    fileprivate static func node(_ number: Int, isColored: Bool) -> String {
        let styles: [TextStyle] = [.cyan, .magenta, .yellow, .blue]
        return styles[(number - 1) % styles.count].apply(to: "node \(number) │ ", isColored: isColored)
    }
}
