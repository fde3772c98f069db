import Foundation
import Processes
import Synchronization

/// A node that can be killed and comes back at the same place.
final class LabNode: Sendable {
    /// How a node is run.
    struct Settings: Sendable {
        var name: String
        var executable: String
        var host = "127.0.0.1"
        var port: Int
        /// Where workers find it, when something lies in between.
        var workersPort: Int?
        var databaseURL: String
        var arguments: [String] = []
        var environment: [String: String] = [:]
        /// What stands before the command to run it somewhere else, such as in a network namespace.
        var prefix: [String] = []
        /// What is special about it, for people.
        var peculiarities: [String] = []
    }

    let settings: Settings
    private let timeline: Timeline
    private let log: FileHandle
    private let process = Mutex<NodeProcess?>(nil)
    /// The processes that the lab itself ended.
    private let sacrificed = Mutex<Set<pid_t>>([])
    private let ownEnds = Mutex([String]())

    /// How long a node that is asked to end says so before it stops listening, in seconds; not long, for the sake of the
    /// faults to come.
    private static let drain = "2"
    /// How long a node may take to be ready, when the database can be reached.
    private static let patience = Duration.seconds(60)

    /// A node that is not started yet; all its lives write to one `log`.
    init(_ settings: Settings, log: String, _ timeline: Timeline) throws {
        self.settings = settings
        self.timeline = timeline
        guard FileManager.default.createFile(atPath: log, contents: nil),
            let file = FileHandle(forWritingAtPath: log)
        else { throw LabFailure("The log of node \(settings.name) cannot be written to \(log).") }
        self.log = file
    }

    var name: String { "node \(settings.name)" }
    var address: NodeAddress { NodeAddress(name: settings.name, host: settings.host, port: settings.port) }
    /// Where workers find it.
    var workersAddress: NodeAddress {
        guard let port = settings.workersPort else { return address }
        return NodeAddress(name: settings.name, host: "127.0.0.1", port: port)
    }
    /// The times at which the node ended although nobody ended it.
    var unexplainedEnds: [String] { ownEnds.withLock(\.self) }
    var processIdentifier: pid_t? { process.withLock { $0?.child.processIdentifier } }

    /// Starts the node and waits until it is ready; starts it again when it ends before, as a supervisor would.
    ///
    /// - Throws: ``LabFailure`` when it is not ready in time.
    func start() async throws {
        let deadline = ContinuousClock.now + Self.patience
        repeat {
            let process = try launch()
            let hurry = Task {
                try await Task.sleep(until: deadline)
                sacrifice(process)
            }
            let isReady = await process.becomesReady()
            hurry.cancel()
            if isReady {
                watch(process)
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        } while ContinuousClock.now < deadline
        throw LabFailure("\(name) was not ready after \(Self.patience); its log says why.")
    }

    /// Waits until a node that runs says that it is ready.
    ///
    /// - Throws: ``LabFailure`` when it is not in time.
    func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if await isReady() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw LabFailure("\(name) is not ready \(Self.patience) after its fault was mended; its log says why.")
    }

    private func isReady() async -> Bool {
        await withCheckedContinuation { continuation in
            // Links block.
            DispatchQueue.global().async { [address] in
                let request = Data("GET /health/ready HTTP/1.1\r\nhost: lab\r\n\r\n".utf8)
                let link = try? Link(to: address)
                try? link?.send(request)
                let response = try? link?.receive(within: 3_000)
                continuation.resume(returning: response?.status == 200)
            }
        }
    }

    /// Sends the node SIGKILL and waits for its end.
    func kill() async {
        guard let process = process.withLock(\.self) else { return }
        sacrifice(process)
        await process.child.terminate(within: .zero)
    }

    /// Asks the node to end, and waits for it.
    func stop() async {
        guard let process = process.withLock(\.self) else { return }
        _ = sacrificed.withLock { $0.insert(process.child.processIdentifier) }
        await process.child.terminate(within: .seconds(20))
    }

    private func sacrifice(_ process: NodeProcess) {
        _ = sacrificed.withLock { $0.insert(process.child.processIdentifier) }
        process.child.signal(SIGKILL)
    }

    private func launch() throws -> NodeProcess {
        let process = try NodeProcess.start(
            executable: settings.executable,
            prefix: settings.prefix,
            host: settings.host,
            port: settings.port,
            databaseURL: settings.databaseURL,
            arguments: ["--log-format", "text", "--log-level", "info", "--drain-seconds", Self.drain]
                + settings.arguments,
            environment: settings.environment
        )
        self.process.withLock { $0 = process }
        // Ends with the process; nobody needs to wait for it.
        Task { await process.follow { log.write(Data(($0 + "\n").utf8)) } }
        return process
    }

    /// Notices when a node that was ready ends by itself.
    private func watch(_ process: NodeProcess) {
        // Ends with the process; nobody needs to wait for it.
        Task {
            let exit = await process.child.exit()
            guard !sacrificed.withLock({ $0.contains(process.child.processIdentifier) }) else { return }
            timeline.tell(name, "ENDED BY ITSELF: \(exit)")
            ownEnds.withLock { $0.append("\(name) ended by itself: \(exit)") }
        }
    }
}
