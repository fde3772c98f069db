import ArgumentParser
import NIOCore

/// What a fetch costs when there is much to fetch from.
struct DeepBacklog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backlog",
        abstract: "Deep backlogs: fetches of 10 tasks among ten thousand to millions of open ones.",
        discussion: """
            Open tasks are written straight into the tables. Then one client fetches, for each order that a poll may ask \
            for: with all tasks of one topic and free, with every other one locked by somebody, with every other lock run \
            out, and with thousands of topics of which a poll names some. What was fetched is unlocked before the next order. The bar compares the \
            largest backlog with the smallest, over all orders together.

            About four minutes; with 5000000 tasks about twenty and 15 GB in the temporary folder.
            """
    )

    @OptionGroup var stage: StageOptions
    @Option(help: "Open tasks; the bar compares the last number with the first.") var tasks = "10000,100000,1000000"
    @Option(help: "Fetches of each kind.") var fetches = 300
    @Option(help: "Topics, for the part with many.") var topics = 2000
    @Option(help: "Topics that a poll names, for the part with many.") var topicsNamed = 50
    @Flag(help: "Keep the database from learning what the tables hold: plans must not depend on it.")
    var withoutStatistics = false

    func validate() throws {
        guard !counts.isEmpty, counts.allSatisfy({ 1000...50_000_000 ~= $0 }), counts == counts.sorted() else {
            throw ValidationError("--tasks takes ascending numbers from 1000 to 50000000.")
        }
        guard 10...10_000 ~= fetches, fetches * Self.maxTasks * 2 <= counts[0] else {
            throw ValidationError("--fetches must be from 10 to 10000, and take no more than half of the tasks.")
        }
        guard 1...counts[0] ~= topics, 1...min(topics, 100) ~= topicsNamed else {
            throw ValidationError("--topics-named must be from 1 to 100 and not above --topics.")
        }
    }

    private var counts: [Int] { tasks.split(separator: ",").compactMap { Int($0) } }
    private static let maxTasks = 10

    /// A way to lay out the tasks, with the orders that are measured on it.
    private struct Case {
        var name: String
        var topics = 1
        var locks = Backlog.Locks.none
        var orders: [FetchOrder]
    }

    private var cases: [Case] {
        [
            Case(name: "all free", orders: FetchOrder.all),
            Case(name: "half of them locked", locks: .held, orders: FetchOrder.all),
            Case(name: "half of the locks run out", locks: .ranOut, orders: FetchOrder.all),
            Case(name: "\(topics) topics, \(topicsNamed) named", topics: topics, orders: FetchOrder.all),
        ]
    }

    func run() async throws {
        Report.title("Deep backlog")
        try await Stage.with(stage) { stage in
            let thread = LoadThread()
            let client = try await Client(thread, port: stage.ports[0])
            try await client.deploy(Models.oneTask)
            let backlog = Backlog(
                pool: stage.pool,
                processKey: Models.oneTask.key,
                withStatistics: !withoutStatistics
            )
            try await backlog.prepare()
            Report.note("\(fetches) fetches each, statistics \(withoutStatistics ? "withheld" : "known")")
            var first: [String: Result] = [:]
            var present = 0
            for count in counts {
                try await backlog.addInstances(from: present, to: count)
                present = count
                for state in cases {
                    let result = try await measure(state, count, backlog, client)
                    guard let base = first[state.name] else {
                        first[state.name] = result
                        continue
                    }
                    if count == counts.last { report(result, against: base, state, count) }
                }
            }
            try await completeSome(client)
            await client.close()
            await thread.shutdown()
        }
    }

    /// The durations of each order's fetches.
    private typealias Result = [Latencies]

    private func report(_ result: Result, against base: Result, _ state: Case, _ count: Int) {
        let medians = zip(result, base).map { $0.milliseconds(at: [0.5])[0] / $1.milliseconds(at: [0.5])[0] }
        let worst = zip(medians, state.orders).max { $0.0 < $1.0 }
        Report.result("  worst ratio of p50", "\((worst?.0 ?? 0).text) (\(worst?.1.name ?? ""))")
        let p99s = [result, base].map { result in
            result.reduce(into: Latencies()) { $0.add($1) }.milliseconds(at: [0.99])[0]
        }
        let ratio = p99s[0] / p99s[1]
        Report.bar(
            "  p99 at \(count) ÷ p99 at \(counts[0]), \(state.name)",
            "\(p99s[0].text) ÷ \(p99s[1].text) ms = \(ratio.text)",
            "≤ 1.5",
            isMet: ratio <= 1.5
        )
    }

    private func measure(_ state: Case, _ count: Int, _ backlog: Backlog, _ client: Client) async throws -> Result {
        let shape = Backlog.Shape(count: count, topics: state.topics, locks: state.locks)
        let begin = ContinuousClock.now
        try await backlog.fillTasks(shape)
        let filling = (ContinuousClock.now - begin).inSeconds
        Report.note("\(count) tasks, \(state.name) (written in \(filling.text) s)")
        var result: Result = []
        for order in state.orders {
            // Connections are opened and statements prepared before anything is timed.
            _ = try await fetch(20, order, state, client)
            try await backlog.unlock()
            let start = ContinuousClock.now
            let latencies = try await fetch(fetches, order, state, client)
            let rate = Double(fetches * Self.maxTasks) / (ContinuousClock.now - start).inSeconds
            try await backlog.unlock()
            Report.result("  \(order.name)", "\(latencies.summary), \(rate.text) tasks/s")
            result.append(latencies)
        }
        return result
    }

    /// Shows that what was written into the tables is what the engine itself would have written.
    private func completeSome(_ client: Client) async throws {
        let topic = Backlog.topic(0, of: cases.last?.topics ?? 1)
        let request = Requests.fetch(topic: topic, workerID: Backlog.worker, maxTasks: 3, timeout: nil)
        let complete = Requests.Complete(workerID: Backlog.worker)
        let tasks = FetchScanner.tasks(in: await client.answer(to: request).body)
        guard !tasks.isEmpty else { throw BenchmarkFailure("There was nothing left to complete.") }
        for task in tasks { try await client.success(complete.request(task: task.id)) }
        let ended = try await client.count("/history/process-instance/count?finished=true")
        guard ended == tasks.count else { throw BenchmarkFailure("\(ended) instances ended, not \(tasks.count).") }
    }

    private func fetch(_ times: Int, _ order: FetchOrder, _ state: Case, _ client: Client) async throws -> Latencies {
        var latencies = Latencies()
        for time in 0..<times {
            let named = state.topics == 1 ? 1 : topicsNamed
            let names = (0..<named).map { Backlog.topic((time * named + $0) % state.topics, of: state.topics) }
            let request = Requests.fetch(
                topics: names,
                workerID: Backlog.worker,
                maxTasks: Self.maxTasks,
                lockDuration: 3_600_000,
                timeout: nil,
                options: order.options
            )
            let answer = await client.answer(to: request)
            let tasks = answer.isSuccess ? FetchScanner.tasks(in: answer.body) : []
            guard tasks.count == Self.maxTasks else {
                throw BenchmarkFailure(
                    "\(order.name): \(answer.status) with \(tasks.count) tasks: \(answer.text.prefix(300))"
                )
            }
            latencies.add(answer.elapsed)
        }
        return latencies
    }
}

/// An order that a poll may ask for.
struct FetchOrder {
    var name: String
    /// What it adds to the body of a poll.
    var options: String

    static let all = [
        FetchOrder(name: "no order", options: ""),
        FetchOrder(name: "oldest first", options: sorting("asc")),
        FetchOrder(name: "newest first", options: sorting("desc")),
        FetchOrder(name: "priority", options: priority),
        FetchOrder(name: "priority, oldest first", options: priority + sorting("asc")),
        FetchOrder(name: "priority, newest first", options: priority + sorting("desc")),
    ]

    private static let priority = #","usePriority":true"#

    private static func sorting(_ direction: String) -> String {
        #","sorting":[{"sortBy":"createTime","sortOrder":"\#(direction)"}]"#
    }
}
