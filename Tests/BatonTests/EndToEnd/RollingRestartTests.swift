import Foundation
import Logging
import Processes
import Synchronization
import Testing

@testable import baton

/// Real processes and real sockets: two nodes behind a balancer that knows nothing but `/health/ready`, restarted one
/// after the other while clients work.
@Suite(.timeLimit(.minutes(3))) struct `A rolling restart` {
    private static let baton = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("baton").path
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func start(port: Int, _ url: String) throws -> NodeProcess {
        try NodeProcess.start(
            executable: Self.baton,
            port: port,
            databaseURL: url,
            arguments: ["--drain-seconds", "2", "--log-level", "warning"]
        )
    }

    private func withDatabase(_ body: (_ url: String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "baton-rolling-\(UUID().uuidString)")
        try await PrivateDatabase.withDatabase(
            in: directory.path,
            isRemovedAtEnd: true,
            logger: Self.quiet,
            body
        )
    }

    @Test func `loses no request and no work`() async throws {
        try await withDatabase { url in
            let ports = try FreePort.find(2)
            let balancer = Balancer(ports: ports)
            let record = Record()
            try await withThrowingTaskGroup(of: Void.self) { group in
                var nodes: [NodeProcess] = []
                for port in ports {
                    let node = try start(port: port, url)
                    group.addTask { await node.follow { _ in } }
                    #expect(await node.becomesReady())
                    nodes.append(node)
                }
                try await deploy(to: ports[0])
                for port in ports { group.addTask { await balancer.watch(port) } }
                for port in ports { await balancer.untilUp(port) }
                let load = Task { await work(through: balancer, record) }

                for (index, port) in ports.enumerated() {
                    await record.more(than: 100)
                    nodes[index].child.signal(SIGTERM)
                    await balancer.untilDown(port)
                    _ = await nodes[index].child.exit()
                    let node = try start(port: port, url)
                    group.addTask { await node.follow { _ in } }
                    #expect(await node.becomesReady())
                    nodes[index] = node
                    await balancer.untilUp(port)
                }
                await record.more(than: 100)
                record.stop()
                await load.value

                #expect(record.problems == [])
                #expect(balancer.surprises == [])
                try await expectAllDone(record, ports[1])
                balancer.stop()
                for node in nodes { await node.child.terminate(within: .seconds(20)) }
            }
        }
    }

    @Test func `is over at a second signal`() async throws {
        try await withDatabase { url in
            let port = try FreePort.find(1)[0]
            let node = try NodeProcess.start(
                executable: Self.baton,
                port: port,
                databaseURL: url,
                arguments: ["--drain-seconds", "600", "--log-level", "warning"]
            )
            let following = Task { await node.follow { _ in } }
            #expect(await node.becomesReady())
            let health = EngineClient(url: node.url)
            node.child.signal(SIGTERM)
            while (try? await health.get("/health/ready", as: Health.self)) != nil { await Task.yield() }
            // It still serves.
            #expect(try await health.get("/health/live", as: Health.self).status == "up")
            node.child.signal(SIGTERM)
            #expect(await node.child.exit() == .status(0))
            await following.value
        }
    }

    private func deploy(to port: Int) async throws {
        var form = MultipartForm()
        form.addFile("work.bpmn", Data(TakeoverModel.xml(processKey: "work", topic: "work").utf8))
        _ = try await EngineClient(url: "http://127.0.0.1:\(port)/engine-rest")
            .post("/deployment/create", form, as: Wire.Deployment.self)
    }

    /// Clients that start, fetch and complete, none of which tries anything again.
    private func work(through balancer: Balancer, _ record: Record) async {
        await withDiscardingTaskGroup { group in
            for number in 0..<4 {
                group.addTask {
                    while !record.isStopped {
                        await record.note {
                            let start = Wire.Start(businessKey: "\(number)")
                            let client = try await balancer.client()
                            let made = try await client.post(
                                "/process-definition/key/work/start",
                                start,
                                as: Wire.Instance.self
                            )
                            record.started(made.id)
                        }
                    }
                }
                group.addTask {
                    var mayEnd = false
                    while !mayEnd {
                        let isLast = record.isStopped
                        await record.note {
                            let tasks: [Wire.ExternalTask] = try await balancer.client()
                                .post("/external-task/fetchAndLock", fetch("w\(number)"))
                            mayEnd = isLast && tasks.isEmpty
                            for task in tasks {
                                let done = Wire.Complete(workerId: "w\(number)")
                                try await balancer.client().post("/external-task/\(task.id)/complete", done)
                                record.completed(task.id)
                            }
                        }
                    }
                }
            }
        }
    }

    private func fetch(_ worker: String) -> Wire.FetchAndLock {
        Wire.FetchAndLock(
            workerId: worker,
            maxTasks: 5,
            asyncResponseTimeout: 1_000,
            topics: [.init(topicName: "work", lockDuration: 600_000)]
        )
    }

    private func expectAllDone(_ record: Record, _ port: Int) async throws {
        let client = EngineClient(url: "http://127.0.0.1:\(port)/engine-rest")
        let counts = record.counts
        #expect(counts.started == counts.completed)
        let open: Count = try await client.get("/process-instance/count")
        let done: Count = try await client.get("/history/process-instance/count?completed=true")
        #expect(open.count == 0)
        #expect(done.count == counts.started)
    }
}

private struct Health: Decodable { var status: String }
private struct Count: Decodable { var count: Int }

/// Sends requests to the nodes that said of themselves that they are ready.
private final class Balancer: Sendable {
    private struct State {
        var up: Set<Int> = []
        var next = 0
        /// Nodes that could not be reached although they had not said that they are going.
        var surprises: [String] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let ports: [Int]

    init(ports: [Int]) { self.ports = ports }

    var surprises: [String] { state.withLock { $0.surprises } }

    func stop() { state.withLock { $0.isStopped = true } }

    /// The API of one of the nodes that are up, in turn.
    func client() async throws -> EngineClient {
        while true {
            let port = state.withLock { state -> Int? in
                let up = ports.filter { state.up.contains($0) }
                guard !up.isEmpty else { return nil }
                state.next += 1
                return up[state.next % up.count]
            }
            if let port { return EngineClient(url: "http://127.0.0.1:\(port)/engine-rest") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Asks a node again and again whether it is ready.
    func watch(_ port: Int) async {
        let health = EngineClient(url: "http://127.0.0.1:\(port)")
        while !state.withLock({ $0.isStopped }) {
            do {
                _ = try await health.get("/health/ready", as: Health.self)
                state.withLock { _ = $0.up.insert(port) }
            } catch is EngineClient.Refusal {
                state.withLock { _ = $0.up.remove(port) }
            } catch {
                state.withLock { state in
                    if state.up.remove(port) != nil { state.surprises.append("\(port): \(error)") }
                }
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    func untilUp(_ port: Int) async { while !state.withLock({ $0.up.contains(port) }) { await pause() } }

    func untilDown(_ port: Int) async { while state.withLock({ $0.up.contains(port) }) { await pause() } }

    private func pause() async { try? await Task.sleep(for: .milliseconds(10)) }
}

/// What clients did, and what went wrong.
private final class Record: Sendable {
    private struct State {
        var started: Set<String> = []
        var completed: Set<String> = []
        var problems: [String] = []
        var isStopped = false
    }

    private let state = Mutex(State())

    var problems: [String] { state.withLock { $0.problems } }
    var isStopped: Bool { state.withLock { $0.isStopped } }
    var counts: (started: Int, completed: Int) { state.withLock { ($0.started.count, $0.completed.count) } }

    func stop() { state.withLock { $0.isStopped = true } }
    func started(_ id: String) { state.withLock { _ = $0.started.insert(id) } }

    func completed(_ id: String) {
        state.withLock { state in
            if !state.completed.insert(id).inserted { state.problems.append("\(id) was completed twice") }
        }
    }

    /// Does something that nobody does again when it fails.
    func note(_ request: () async throws -> Void) async {
        do {
            try await request()
        } catch {
            state.withLock { $0.problems.append("\(error)") }
            stop()
        }
    }

    /// Returns when so many more have been completed, or something went wrong.
    func more(than count: Int) async {
        let before = counts.completed
        while counts.completed < before + count, !isStopped { try? await Task.sleep(for: .milliseconds(10)) }
    }
}
