import ArgumentParser
import Foundation
import NIOCore

/// What becomes of requests when the database stands still.
struct BackPressure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Back-pressure: the database stands still for a while under load.",
        discussion: """
            Starters and workers work in a closed loop; then all processes of the private server are stopped (SIGSTOP) \
            for some seconds and let go again. Every request must be answered within a bounded time, with 503 and \
            Retry-After when it could not be done, which the clients obey; the node's memory must stay bounded; the \
            work must go on by itself; and no start that was acknowledged may be missing.
            """
    )

    @OptionGroup var stage: StageOptions
    @Option(help: "Clients that start instances.") var starters = 200
    @Option(help: "Workers.") var workers = 16
    @Option(help: "Seconds of load before the database is stopped, and after it goes on.") var seconds = 5
    @Option(help: "Seconds for which it stands still.") var frozen = 20
    @Option(
        help: """
            Seconds within which every request must be answered. What the database has not begun is refused after ten;             what it has begun is waited for until the statement time-out and some seconds more have passed.
            """
    )
    var bound = 45

    func validate() throws {
        guard stage.databaseURL == nil else {
            throw ValidationError("This program stops the server and needs its own: leave out --database-url.")
        }
        guard 1...2000 ~= starters else { throw ValidationError("--starters must be from 1 to 2000.") }
        guard 1...1000 ~= workers else { throw ValidationError("--workers must be from 1 to 1000.") }
        guard 1...600 ~= seconds else { throw ValidationError("--seconds must be from 1 to 600.") }
        guard 1...600 ~= frozen else { throw ValidationError("--frozen must be from 1 to 600.") }
        guard 1...600 ~= bound else { throw ValidationError("--bound must be from 1 to 600.") }
    }

    func run() async throws {
        Report.title("Back-pressure")
        try FileLimit.raise(to: starters + workers + 4096)
        try await Stage.with(stage) { stage in
            guard let server = stage.serverProcess else { throw BenchmarkFailure("There is no server of our own.") }
            let thread = LoadThread()
            let client = try await Client(thread, port: stage.ports[0])
            try await client.deploy(Models.oneTask)
            Report.note("\(starters) starters, \(workers) workers; the database stands still for \(frozen) s")
            let load = PatientLoad(thread, ports: stage.ports)
            let record = try await load.run(starters: starters, workers: workers) {
                try await freeze(server, stage, load)
            }
            try await check(record, client)
            await client.close()
            await thread.shutdown()
        }
    }

    /// Stops the server for a while and watches what happens.
    private func freeze(_ server: pid_t, _ stage: Stage, _ load: PatientLoad) async throws {
        try await Task.sleep(for: .seconds(seconds))
        let before = await load.beginPhase()
        let memory = residentMemory(of: stage.processes[0])
        let frozenServer = try FrozenServer(server)
        var highest = memory
        do {
            for _ in 0..<(frozen * 5) {
                try await Task.sleep(for: .milliseconds(200))
                highest = max(highest, residentMemory(of: stage.processes[0]))
            }
        } catch {
            await frozenServer.thaw()
            throw error
        }
        let during = await load.beginPhase()
        let thawed = NIODeadline.now()
        await frozenServer.thaw()
        try await Task.sleep(for: .seconds(seconds))
        let after = await load.beginPhase()
        Report.result("before: answers", before.answers.summary)
        Report.result("frozen: answers", during.answers.summary + ", \(during.successes) of them successes")
        Report.result("frozen: 503 answers", "\(during.unavailable), \(during.withRetryAfter) with Retry-After")
        Report.result("after: answers", after.answers.summary + ", \(after.successes) of them successes")
        Report.result("after: 503 answers", "\(after.unavailable), \(after.withRetryAfter) with Retry-After")
        let all = during.unavailable + after.unavailable
        let polite = during.withRetryAfter + after.withRetryAfter
        Report.bar("503 answers with Retry-After", "\(polite) of \(all)", "all", isMet: polite == all)
        Report.bar(
            "longest until a 503 while frozen",
            "\(during.slowestRefusal.text) ms",
            "< 15 s",
            isMet: during.slowestRefusal < 15_000
        )
        let slowest = max(during.answers.milliseconds(at: [1])[0], after.answers.milliseconds(at: [1])[0])
        Report.bar(
            "longest until an answer",
            "\(slowest.text) ms",
            "< \(bound) s",
            isMet: slowest < Double(bound) * 1000
        )
        let recovery = after.firstSuccess.map { ($0 - thawed).milliseconds }
        Report.bar(
            "from the database going on to a success",
            recovery.map { "\($0.text) ms" } ?? "never",
            "< 2000 ms",
            isMet: (recovery ?? .infinity) < 2000
        )
        let now = residentMemory(of: stage.processes[0])
        let megabytes = [memory, highest, now].map { "\($0 / 1_000_000)" }.joined(separator: ", ")
        Report.bar(
            "node's memory before, highest, after",
            "\(megabytes) MB",
            "grows by < 100 MB",
            isMet: highest - memory < 100_000_000
        )
    }

    private func check(_ record: PatientLoad.Record, _ client: Client) async throws {
        for (text, times) in record.refused { Report.result("\(times) times", text) }
        let ended = try await client.count("/history/process-instance/count?finished=true")
        let running = try await client.count("/process-instance/count")
        Report.result("acknowledged starts and completions", "\(record.started), \(record.completed)")
        Report.result("ended and running in the database", "\(ended), \(running)")
        // What was answered 503 may have been done all the same, never the other way round.
        Report.bar(
            "acknowledged and not there",
            "\(max(0, record.started - ended - running)) starts, \(max(0, record.completed - ended)) completions",
            "none",
            isMet: record.started <= ended + running && record.completed <= ended
        )
    }
}

/// Starters and workers that come back when they are told to.
actor PatientLoad: OnLoadThread {
    /// The answers of a while; long polls that found nothing do not count.
    struct Phase: Sendable {
        var answers = Latencies()
        var successes = 0
        var unavailable = 0
        var withRetryAfter = 0
        /// In milliseconds; 0 when there was none.
        var slowestRefusal = 0.0
        var firstSuccess: NIODeadline?
    }

    /// What was acknowledged, and what was refused, in all.
    struct Record: Sendable {
        var started = 0
        var completed = 0
        var refused: [String: Int] = [:]
    }

    nonisolated let thread: LoadThread
    private let ports: [Int]
    private let start = Requests.Start(processKey: Models.oneTask.key)
    private let complete = Requests.Complete(workerID: "patient")
    private var phase = Phase()
    private var record = Record()
    private var isRunning = true

    /// How long a client waits before it comes back when it was not told how long.
    private static let pause = Duration.milliseconds(100)
    /// How long an answer is waited for, so that this ends whatever the node does.
    private static let patience = TimeAmount.seconds(120)

    init(_ thread: LoadThread, ports: [Int]) {
        self.thread = thread
        self.ports = ports
    }

    /// Works until `body` returns.
    func run(starters: Int, workers: Int, until body: @Sendable () async throws -> Void) async throws -> Record {
        try await withThrowingDiscardingTaskGroup { group in
            for index in 0..<starters { group.addTask { try await self.startAll(index) } }
            for index in 0..<workers { group.addTask { try await self.work(index) } }
            defer { isRunning = false }
            try await body()
        }
        return record
    }

    /// Ends a phase and begins the next.
    func beginPhase() -> Phase {
        defer { phase = Phase() }
        return phase
    }

    private func startAll(_ index: Int) async throws {
        var client = try await Client(thread, port: ports[index % ports.count])
        while isRunning {
            let answer = await answer(to: start.request(), client)
            if try await note(answer, &client, index) { record.started += 1 }
        }
        await client.close()
    }

    private func work(_ index: Int) async throws {
        var client = try await Client(thread, port: ports[index % ports.count])
        let fetch = Requests.fetch(topic: Models.topic, workerID: "patient", lockDuration: 1_800_000, timeout: 500)
        while isRunning {
            let answer = await answer(to: fetch, client)
            let tasks = answer.isSuccess ? FetchScanner.tasks(in: answer.body) : []
            if answer.isSuccess, tasks.isEmpty { continue }
            guard try await note(answer, &client, index) else { continue }
            for task in tasks {
                let answer = await self.answer(to: complete.request(task: task.id), client)
                if try await note(answer, &client, index) { record.completed += 1 }
            }
        }
        await client.close()
    }

    /// The answer to a request; one that never comes is given up.
    private func answer(to request: ByteBuffer, _ client: Client) async -> Answer {
        let closing = client.close(after: Self.patience, withReset: false)
        defer { closing.cancel() }
        return await client.answer(to: request)
    }

    /// Counts an answer and says whether it was a success; after another one, waits as long as that says.
    private func note(_ answer: Answer, _ client: inout Client, _ index: Int) async throws -> Bool {
        phase.answers.add(answer.elapsed)
        if answer.isSuccess {
            phase.successes += 1
            phase.firstSuccess = phase.firstSuccess ?? answer.moment
            return true
        }
        record.refused[answer.refusal, default: 0] += 1
        if answer.status == 503 {
            phase.unavailable += 1
            phase.slowestRefusal = max(phase.slowestRefusal, answer.elapsed.milliseconds)
        }
        if answer.status == 503, answer.retryAfter != nil { phase.withRetryAfter += 1 }
        try await Task.sleep(for: answer.retryAfter.map { .seconds($0) } ?? Self.pause)
        if answer.status == 0 { client = try await Client(thread, port: ports[index % ports.count]) }
        return false
    }
}
