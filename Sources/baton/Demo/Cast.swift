import Foundation
import Processes
import Synchronization

/// The processes of a story.
final class Cast: Sendable {
    /// A node and the last lines of its log.
    struct Node: Sendable {
        let name: String
        let process: NodeProcess
        fileprivate let log: RecentLines

        /// Waits until the node is ready.
        ///
        /// - Throws: ``CommandFailure`` when its process ends before.
        func waitUntilReady() async throws {
            guard await process.becomesReady() else {
                try Task.checkCancellation()
                throw CommandFailure("\(name) ended before it was ready.")
            }
        }
    }

    /// A worker's process and its reports.
    struct Worker: Sendable {
        let name: String
        let child: ChildProcess

        /// Waits for the worker's next report.
        ///
        /// - Throws: ``CommandFailure`` when it is not of this kind, or the worker's process ended.
        func next(_ kind: WorkerReport.Kind) async throws -> WorkerReport {
            var words: [String] = []
            for await line in child.lines {
                switch line {
                case .output(let text):
                    let report = try JSONDecoder().decode(WorkerReport.self, from: Data(text.utf8))
                    guard report.kind == kind else {
                        throw CommandFailure("\(name) should have \(kind) next, but has \(report.kind).")
                    }
                    return report
                case .error(let text): words.append(text)
                }
            }
            try Task.checkCancellation()
            throw CommandFailure("\(name) ended. \(words.joined(separator: " "))")
        }
    }

    private let nodes: [Node]
    private let workers = Mutex([Worker]())

    private let credentials: ClientCredentials

    init(nodes: [Node], credentials: ClientCredentials) {
        self.nodes = nodes
        self.credentials = credentials
    }

    static func node(_ name: String, port: Int, databaseURL: String) throws -> Node {
        let process = try NodeProcess.start(
            port: port,
            databaseURL: databaseURL,
            arguments: [
                Setting.historyLevel.flag, "full", Setting.logFormat.flag, "text", Setting.logLevel.flag, "info",
            ],
            // The nodes of a story are called from this machine alone, without HTTPS.
            environment: [Setting.tlsCertificate.variable: "", Setting.tlsPrivateKey.variable: ""]
        )
        let log = RecentLines()
        // Ends with the process; nobody needs to wait for it.
        Task { await process.follow { log.append($0) } }
        return Node(name: name, process: process, log: log)
    }

    func worker(_ name: String, on node: Node, topic: String, workMilliseconds: Int) throws -> Worker {
        let child = try ChildProcess(
            executable: ChildProcess.ownExecutable,
            arguments: [
                "demo", "worker", "--url", node.process.apiURL, "--topic", topic, "--name", name,
                "--lock-ms", String(TakeoverStory.lockMilliseconds), "--work-ms", String(workMilliseconds),
            ],
            environment: credentials.environment
        )
        let worker = Worker(name: name, child: child)
        workers.withLock { $0.append(worker) }
        return worker
    }

    /// Ends every process that still runs.
    func leave() async {
        for child in workers.withLock({ $0 }).map(\.child) + nodes.map(\.process.child) {
            await child.terminate(within: .seconds(10))
        }
    }

    /// The last lines that the nodes logged.
    func lastWords() -> String {
        nodes.map { "\n\($0.name) logged last:\n\($0.log.text)" }.joined(separator: "\n")
    }
}
