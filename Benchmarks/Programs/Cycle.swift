import ArgumentParser
import NIOCore

/// Full cycles over HTTP, against what the same database can do without Baton.
struct Cycle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Full cycles: start a one-task instance, fetch its task by long poll, complete it.",
        discussion: """
            Starters and workers work in a closed loop over HTTP with keep-alive; history is full and commits are \
            durable. The raw limit is measured before and after on the same server.
            """
    )

    @OptionGroup var stage: StageOptions
    @Option(help: "Clients that start instances, and as many workers; several, as in 1,8,64, are measured in turn.")
    var clients = "64"
    @Option(help: "Seconds that are measured, after three that are not.") var seconds = 10
    @Option(help: "Tasks that a worker asks for.") var maxTasks = 10
    @Flag(help: "Do not measure the raw limit.") var skipRawLimit = false
    @Flag(help: "Also show where the database's time goes; costs some of it.") var statements = false

    func validate() throws {
        guard 1...3600 ~= seconds else { throw ValidationError("--seconds must be from 1 to 3600.") }
        guard !counts.isEmpty, counts.allSatisfy({ 1...2000 ~= $0 }) else {
            throw ValidationError("--clients takes numbers from 1 to 2000.")
        }
    }

    private var counts: [Int] { clients.split(separator: ",").compactMap { Int($0) } }

    func run() async throws {
        Report.title("Full cycle")
        var options = stage
        if statements { options.databaseParameters += StatementTimes.parameters }
        try await Stage.with(options) { stage in
            let thread = LoadThread()
            let client = try await Client(thread, port: stage.ports[0])
            try await client.deploy(Models.oneTask)
            var raw: [Double] = []
            if !skipRawLimit { raw.append(try await RawLimit().measure(on: stage)) }
            if statements { try await StatementTimes.begin(on: stage.pool) }
            var best = CycleResult()
            for count in counts {
                let result = try await measure(count, on: stage, thread)
                if result.rate > best.rate { best = result }
            }
            if statements { try await StatementTimes.report(from: stage.pool, per: best.started) }
            if !skipRawLimit {
                raw.append(try await RawLimit().measure(on: stage))
                let one = try await RawLimit(batch: 1).measure(on: stage)
                let mean = raw.reduce(0, +) / Double(raw.count)
                let values = raw.map(\.text).joined(separator: " and ")
                Report.result("raw limit, batches of 10", "\(values) cycles/s (before and after)")
                Report.result("raw limit, batches of 1", "\(one.text) cycles/s")
                let ratio = best.rate / mean
                let share = "\((ratio * 100).text) %"
                if counts.contains(64) {
                    Report.bar("share of the raw limit", share, "≥ 50 %", isMet: ratio >= 0.5)
                } else {
                    Report.result("share of the raw limit", "\(share) (the bar is for 64 clients)")
                }
            }
            let ended = try await client.count("/history/process-instance/count?finished=true")
            let running = try await client.count("/process-instance/count")
            Report.result("instances ended, running", "\(ended), \(running)")
            await client.close()
            await thread.shutdown()
        }
    }

    private func measure(_ count: Int, on stage: Stage, _ thread: LoadThread) async throws -> CycleResult {
        var settings = CycleLoad.Settings(ports: stage.ports)
        settings.starters = count
        settings.workers = count
        settings.maxTasks = maxTasks
        settings.unfinished = count * 10
        let result = try await CycleMeasurement(settings: settings, seconds: seconds).run(on: stage, thread)
        Report.note("\(count) starter(s), \(count) worker(s), at most \(settings.unfinished) unfinished instances")
        Report.result("  instances/s", result.rate.text)
        Report.result("  start", result.record.start.summary)
        Report.result("  complete", result.record.complete.summary)
        Report.result("  fetch", result.record.fetch.summary + ", \(result.tasksPerFetch.text) tasks each")
        let p99 = result.record.cycle.milliseconds(at: [0.99])[0]
        Report.bar("  whole cycle", result.record.cycle.summary, "p99 < 250 ms", isMet: p99 < 250)
        Report.result("  processor time", result.processor)
        for (text, times) in result.record.refused { Report.result("  refused \(times) times", text) }
        return result
    }
}

/// What a window of cycles came to.
struct CycleResult: Sendable {
    var rate = 0.0
    var tasksPerFetch = 0.0
    var processor = ""
    var record = CycleLoad.Record()

    /// Instances that were started in all.
    var started: Int { record.started }
}

/// Cycles for some seconds, then until all that was started is completed.
struct CycleMeasurement {
    var settings: CycleLoad.Settings
    var seconds: Int
    var warmUp = 3

    func run(on stage: Stage, _ thread: LoadThread) async throws -> CycleResult {
        let settings = settings
        let loop = thread.loop
        let load = try await thread.make { CycleLoad(settings, loop: loop) }
        try await thread.run { load.value.begin() }
        try await Task.sleep(for: .seconds(warmUp))
        let before = try await thread.run {
            load.value.beginWindow()
            return load.value.record
        }
        let used = stage.processorTime
        let begin = ContinuousClock.now
        try await Task.sleep(for: .seconds(seconds))
        let record = try await thread.run { load.value.record }
        let elapsed = (ContinuousClock.now - begin).inSeconds
        let processor = stage.processorTime - used
        try await thread.run { load.value.stopStarting() }
        let deadline = ContinuousClock.now + .seconds(60)
        while !(try await thread.run { load.value.isDrained }) {
            guard ContinuousClock.now < deadline else { throw BenchmarkFailure("Instances were left unfinished.") }
            try await Task.sleep(for: .milliseconds(20))
        }
        try await thread.run { load.value.end() }
        let completed = record.completed - before.completed
        let fetches = record.fetches - before.fetches
        return CycleResult(
            rate: Double(completed) / elapsed,
            tasksPerFetch: fetches > 0 ? Double(record.fetched - before.fetched) / Double(fetches) : 0,
            processor: processor.summary(per: completed, over: elapsed),
            record: record
        )
    }
}
