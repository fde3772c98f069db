import Foundation
import Processes
import TestSupport
import Testing

@testable import baton

/// Real processes and real sockets: nodes with a named engine, one of which is killed.
@Suite struct `A named engine of a dead node` {
    private static let baton = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("baton").path

    private func follow(_ node: NodeProcess, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await node.follow { _ in } }
            defer { group.cancelAll() }
            try await body()
            await node.child.terminate(within: .seconds(10))
        }
    }

    private func node(on port: Int, _ url: String) throws -> NodeProcess {
        try NodeProcess.start(
            executable: Self.baton,
            port: port,
            databaseURL: url,
            arguments: ["--engine", "orders", "--log-level", "warning"]
        )
    }

    @Test(.timeLimit(.minutes(2))) func `lives on in another node`() async throws {
        try await TestServer.withAddress { url in
            let ports = try FreePort.find(2)
            let (first, second) = (try node(on: ports[0], url), try node(on: ports[1], url))
            try await follow(first) {
                try await follow(second) {
                    #expect(await first.becomesReady())
                    #expect(await second.becomesReady())
                    try await handOver(from: first, to: second)
                }
            }
        }
    }

    private func handOver(from first: NodeProcess, to second: NodeProcess) async throws {
        let (one, two) = (EngineClient(url: first.apiURL), EngineClient(url: second.apiURL))
        var form = MultipartForm()
        form.addFile("work.bpmn", Data(TakeoverModel.xml(processKey: "work", topic: "work").utf8))
        _ = try await one.post("/engine/orders/deployment/create", form, as: Wire.Deployment.self)
        let started = try await one.post(
            "/engine/orders/process-definition/key/work/start",
            Wire.Start(businessKey: "k"),
            as: Wire.Instance.self
        )
        let held: [Wire.ExternalTask] = try await one.post("/engine/orders/external-task/fetchAndLock", fetch("dead"))
        #expect(held.count == 1)

        first.child.signal(SIGKILL)

        // The default engine of the other node has nothing; its engine of that name is handed the task when the lock ends.
        let others: [Wire.ExternalTask] = try await two.post("/external-task/fetchAndLock", fetch("other", waiting: 0))
        #expect(others.isEmpty)
        let handed: [Wire.ExternalTask] = try await two.post("/engine/orders/external-task/fetchAndLock", fetch("heir"))
        #expect(handed.map(\.id) == held.map(\.id))
        try await two.post(
            "/engine/orders/external-task/\(held.first?.id ?? "")/complete",
            Wire.Complete(workerId: "heir")
        )
        let past: Wire.HistoricInstance = try await two.get("/engine/orders/history/process-instance/\(started.id)")
        #expect(past.state == "COMPLETED")
        await #expect(throws: EngineClient.Refusal.self) {
            let _: Wire.HistoricInstance = try await two.get("/history/process-instance/\(started.id)")
        }
    }

    private func fetch(_ worker: String, waiting milliseconds: Int = 20_000) -> Wire.FetchAndLock {
        Wire.FetchAndLock(
            workerId: worker,
            asyncResponseTimeout: milliseconds,
            topics: [.init(topicName: "work", lockDuration: 2_000)]
        )
    }
}
