import ArgumentParser
import NIOCore

/// Clients that go away at any moment must not take tasks with them.
struct Disconnects: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Disconnects: clients poll and close their sockets at random while tasks are started.",
        discussion: """
            Rude clients poll with locks of a minute and close their sockets after a random moment, half of them with a \
            reset. What such a client was given before it closed, it completes. A few polite workers take the rest. No \
            task may wait for the lock of a client that is gone: all must be completed soon after the last start.
            """
    )

    @OptionGroup var stage: StageOptions
    @Option(help: "Seconds for which tasks are started.") var seconds = 20
    @Option(help: "Clients that close their sockets.") var rude = 32
    @Option(help: "The longest that such a client waits for an answer, in milliseconds.") var patience = 30
    @Option(help: "Workers that behave.") var workers = 4
    @Option(help: "Clients that start instances, with pauses up to 20 ms.") var starters = 4

    func validate() throws {
        guard 1...3600 ~= seconds else { throw ValidationError("--seconds must be from 1 to 3600.") }
        guard 1...1000 ~= rude else { throw ValidationError("--rude must be from 1 to 1000.") }
        guard 1...10_000 ~= patience else { throw ValidationError("--patience must be from 1 to 10000.") }
        guard 1...500 ~= workers else { throw ValidationError("--workers must be from 1 to 500.") }
        guard 1...500 ~= starters else { throw ValidationError("--starters must be from 1 to 500.") }
    }

    /// What counts as having waited for more than a worker.
    private static let long = 5000.0

    func run() async throws {
        Report.title("Disconnects")
        try FileLimit.raise(to: 8192)
        try await Stage.with(stage.needing(nodes: 2)) { stage in
            let thread = LoadThread()
            let client = try await Client(thread, port: stage.ports[0])
            try await client.deploy(Models.oneTask)
            Report.note(
                "\(starters) starters, \(rude) rude clients that wait up to \(patience) ms, \(workers) polite workers, "
                    + "\(seconds) s"
            )
            let load = DisconnectLoad(thread, ports: stage.ports, patience: patience)
            let record = try await load.run(
                .seconds(seconds),
                rude: rude,
                workers: workers,
                starters: starters
            )
            report(record)
            let running = try await client.count("/process-instance/count")
            Report.bar("instances still running", "\(running)", "0", isMet: running == 0)
            await client.close()
            await thread.shutdown()
        }
    }

    private func report(_ record: DisconnectLoad.Record) {
        Report.result("started, completed", "\(record.started), \(record.completed)")
        Report.result("polls closed without an answer", "\(record.closings), \(record.resets) of them with a reset")
        Report.result("tasks that rude clients got", "\(record.given), completed by them")
        Report.result("start sent → delivered", record.wait.summary)
        Report.result("tasks that waited for more than 5 s", "\(record.long)")
        for (text, times) in record.refused { Report.result("refused \(times) times", text) }
        let longest = record.wait.milliseconds(at: [1])[0]
        Report.bar("longest that a task waited", "\(longest.text) ms", "< 5000 ms", isMet: longest < Self.long)
        Report.bar(
            "all completed after the last start in",
            "\(record.drain.milliseconds.text) ms",
            "< 5000 ms",
            isMet: record.drain.milliseconds < Self.long && record.started == record.completed
        )
    }
}

/// Starters, polite workers and rude clients.
actor DisconnectLoad: OnLoadThread {
    /// What happened.
    struct Record: Sendable {
        var started = 0
        var completed = 0
        var closings = 0
        var resets = 0
        /// Tasks that were in answers which rude clients received.
        var given = 0
        /// From sending a start to having its task.
        var wait = Latencies()
        /// Tasks that waited for more than a worker.
        var long = 0
        var refused: [String: Int] = [:]
        /// From the last start's answer to the last completion.
        var drain = TimeAmount.zero
    }

    nonisolated let thread: LoadThread
    private let ports: [Int]
    private let patience: Int
    private let start = Requests.Start(processKey: Models.oneTask.key)
    private var record = Record()
    private var isStarting = true
    private var lastStart = NIODeadline.now()
    private var lastCompletion = NIODeadline.now()

    /// How long after the last start tasks are waited for: longer than the locks of those that are gone.
    private static let longestDrain = TimeAmount.seconds(90)

    init(_ thread: LoadThread, ports: [Int], patience: Int) {
        self.thread = thread
        self.ports = ports
        self.patience = patience
    }

    func run(_ duration: Duration, rude: Int, workers: Int, starters: Int) async throws -> Record {
        try await withThrowingDiscardingTaskGroup { group in
            for index in 0..<workers { group.addTask { try await self.work(index) } }
            for index in 0..<rude { group.addTask { try await self.beRude(index) } }
            for index in 0..<starters { group.addTask { try await self.startAll(index) } }
            try await Task.sleep(for: duration)
            isStarting = false
        }
        record.drain = lastCompletion - lastStart
        return record
    }

    private var isDone: Bool {
        guard !isStarting else { return false }
        return record.completed >= record.started || NIODeadline.now() - lastStart > Self.longestDrain
    }

    private func startAll(_ index: Int) async throws {
        let client = try await Client(thread, port: ports[index % ports.count])
        while isStarting {
            let answer = await client.answer(to: start.request())
            if answer.isSuccess {
                record.started += 1
                lastStart = answer.moment
            } else {
                try refuse(answer)
            }
            try await Task.sleep(for: .microseconds(Int.random(in: 0...20_000)))
        }
        await client.close()
    }

    private func work(_ index: Int) async throws {
        let worker = "polite-\(index)"
        let client = try await Client(thread, port: ports[index % ports.count])
        let fetch = Requests.fetch(topic: Models.topic, workerID: worker, timeout: 1000)
        while !isDone {
            let answer = await client.answer(to: fetch)
            guard answer.isSuccess else {
                try refuse(answer)
                continue
            }
            try await complete(answer, Requests.Complete(workerID: worker), client)
        }
        await client.close()
    }

    private func beRude(_ index: Int) async throws {
        let worker = "rude-\(index)"
        let fetch = Requests.fetch(topic: Models.topic, workerID: worker, lockDuration: 60_000, timeout: 20_000)
        let complete = Requests.Complete(workerID: worker)
        // What it was given it completes over another connection: this one may be closed at any moment.
        let honest = try await Client(thread, port: ports[index % ports.count])
        while isStarting {
            let client = try await Client(thread, port: ports[index % ports.count])
            let withReset = Bool.random()
            let delay = TimeAmount.microseconds(.random(in: 0...Int64(patience) * 1000))
            let closing = client.close(after: delay, withReset: withReset)
            let answer = await client.answer(to: fetch)
            closing.cancel()
            if answer.isSuccess {
                record.given += FetchScanner.tasks(in: answer.body).count
                try await self.complete(answer, complete, honest)
            } else if answer.status == 0 {
                record.closings += 1
                if withReset { record.resets += 1 }
            } else {
                try refuse(answer)
            }
            await client.close()
        }
        await honest.close()
    }

    private func complete(_ answer: Answer, _ request: Requests.Complete, _ client: Client) async throws {
        for task in FetchScanner.tasks(in: answer.body) {
            if let key = task.businessKey, let begin = Moment.read(key) {
                record.wait.add(answer.moment - begin)
                if answer.moment - begin > .seconds(5) { record.long += 1 }
            }
            let completed = await client.answer(to: request.request(task: task.id))
            guard completed.isSuccess else {
                try refuse(completed)
                continue
            }
            record.completed += 1
            lastCompletion = completed.moment
        }
    }

    private func refuse(_ answer: Answer) throws {
        record.refused[answer.refusal, default: 0] += 1
        guard record.refused.values.reduce(0, +) < 100 else { throw BenchmarkFailure("Refused: \(record.refused)") }
    }
}
