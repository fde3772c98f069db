import ArgumentParser
import Foundation
import NIOCore
import Processes

/// How soon a node is ready, and what it needs when it has nothing to do.
struct StartUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start-up: from starting the process to ready on a migrated database; memory when idle.",
        discussion: """
            Ready is when the node says so, which is checked with a request: its schema is current, it listens, and \
            wake-ups from other nodes arrive. Memory is that of a node that has done some cycles and then nothing.
            """
    )

    @OptionGroup var stage: StageOptions
    @Option(help: "How often a node is started.") var tries = 20
    @Option(help: "Cycles before the memory is looked at.") var cycles = 1000
    @Option(help: "Clients that start instances meanwhile, and as many workers.") var clients = 8
    @Option(help: "Seconds without work before the memory is looked at.") var idle = 5

    func validate() throws {
        guard 1...10_000 ~= tries else { throw ValidationError("--tries must be from 1 to 10000.") }
        guard 1...10_000_000 ~= cycles else { throw ValidationError("--cycles must be from 1 to 10000000.") }
        guard 1...2000 ~= clients else { throw ValidationError("--clients must be from 1 to 2000.") }
        guard 0...3600 ~= idle else { throw ValidationError("--idle must be from 0 to 3600.") }
    }

    func run() async throws {
        Report.title("Start-up")
        try await Stage.with(stage) { stage in
            let thread = LoadThread()
            let client = try await Client(thread, port: stage.ports[0])
            try await client.deploy(Models.oneTask)
            let node = stage.processes[0]
            Report.result("memory when ready", megabytes(residentMemory(of: node)))
            var settings = CycleLoad.Settings(ports: [stage.ports[0]])
            settings.starters = clients
            settings.workers = clients
            try await SlicedCycles.run(cycles, settings, thread)
            Report.result("memory after \(cycles) cycles", megabytes(residentMemory(of: node)))
            try await Task.sleep(for: .seconds(idle))
            let used = stage.processorTime
            try await Task.sleep(for: .seconds(1))
            let processor = stage.processorTime - used
            Report.result("processor time when idle", "\((processor.nodes * 1000).text) ms in a second")
            let memory = residentMemory(of: node)
            Report.bar("memory after \(idle) s without work", megabytes(memory), "< 50 MB", isMet: memory < 50_000_000)
            try await starts(stage, thread)
            await client.close()
            await thread.shutdown()
        }
    }

    private func megabytes(_ bytes: Int) -> String { "\((Double(bytes) / 1e6).text) MB" }

    private func starts(_ stage: Stage, _ thread: LoadThread) async throws {
        var times = Latencies()
        for _ in 0..<tries { times.add(try await start(stage, thread)) }
        let values = times.milliseconds(at: [0.5, 1])
        Report.note("\(tries) starts on a migrated database, one after the other")
        Report.bar("start to ready", times.summary, "p50 < 300 ms", isMet: values[0] < 300)
    }

    /// Starts a node, asks it something, and ends it.
    private func start(_ stage: Stage, _ thread: LoadThread) async throws -> Duration {
        let begin = ContinuousClock.now
        let node = try stage.startNode()
        async let following: Void = node.follow { _ in }
        let isReady = await node.becomesReady()
        let time = ContinuousClock.now - begin
        do {
            guard isReady, let port = URL(string: node.url)?.port else {
                throw BenchmarkFailure("A node did not start.")
            }
            let client = try await Client(thread, port: port)
            guard try await client.count("/process-definition/count") == 1 else {
                throw BenchmarkFailure("A node that said it was ready does not know the model.")
            }
            await client.close()
        } catch {
            await node.child.terminate(within: .seconds(20))
            await following
            throw error
        }
        await node.child.terminate(within: .seconds(20))
        await following
        return time
    }
}
