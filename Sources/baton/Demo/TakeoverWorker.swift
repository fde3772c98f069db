import Foundation
import NIOCore

/// A worker as anybody would write one: it waits for a task, extends the lock while it works, and completes it.
///
/// It reports what it does as JSON lines on standard output.
struct TakeoverWorker {
    /// How long one poll may be held open; longer than the whole story.
    static let pollMilliseconds = 120_000
    static let extensionInterval = Duration.seconds(1)

    let client: EngineClient
    let topic: String
    let name: String
    let lockMilliseconds: Int
    /// How long the work takes.
    let workMilliseconds: Int

    /// Takes one task and completes it.
    ///
    /// - Throws: What the server refused or the network lost; then the work is for somebody else.
    func run() async throws {
        let task = try await waitForTask()
        let end = ContinuousClock.now + .milliseconds(workMilliseconds)
        while ContinuousClock.now + Self.extensionInterval < end {
            try await Task.sleep(for: Self.extensionInterval)
            try await client.post(
                "/external-task/\(task.id)/extendLock",
                Wire.ExtendLock(workerId: name, newDuration: lockMilliseconds)
            )
            report(.extended, task)
        }
        try await Task.sleep(until: end)
        try await client.post("/external-task/\(task.id)/complete", Wire.Complete(workerId: name))
        report(.completed, task)
    }

    private func waitForTask() async throws -> Wire.ExternalTask {
        let request = Wire.FetchAndLock(
            workerId: name,
            asyncResponseTimeout: Self.pollMilliseconds,
            topics: [.init(topicName: topic, lockDuration: lockMilliseconds)]
        )
        while true {
            report(.asked, nil)
            let tasks = try await client.post(
                "/external-task/fetchAndLock",
                request,
                timeout: .milliseconds(Int64(Self.pollMilliseconds + 10_000)),
                as: [Wire.ExternalTask].self
            )
            if let task = tasks.first {
                report(.locked, task)
                return task
            }
        }
    }

    private func report(_ kind: WorkerReport.Kind, _ task: Wire.ExternalTask?) {
        let report = WorkerReport(kind: kind, moment: Date().timeIntervalSince1970, taskID: task?.id)
        guard let line = try? JSONEncoder().encode(report) else { return }
        LogOutput(fileDescriptor: STDOUT_FILENO).write(String(decoding: line, as: UTF8.self))
    }
}

/// One line of a worker's report.
struct WorkerReport: Codable, Sendable {
    enum Kind: String, Codable {
        /// A fetch was sent.
        case asked
        case locked
        case extended
        case completed
    }

    var kind: Kind
    /// When it happened, in seconds since 1970 by this machine's clock.
    var moment: Double
    var taskID: String?

    var date: Date { Date(timeIntervalSince1970: moment) }
}
