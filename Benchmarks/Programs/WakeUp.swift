import ArgumentParser
import NIOCore

/// How soon a parked poll is answered when a task appears on another node.
struct WakeUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wake-up: a poll is parked on one node, a task is created through another.",
        discussion: """
            The machine is otherwise idle. Each try parks a poll on the last node, waits a random moment so that no \
            rhythm hides the notifier's pauses, starts an instance through the first node and completes its task.

            The task exists from the commit on, which happens between sending the start and its answer. So the true \
            wake-up lies between the two times that are shown: from the start's answer (the bar; below zero when the \
            poll was quicker than the answer) and from sending the start (which contains the commit).
            """
    )

    @OptionGroup var stage: StageOptions
    @Option(help: "How often.") var tries = 1000
    @Option(help: "The shortest and longest pause before a start, in milliseconds.") var pause = "5-15"

    func validate() throws {
        guard 1...1_000_000 ~= tries else { throw ValidationError("--tries must be from 1 to 1000000.") }
        guard pauses != nil else { throw ValidationError("--pause takes two numbers up to 10000, as in 5-15.") }
    }

    private var pauses: ClosedRange<Int>? {
        let numbers = pause.split(separator: "-").compactMap { Int($0) }
        guard numbers.count == 2, 0 <= numbers[0], numbers[0] <= numbers[1], numbers[1] <= 10_000 else { return nil }
        return numbers[0]...numbers[1]
    }

    func run() async throws {
        Report.title("Wake-up")
        try await Stage.with(stage.needing(nodes: 2)) { stage in
            let thread = LoadThread()
            let starter = try await Client(thread, port: stage.ports[0])
            try await starter.deploy(Models.oneTask)
            let poller = try await Client(thread, port: stage.ports[stage.ports.count - 1])
            let load = WakeUpLoad(thread, starter: starter, poller: poller, pauses: pauses ?? 5...15)
            // Connections are opened and statements prepared before anything is timed.
            _ = try await load.run(tries: min(20, tries))
            let record = try await load.run(tries: tries)
            let last = stage.ports.count - 1
            Report.note("\(tries) tries, pauses of \(pause) ms; starts on node 0, polls on node \(last)")
            record.report()
            await starter.close()
            await poller.close()
            await thread.shutdown()
        }
    }
}

/// One poll and one starter that take turns.
actor WakeUpLoad: OnLoadThread {
    /// What the tries came to.
    struct Record: Sendable {
        var start = Latencies()
        var fromAnswer = Latencies()
        var fromSending = Latencies()

        /// Prints it, with the bar on what follows the start's answer.
        func report(name: String = "") {
            Report.result("\(name)start", start.summary)
            Report.result("\(name)start sent → poll answered", fromSending.summary)
            let values = fromAnswer.milliseconds(at: [0.5, 0.99])
            Report.bar(
                "\(name)start answered → poll answered",
                fromAnswer.summary,
                "p50 < 3 ms, p99 < 10 ms",
                isMet: values[0] < 3 && values[1] < 10
            )
        }
    }

    nonisolated let thread: LoadThread
    private let starter: Client
    private let worker: Client
    private let pauses: ClosedRange<Int>
    private let start: Requests.Start
    private let poll: @Sendable () async -> Answer
    private let complete = Requests.Complete(workerID: "wake-up")

    /// Tries with a model, its tasks being completed by `worker` after `poll` got them.
    init(
        _ thread: LoadThread,
        starter: Client,
        worker: Client,
        pauses: ClosedRange<Int>,
        model: Model,
        poll: @escaping @Sendable () async -> Answer
    ) {
        self.thread = thread
        self.starter = starter
        self.worker = worker
        self.pauses = pauses
        start = Requests.Start(processKey: model.key)
        self.poll = poll
    }

    /// Tries with the usual model and a poll that is sent for each.
    init(_ thread: LoadThread, starter: Client, poller: Client, pauses: ClosedRange<Int>) {
        let fetch = Requests.fetch(topic: Models.topic, workerID: "wake-up", maxTasks: 1)
        self.init(thread, starter: starter, worker: poller, pauses: pauses, model: Models.oneTask) {
            await poller.answer(to: fetch)
        }
    }

    /// Parks, starts, fetches and completes, again and again.
    func run(tries: Int) async throws -> Record {
        var record = Record()
        for _ in 0..<tries {
            async let answer = poll()
            try await Task.sleep(for: .milliseconds(Int.random(in: pauses)))
            let sent = NIODeadline.now()
            let started = await starter.answer(to: start.request())
            guard started.isSuccess else { throw BenchmarkFailure("Start: \(started.status) \(started.text)") }
            let polled = await answer
            let tasks = polled.isSuccess ? FetchScanner.tasks(in: polled.body) : []
            guard tasks.count == 1 else { throw BenchmarkFailure("Poll: \(polled.status) \(polled.text)") }
            record.start.add(started.elapsed)
            record.fromSending.add(polled.moment - sent)
            record.fromAnswer.add(polled.moment - started.moment)
            let completed = await worker.answer(to: complete.request(task: tasks[0].id))
            guard completed.isSuccess else { throw BenchmarkFailure("Complete: \(completed.status) \(completed.text)") }
        }
        return record
    }
}
