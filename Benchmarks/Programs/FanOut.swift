import ArgumentParser
import NIOCore

/// One instance with thousands of parallel tasks.
struct FanOut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fan-out: one instance with thousands of parallel external tasks; nothing may be quadratic.",
        discussion: """
            For each number of tasks: starts a parallel multi-instance of that many external tasks, has workers fetch \
            and complete all of them, and looks into the history. Then cancels as many by a BPMN error that a boundary \
            event catches, and as many by deleting the instance. The bars compare the time per task of the largest number \
            with that of the smallest, and want no error answer.
            """
    )

    @OptionGroup var stage: StageOptions
    @Option(help: "Parallel tasks; the bar compares the last number with the first.") var counts = "1000,5000,20000"
    @Option(help: "Workers.") var workers = 16
    @Option(help: "Tasks that a worker asks for.") var maxTasks = 10
    @Flag(help: "Do not measure cancellation.") var skipCancellation = false

    func validate() throws {
        guard !numbers.isEmpty, numbers == numbers.sorted(), numbers.allSatisfy({ 10...50_000 ~= $0 }) else {
            throw ValidationError("--counts takes ascending numbers from 10 to 50000.")
        }
        guard 1...500 ~= workers else { throw ValidationError("--workers must be from 1 to 500.") }
        guard 1...1000 ~= maxTasks else { throw ValidationError("--max-tasks must be from 1 to 1000.") }
    }

    private var numbers: [Int] { counts.split(separator: ",").compactMap { Int($0) } }

    /// Milliseconds of each step, in order.
    private typealias Steps = [(name: String, milliseconds: Double)]

    func run() async throws {
        Report.title("Fan-out")
        try await Stage.with(stage) { stage in
            let thread = LoadThread()
            let client = try await Client(thread, port: stage.ports[0])
            try await client.deploy(Models.fanOut)
            try await client.deploy(Models.cancelledFanOut)
            // Connections are opened and statements prepared before anything is timed.
            _ = try await startInstance(of: Models.fanOut, 100, client)
            _ = try await Crew(thread, ports: stage.ports, maxTasks: maxTasks).complete(100, workers: workers)
            _ = try await cancelledByError(100, client)
            _ = try await cancelledByDeletion(100, client)
            Report.note("\(workers) workers that ask for \(maxTasks) tasks")
            var refused = 0
            var first: Steps = []
            for count in numbers {
                var steps = try await completed(count, stage, thread, client, refused: &refused)
                if !skipCancellation {
                    steps.append(try await cancelledByError(count, client))
                    steps.append(try await cancelledByDeletion(count, client))
                }
                for step in steps {
                    let each = step.milliseconds * 1000 / Double(count)
                    Report.result("  \(step.name)", "\(step.milliseconds.text) ms, \(each.text) µs per task")
                }
                if first.isEmpty { first = steps }
                if count > numbers[0], count == numbers.last { compare(steps, count, with: first, numbers[0]) }
            }
            Report.bar("error answers", "\(refused)", "none", isMet: refused == 0)
            await client.close()
            await thread.shutdown()
        }
    }

    private func compare(_ steps: Steps, _ count: Int, with first: Steps, _ base: Int) {
        for (last, first) in zip(steps, first) {
            let ratio = last.milliseconds / Double(count) / (first.milliseconds / Double(base))
            Report.bar("\(last.name), per task at \(count) ÷ at \(base)", ratio.text, "≤ 2", isMet: ratio <= 2)
        }
    }

    private func completed(
        _ count: Int,
        _ stage: Stage,
        _ thread: LoadThread,
        _ client: Client,
        refused: inout Int
    ) async throws -> Steps {
        Report.note("\(count) tasks")
        let (instance, start) = try await startInstance(of: Models.fanOut, count, client)
        let used = stage.processorTime
        let record = try await Crew(thread, ports: stage.ports, maxTasks: maxTasks).complete(count, workers: workers)
        let processor = stage.processorTime - used
        Report.result("  fetch", record.fetch.summary)
        Report.result("  complete", record.complete.summary)
        Report.result("  processor time per task", processor.summary(per: count, over: record.seconds))
        for (text, times) in record.refused { Report.result("  refused \(times) times", text) }
        refused += record.refused.values.reduce(0, +)
        try await expect(1, "/history/process-instance/count?finished=true&processInstanceId=\(instance)", client)
        try await expectLog(count, instance, "successLog=true", client)
        try await expectActivities(count, instance, "finished=true", client)
        return [("start", start), ("fetch and complete all", record.seconds * 1000)]
    }

    private func cancelledByError(_ count: Int, _ client: Client) async throws -> Steps.Element {
        let (instance, _) = try await startInstance(of: Models.cancelledFanOut, count, client)
        let fetch = Requests.fetch(topic: Models.topic, workerID: "thrower", maxTasks: 1, timeout: nil)
        guard let task = FetchScanner.firstID(in: await client.answer(to: fetch).body) else {
            throw BenchmarkFailure("There was no task to throw an error from.")
        }
        let error = #"{"workerId":"thrower","errorCode":"out-of-stock"}"#
        let answer = await client.answer(to: Requests.post("/external-task/\(task)/bpmnError", error))
        guard answer.isSuccess else { throw BenchmarkFailure("BPMN error: \(answer.status) \(answer.text)") }
        try await expect(0, "/external-task/count?processInstanceId=\(instance)", client)
        try await expect(1, "/history/process-instance/count?finished=true&processInstanceId=\(instance)", client)
        try await expectActivities(count, instance, "canceled=true", client)
        return ("BPMN error that cancels all", answer.elapsed.milliseconds)
    }

    private func cancelledByDeletion(_ count: Int, _ client: Client) async throws -> Steps.Element {
        let (instance, _) = try await startInstance(of: Models.fanOut, count, client)
        let answer = await client.answer(to: Requests.delete("/process-instance/\(instance)"))
        guard answer.isSuccess else { throw BenchmarkFailure("Deletion: \(answer.status) \(answer.text)") }
        try await expect(0, "/external-task/count?processInstanceId=\(instance)", client)
        try await expectLog(count, instance, "deletionLog=true", client)
        try await expectActivities(count, instance, "canceled=true", client)
        return ("deletion of the instance", answer.elapsed.milliseconds)
    }

    private func startInstance(
        of model: Model,
        _ count: Int,
        _ client: Client
    ) async throws -> (id: String, milliseconds: Double) {
        let body = #"{"variables":{"count":{"value":\#(count),"type":"Integer"}}}"#
        let answer = await client.answer(to: Requests.post("/process-definition/key/\(model.key)/start", body))
        guard answer.isSuccess, let id = FetchScanner.firstID(in: answer.body) else {
            throw BenchmarkFailure("Start of \(count) tasks: \(answer.status) \(answer.text)")
        }
        try await expect(count, "/external-task/count?processInstanceId=\(id)", client)
        return (id, answer.elapsed.milliseconds)
    }

    private func expectActivities(_ count: Int, _ instance: String, _ filter: String, _ client: Client) async throws {
        let path = "/history/activity-instance/count?activityId=work&\(filter)&processInstanceId=\(instance)"
        try await expect(count, path, client)
    }

    private func expectLog(_ count: Int, _ instance: String, _ filter: String, _ client: Client) async throws {
        let path = "/history/external-task-log/count?\(filter)&processInstanceId=\(instance)"
        try await expect(count, path, client)
    }

    private func expect(_ count: Int, _ path: String, _ client: Client) async throws {
        let found = try await client.count(path)
        guard found == count else { throw BenchmarkFailure("\(path) is \(found), not \(count).") }
    }
}

extension TimeAmount {
    var milliseconds: Double { Double(nanoseconds) / 1e6 }
}
