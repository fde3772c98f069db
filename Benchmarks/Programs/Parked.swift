import ArgumentParser
import Foundation
import NIOCore

/// What ten thousand waiting polls cost, and how they end.
struct Parked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked-polls",
        abstract: "Parked polls: thousands wait on one node; what they cost, who is woken, how they are freed.",
        discussion: """
            Parks polls of one topic on one node, each on a connection of its own, and shows the node's memory, what the \
            database is asked to do for them (compared with a single parked poll), and how soon a poll is answered when a \
            task appears, on another topic and on theirs. Then all sockets are closed at once: a task that appears in \
            that moment must reach the one poll that is still there. Linux only.
            """
    )

    @OptionGroup var stage: StageOptions
    @Option(help: "Polls.") var polls = 10_000
    @Option(help: "Wake-ups that are timed, on each topic.") var tries = 200
    @Option(help: "Seconds for which the database is watched.") var seconds = 10

    func validate() throws {
        guard 1...25_000 ~= polls else { throw ValidationError("--polls must be from 1 to 25000.") }
        guard 1...100_000 ~= tries else { throw ValidationError("--tries must be from 1 to 100000.") }
        guard 2...3600 ~= seconds else { throw ValidationError("--seconds must be from 2 to 3600.") }
    }

    private static let crowded = Models.process(key: "crowded", task: "", topic: "crowded")

    func run() async throws {
        Report.title("Parked polls")
        try FileLimit.raise(to: polls + 2000)
        var options = stage
        if options.databaseURL == nil { options.databaseParameters += StatementTimes.parameters }
        try await Stage.with(options) { stage in
            let thread = LoadThread()
            let client = try await Client(thread, port: stage.ports[0])
            try await client.deploy(Models.oneTask)
            try await client.deploy(Self.crowded)
            let few = try await cost(of: 1, stage, thread, timesWakeUps: false)
            let many = try await cost(of: polls, stage, thread, timesWakeUps: true)
            // One check more, with its two statements and a heartbeat, may fall into one of the two.
            let allowed = few.activity.rate + 3 / Double(seconds)
            Report.bar(
                "statements/s with \(polls) polls",
                "\(many.activity.rate.text) (with 1 poll \(few.activity.rate.text))",
                "no more than with 1",
                isMet: many.activity.rate <= allowed
            )
            Report.bar(
                "resident memory with \(polls) polls",
                "\(many.megabytes) MB (with 1 poll \(few.megabytes) MB)",
                "< 200 MB",
                isMet: many.megabytes < 200
            )
            await client.close()
            await thread.shutdown()
        }
    }

    /// What parked polls cost.
    private struct Cost {
        var megabytes: Int
        var activity: DatabaseActivity
    }

    private func cost(of count: Int, _ stage: Stage, _ thread: LoadThread, timesWakeUps: Bool) async throws -> Cost {
        let node = stage.processes[0]
        let before = residentMemory(of: node) / 1_000_000
        let connections = OpenConnections.count(to: stage.ports[0])
        let fetch = Requests.fetch(topic: "crowded", workerID: "wake-up", maxTasks: 1, timeout: 1_200_000)
        let parked = try await ParkedPolls(thread, port: stage.ports[0], fetch: fetch)
        let begin = ContinuousClock.now
        try await parked.park(count)
        Report.note("\(count) poll(s) sent in \((ContinuousClock.now - begin).milliseconds.text) ms")
        try await Task.sleep(for: .seconds(1))
        let used = stage.processorTime
        let activity = try await DatabaseActivity.watch(
            stage.pool,
            for: .seconds(seconds),
            countingStatements: stage.serverProcess != nil
        )
        let processor = stage.processorTime - used
        let cost = Cost(megabytes: residentMemory(of: node) / 1_000_000, activity: activity)
        Report.result("  node's memory, before and with them", "\(before) MB, \(cost.megabytes) MB")
        Report.result(
            "  the database did",
            "\(activity.transactions) transactions in \(activity.seconds.text) s; the node used "
                + "\((processor.nodes * 1000).text) ms of processor time"
        )
        for statement in activity.statements.prefix(6) { Report.result("    \(statement.calls) ×", statement.text) }
        if timesWakeUps { try await wakeUps(stage, thread, parked) }
        try await end(parked, stage, thread, connections: connections)
        return cost
    }

    /// Times wake-ups of a poll on another topic, and of one of the crowd.
    private func wakeUps(_ stage: Stage, _ thread: LoadThread, _ parked: ParkedPolls) async throws {
        let starter = try await Client(thread, port: stage.ports[stage.ports.count - 1])
        let poller = try await Client(thread, port: stage.ports[0])
        let alone = WakeUpLoad(thread, starter: starter, poller: poller, pauses: 5...15)
        try await alone.run(tries: tries).report(name: "another topic, ")
        let crowd = WakeUpLoad(
            thread,
            starter: starter,
            worker: poller,
            pauses: 5...15,
            model: Self.crowded
        ) { await parked.nextAnswer() }
        try await crowd.run(tries: tries).report(name: "their topic, ")
        let surprises = try await parked.surprises()
        Report.bar("polls answered without a task", "\(surprises)", "none", isMet: surprises == 0)
        await starter.close()
        await poller.close()
    }

    /// Closes all sockets, and has a task reach the one poll that comes after.
    private func end(_ parked: ParkedPolls, _ stage: Stage, _ thread: LoadThread, connections: Int) async throws {
        let node = stage.processes[0]
        let starter = try await Client(thread, port: stage.ports[0])
        let poller = try await Client(thread, port: stage.ports[0])
        let fetch = Requests.fetch(topic: "crowded", workerID: "fresh", maxTasks: 1)
        let begin = NIODeadline.now()
        try await parked.close()
        async let poll = poller.answer(to: fetch)
        let started = await starter.answer(to: Requests.Start(processKey: Self.crowded.key).request())
        guard started.isSuccess else { throw BenchmarkFailure("Start: \(started.status) \(started.text)") }
        let polled = await poll
        guard let task = polled.isSuccess ? FetchScanner.tasks(in: polled.body).first : nil else {
            throw BenchmarkFailure("The fresh poll got no task: \(polled.status) \(polled.text)")
        }
        try await poller.success(Requests.Complete(workerID: "fresh").request(task: task.id))
        // Two more belong to the starter and the fresh poll.
        var left = OpenConnections.count(to: stage.ports[0]) - connections - 2
        while left > 0, NIODeadline.now() - begin < .seconds(30) {
            try await Task.sleep(for: .milliseconds(5))
            left = OpenConnections.count(to: stage.ports[0]) - connections - 2
        }
        let freed = NIODeadline.now() - begin
        let wait = Double((polled.moment - started.moment).nanoseconds) / 1e6
        Report.result(
            "  closed while a task is created",
            "the fresh poll has it \(wait.text) ms after the start's answer"
        )
        Report.bar(
            "  node's sockets are freed after",
            "\((Double(freed.nanoseconds) / 1e6).text) ms (\(max(0, left)) are left)",
            "< 1000 ms",
            isMet: freed < .seconds(1)
        )
        try await Task.sleep(for: .seconds(2))
        Report.result("  node's memory 2 s later", "\(residentMemory(of: node) / 1_000_000) MB")
        await starter.close()
        await poller.close()
    }
}
