import Foundation
import HTTPTypes
import JSON
import Logging
import Processes
import ServiceLifecycleTestKit
import Testing

@testable import BatonClient

/// Real processes, real sockets, a real database.
@Suite(.serialized, .timeLimit(.minutes(4))) struct `A worker of real nodes` {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func client(_ url: String) throws -> EngineClient {
        var configuration = EngineClient.Configuration(url: url)
        configuration.connectTimeout = .seconds(2)
        return try EngineClient(configuration)
    }

    /// Runs a worker while `body` goes on, then shuts it down.
    private func run(
        _ url: String,
        maximumTasks: Int = 10,
        @SubscriptionBuilder _ subscriptions: () -> [Subscription],
        _ body: (GracefulShutdownTestTrigger) async throws -> Void
    ) async throws {
        let worker = try Worker(
            client: try client(url),
            configuration: .init(id: "worker-\(UUID())", maximumTasks: maximumTasks),
            logger: Self.logger,
            subscriptions: subscriptions
        )
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await worker.run() }
                try await body(trigger)
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
    }

    /// The end events that were reached, by instance.
    private func ends(_ client: EngineClient) async throws -> [String: [String]] {
        let call = Call(
            operation: .version,
            method: .get,
            path: "/history/activity-instance?activityType=noneEndEvent&maxResults=100000"
        )
        let list = try await client.json(answering: call).arrayValue ?? []
        return Dictionary(grouping: list) { $0["processInstanceId"]?.stringValue ?? "" }
            .mapValues { $0.compactMap { $0["activityId"]?.stringValue } }
    }

    /// Waits until a condition holds that only the engine knows.
    private func eventually(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(20)) }
    }

    @Test func `handles thousands of tasks with no more at a time than it has slots`() async throws {
        try await RealEngine.run { engine in
            let url = try await engine.node().url
            let client = try client(url)
            try await client.deployWork()
            let count = 2000
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<count {
                    if number >= 50 { try await group.next() }
                    group.addTask {
                        _ = try await client.startProcess(
                            StartRequest("work", businessKey: "k-\(number)", variables: ["number": .init(number)])
                        )
                    }
                }
                try await group.waitForAll()
            }
            let (atOnce, most, handled) = (Shared(0), Shared(0), Shared(0))
            let done = Signal()
            try await run(url, maximumTasks: 16) {
                Subscription("work") { task, _ in
                    let now = atOnce.change {
                        $0 += 1; return $0
                    }
                    most.change { $0 = max($0, now) }
                    await Task.yield()
                    let number: Int = try task.variables.require("number")
                    atOnce.change { $0 -= 1 }
                    if handled.change({
                        $0 += 1; return $0
                    }) == count {
                        done.send()
                    }
                    if number.isMultiple(of: 100) { throw BPMNError("nothing") }
                    return ["twice": .init(number * 2)]
                }
            } _: { _ in
                try await done.wait()
            }
            #expect(most.value > 1)
            #expect(most.value <= 16)
            #expect(handled.value == count)
            let ends = try await ends(client)
            #expect(ends.count == count)
            #expect(ends.values.allSatisfy { $0.count == 1 })
            #expect(ends.values.count { $0 == ["otherEnd"] } == count / 100)
        }
    }

    @Test func `goes on when its node is killed and comes back`() async throws {
        try await RealEngine.run { engine in
            let node = try await engine.node()
            let client = try client(node.url)
            try await client.deployWork()
            let (handled, another) = (Shared([String]()), Signal())
            let first = Signal()
            try await run(node.url) {
                Subscription("work", lockDuration: .seconds(5)) { task, _ in
                    handled.change { $0.append(task.businessKey ?? "") }
                    if task.businessKey == "first" { first.send() }
                    if task.businessKey == "second" { another.send() }
                    return .completed
                }
            } _: { _ in
                _ = try await client.startProcess(StartRequest("work", businessKey: "first"))
                try await first.wait()
                try await eventually { try await ends(client).count == 1 }
                node.signal(SIGKILL)
                _ = await node.process.child.exit()
                let again = try await engine.node(port: node.port)
                #expect(again.url == node.url)
                _ = try await client.startProcess(StartRequest("work", businessKey: "second"))
                try await another.wait()
                try await eventually { try await ends(client).count == 2 }
            }
            #expect(handled.value == ["first", "second"])
        }
    }

    @Test func `completes what was done while its node was down`() async throws {
        try await RealEngine.run { engine in
            let node = try await engine.node()
            let client = try client(node.url)
            try await client.deployWork()
            let (began, end, count) = (Signal(), Signal(), Shared(0))
            try await run(node.url) {
                Subscription("work", lockDuration: .seconds(60)) { _, _ in
                    count.change { $0 += 1 }
                    began.send()
                    try await end.wait()
                    return .completed
                }
            } _: { _ in
                _ = try await client.startProcess(StartRequest("work"))
                try await began.wait()
                node.signal(SIGKILL)
                _ = await node.process.child.exit()
                end.send()
                _ = try await engine.node(port: node.port)
                try await eventually { try await ends(client).count == 1 }
            }
            #expect(count.value == 1)
        }
    }

    @Test func `cancels a handler whose node stands still, and another worker takes over`() async throws {
        try await RealEngine.run { engine in
            let (frozen, other) = (try await engine.node(), try await engine.node())
            let client = try client(other.url)
            try await client.deployWork()
            let (began, lost, taken) = (Signal(), Signal(), Signal())
            try await run(frozen.url) {
                Subscription("work", lockDuration: .seconds(2)) { _, context in
                    began.send()
                    do {
                        try await Signal().wait()
                    } catch {
                        if context.isLockLost { lost.send() }
                        throw error
                    }
                    return .completed
                }
            } _: { _ in
                _ = try await client.startProcess(StartRequest("work"))
                try await began.wait()
                frozen.signal(SIGSTOP)
                try await lost.wait()
                try await run(other.url) {
                    Subscription("work") { _, _ in taken.send() }
                } _: { _ in
                    try await taken.wait()
                    try await eventually { try await ends(client).count == 1 }
                }
                frozen.signal(SIGCONT)
            }
        }
    }

    @Test func `cancels a handler whose task is gone`() async throws {
        try await RealEngine.run { engine in
            let node = try await engine.node()
            let client = try client(node.url)
            try await client.deployWork()
            let (began, lost) = (Signal(), Signal())
            try await run(node.url) {
                Subscription("work", lockDuration: .seconds(2)) { _, context in
                    began.send()
                    try? await Signal().wait()
                    if context.isLockLost { lost.send() }
                    return .completed
                }
            } _: { _ in
                let instance = try await client.startProcess(StartRequest("work"))
                try await began.wait()
                _ = try await client.answer(
                    to: Call(operation: .version, method: .delete, path: "/process-instance/\(instance.id)")
                )
                try await lost.wait()
            }
        }
    }

    @Test func `gives back what it holds when it stops`() async throws {
        try await RealEngine.run { engine in
            let node = try await engine.node()
            let client = try client(node.url)
            try await client.deployWork()
            let began = Signal()
            let worker = try Worker(
                client: client,
                configuration: .init(id: "stopping"),
                logger: Self.logger
            ) {
                Subscription("work", lockDuration: .seconds(600)) { _, _ in
                    began.send()
                    try await Signal().wait()
                    return .completed
                }
            }
            _ = try await client.startProcess(StartRequest("work"))
            let running = Task { try await worker.run() }
            try await began.wait()
            running.cancel()
            await #expect(throws: CancellationError.self) { try await running.value }
            let tasks = try await client.fetchAndLock(
                FetchRequest(workerID: "next", topics: [.init("work", lockDuration: .seconds(5))])
            )
            #expect(tasks.count == 1)
        }
    }

    @Test func `reads and writes variables and files`() async throws {
        try await RealEngine.run { engine in
            let node = try await engine.node()
            let client = try client(node.url)
            #expect(try await client.version()?.hasPrefix("7.") == true)
            try await client.deployWork()
            let moment = Date(timeIntervalSince1970: 1_741_529_100.25)
            let object = SerializedObject(text: "{\"a\":1}", typeName: "com.example.A")
            let given: Variables = [
                "boolean": true, "short": .short(1), "integer": 2, "long": .long(3), "double": 0.5, "string": "ä",
                "date": .date(moment), "bytes": .bytes([1, 2]), "json": .json(text: "{\"a\":[1]}"), "xml": .xml("<a/>"),
                "object": .object(object), "null": nil, "typedNull": .null(of: .string),
                "file": .file(FileDescription(name: "a.txt", mimeType: "text/plain"), content: Array("hello".utf8)),
            ]
            _ = try await client.startProcess(StartRequest("work", businessKey: "k", variables: given))
            let big = Array(repeating: UInt8(ascii: "x"), count: 3_000_000)
            let done = Signal()
            try await run(node.url) {
                Subscription("work", options: .with { $0.businessKey = "k" }) { task, context in
                    for (name, variable) in given where name != "file" { #expect(task.variables[name] == variable) }
                    #expect(task.variables["file"]?.file?.name == "a.txt")
                    let content = try await context.download("file").collect(upTo: 100)
                    #expect(content == Array("hello".utf8))
                    let report = FileDescription(name: "ü \"1\".txt", mimeType: "text/plain")
                    try await context.upload(ByteStream(big), as: report, to: "report")
                    try await context.setVariables(["progress": 0.5])
                    try await context.setLocalVariables(["page": 3])
                    let scope = VariableScope.visible(to: task)
                    #expect(try await context.client.variable("progress", in: scope) == 0.5)
                    #expect(try await context.client.variables(in: .local(to: task)) == ["page": 3])
                    #expect(try await context.download("report").collect(upTo: 4_000_000) == big)
                    await #expect(throws: BatonError.self) { try await context.download("nothing") }
                    done.send()
                    return .completed
                }
            } _: { _ in
                try await done.wait()
                try await eventually { try await ends(client).count == 1 }
            }
        }
    }

    @Test func `sends messages and hears what is wrong`() async throws {
        try await RealEngine.run { engine in
            let client = try client(try await engine.node().url)
            let nobody = await #expect(throws: BatonError.self) { try await client.correlate(Message("nothing")) }
            #expect(nobody?.code == .refused)
            let unknown = await #expect(throws: BatonError.self) {
                try await client.startProcess(StartRequest("nothing"))
            }
            #expect(unknown?.code == .notFound)
            let broken = await #expect(throws: BatonError.self) {
                try await client.deploy(DeploymentRequest(files: ["a.bpmn": Array("<nonsense".utf8)]))
            }
            #expect(broken?.code == .refused)
        }
    }

    @Test func `reports no failure of a completion whose answer was lost`() async throws {
        try await RealEngine.run { engine in
            let node = try await engine.node()
            let client = try client(node.url)
            try await client.deployWork()
            let count = 40
            for number in 0..<count {
                _ = try await client.startProcess(StartRequest("work", businessKey: "\(number)"))
            }
            let (cut, handled) = (Shared(0), Shared([String: Int]()))
            // Every second answer to a completion is lost.
            let cuts: @Sendable (String) -> Bool = { request in
                guard request.contains("/complete ") else { return false }
                return cut.change {
                    $0 += 1; return $0.isMultiple(of: 2)
                }
            }
            try await CuttingProxy.run(to: node.port, cutting: cuts) { proxy in
                try await run("http://127.0.0.1:\(proxy.port)/engine-rest", maximumTasks: 5) {
                    Subscription("work") { task, _ in
                        handled.change { $0[task.businessKey ?? "", default: 0] += 1 }
                    }
                } _: { _ in
                    try await eventually { try await ends(client).count == count }
                }
            }
            #expect(cut.value > count)
            #expect(handled.value.count == count)
            #expect(handled.value.values.allSatisfy { $0 == 1 })
            let log = try await client.json(
                answering: Call(
                    operation: .version,
                    method: .get,
                    path: "/history/external-task-log?failureLog=true&maxResults=1000"
                )
            )
            #expect(log == [])
        }
    }
}
