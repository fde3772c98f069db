import NIOCore

/// Workers that fetch and complete until a number of tasks is done.
actor Crew: OnLoadThread {
    /// What they did.
    struct Record: Sendable {
        var completed = 0
        var fetch = Latencies()
        var complete = Latencies()
        /// Answers that are not a success, by what they said.
        var refused: [String: Int] = [:]
        var began = NIODeadline.now()
        var ended = NIODeadline.now()

        var seconds: Double { Double((ended - began).nanoseconds) / 1e9 }
    }

    nonisolated let thread: LoadThread
    private let ports: [Int]
    private let fetch: ByteBuffer
    private let complete = Requests.Complete(workerID: "crew")
    private var record = Record()
    private var goal = 0

    /// How often something is refused before a worker gives up.
    private static let patience = 20

    init(_ thread: LoadThread, ports: [Int], topic: String = Models.topic, maxTasks: Int = 10) {
        self.thread = thread
        self.ports = ports
        // What is left over when the last task is done, is a poll that waits this long.
        fetch = Requests.fetch(
            topic: topic,
            workerID: "crew",
            maxTasks: maxTasks,
            lockDuration: 1_800_000,
            timeout: 1000
        )
    }

    /// Completes so many tasks.
    func complete(_ count: Int, workers: Int) async throws -> Record {
        record = Record()
        goal = count
        try await withThrowingDiscardingTaskGroup { group in
            for index in 0..<workers { group.addTask { try await self.work(index) } }
        }
        return record
    }

    private func work(_ index: Int) async throws {
        let client = try await Client(thread, port: ports[index % ports.count])
        while record.completed < goal {
            let polled = await client.answer(to: fetch)
            guard polled.isSuccess else {
                try refuse(polled)
                continue
            }
            let tasks = FetchScanner.tasks(in: polled.body)
            if !tasks.isEmpty { record.fetch.add(polled.elapsed) }
            for task in tasks { try await complete(task, client) }
        }
        await client.close()
    }

    private func complete(_ task: FetchedTask, _ client: Client) async throws {
        while true {
            let answer = await client.answer(to: complete.request(task: task.id))
            guard answer.isSuccess else {
                try refuse(answer)
                continue
            }
            record.complete.add(answer.elapsed)
            record.completed += 1
            if record.completed == goal { record.ended = .now() }
            return
        }
    }

    private func refuse(_ answer: Answer) throws {
        record.refused[answer.refusal, default: 0] += 1
        guard answer.status != 0, record.refused.values.reduce(0, +) < Self.patience else {
            throw BenchmarkFailure("Refused: \(record.refused)")
        }
    }
}
