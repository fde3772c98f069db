import ArgumentParser
import NIOCore

/// Clients that go away at any moment must not take tasks with them.
struct Disconnects: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Disconnects: clients poll and leave at random while tasks are started.",
        discussion: """
            Rude clients poll with locks of a minute and leave after a random moment. A few polite workers take the \
            rest. No task may wait for the lock of a client that is gone.

            Half of the rude clients close their sending side and read on until the node closes the connection; a task \
            that still comes is theirs, and none may be lost. The others close their socket, every second one with a \
            reset, unless bytes of an answer have reached their kernel: then they read it instead. What a rude client \
            was given it completes at once over another connection.

            A client that closes its socket can lose an answer all the same: one that comes between its last look and \
            the close, or that the node sends before it hears of the close, some microseconds later. Nobody \
            acknowledges an answer, so the node counts what its kernel took as delivered; and a reset does not say \
            what was read before it, least of all behind a proxy. Such a task waits until its lock runs out. Hence \
            the bar of 1 in 1,000 tasks instead of none; it takes some thousand tasks to be a measurement. If any \
            task is lost, the program takes a minute longer.
            """
    )

    @OptionGroup var stage: StageOptions
    @Option(help: "Seconds for which tasks are started.") var seconds = 20
    @Option(help: "Clients that leave at random.") var rude = 32
    @Option(help: "The longest that such a client stays, in milliseconds.") var patience = 30
    @Option(help: "Workers that behave.") var workers = 4
    @Option(help: "Clients that start instances, with pauses up to 20 ms.") var starters = 16

    func validate() throws {
        guard 1...3600 ~= seconds else { throw ValidationError("--seconds must be from 1 to 3600.") }
        guard 1...1000 ~= rude else { throw ValidationError("--rude must be from 1 to 1000.") }
        guard 1...10_000 ~= patience else { throw ValidationError("--patience must be from 1 to 10000.") }
        guard 1...500 ~= workers else { throw ValidationError("--workers must be from 1 to 500.") }
        guard 1...500 ~= starters else { throw ValidationError("--starters must be from 1 to 500.") }
    }

    /// How many of 1,000 tasks may wait for a lock.
    private static let toleratedPerThousand = 1.0

    func run() async throws {
        Report.title("Disconnects")
        try FileLimit.raise(to: 8192)
        try await Stage.with(stage.needing(nodes: 2)) { stage in
            let thread = LoadThread()
            let client = try await Client(thread, port: stage.ports[0])
            try await client.deploy(Models.oneTask)
            Report.note(
                "\(starters) starters, \(rude) rude clients that stay up to \(patience) ms, \(workers) polite workers, "
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
        Report.result("started", "\(record.started)")
        Report.result("polls left without an answer", Self.perDeparture(record.departures))
        Report.result(
            "tasks that rude clients got",
            "\(record.given), \(record.givenLate) of them after closing their side, \(record.givenAtLook) by the last look"
        )
        Report.result("start sent → delivered", record.wait.summary)
        Report.result("last start → last completion", "\(record.drain.milliseconds.text) ms")
        for (text, times) in record.refused { Report.result("refused \(times) times", text) }
        for (text, times) in record.refusedLate { Report.result("half-closed, told \(times) times", text) }
        let others = record.long - record.lost.values.reduce(0, +)
        Report.result("waited for more than 5 s", "\(Self.perDeparture(record.lost)), \(others) others")
        let lostHalfClosed = record.lost[.halfClosed] ?? 0
        Report.bar("… for a half-closed client's lock", "\(lostHalfClosed)", "0", isMet: lostHalfClosed == 0)
        let perThousand = 1000 * Double(record.long) / Double(max(1, record.completed))
        Report.bar(
            "tasks that waited for more than 5 s",
            "\(record.long) of \(record.completed), \(perThousand.text) in 1,000",
            "≤ 1 in 1,000",
            isMet: perThousand <= Self.toleratedPerThousand
        )
        let longest = record.wait.milliseconds(at: [1])[0]
        let tolerated = (DisconnectLoad.lock + DisconnectLoad.long).milliseconds
        Report.bar(
            "longest that a task waited",
            "\(longest.text) ms",
            "< \(tolerated.text) ms, a lock and 5 s",
            isMet: longest < tolerated
        )
        Report.bar(
            "completed",
            "\(record.completed) of \(record.started)",
            "all",
            isMet: record.completed == record.started
        )
    }

    private static func perDeparture(_ counts: [Departure: Int]) -> String {
        Departure.allCases.map { "\(counts[$0] ?? 0) \($0.rawValue)" }.joined(separator: ", ")
    }
}
