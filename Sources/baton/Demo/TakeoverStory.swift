import Foundation
import Processes

/// The story the product exists for: a node and a worker die in the middle of a task, and the work goes on.
struct TakeoverStory: Sendable {
    /// How long each lock lasts; the workers extend it every second.
    static let lockMilliseconds = 3000
    /// The most milliseconds that may pass between the end of the lock and worker 2 having the task: the interval of
    /// the safety check that finds work whose announcement was lost with its node.
    static let latestHandoverMilliseconds = 2500.0
    /// How often worker 1 extends its lock before it dies.
    static let extensions = 3

    let timeline: Timeline
    let databaseURL: String
    var credentials = ClientCredentials.none

    /// Tells the story, and removes what it made.
    ///
    /// - Throws: ``CommandFailure`` when it takes another turn than it should.
    func run() async throws {
        let ports = try FreePort.find(2)
        let nodeA = try Cast.node("node A", port: ports[0], databaseURL: databaseURL)
        let nodeB = try Cast.node("node B", port: ports[1], databaseURL: databaseURL)
        let cast = Cast(nodes: [nodeA, nodeB], credentials: credentials)
        do {
            try await play(nodeA, nodeB, cast)
        } catch {
            await cast.leave()
            if !Task.isCancelled {
                timeline.say(cast.lastWords(), in: .dim)
            }
            throw error
        }
        await cast.leave()
    }

    private func play(_ nodeA: Cast.Node, _ nodeB: Cast.Node, _ cast: Cast) async throws {
        for node in [nodeA, nodeB] {
            try await node.waitUntilReady()
            timeline.tell(
                node.name,
                "is ready on \(node.process.apiURL) (process \(node.process.child.processIdentifier))"
            )
        }
        let topic = "render-\(UUID().uuidString.prefix(8).lowercased())"
        let clientB = EngineClient(url: nodeB.process.apiURL, credentials: credentials)
        let (deployment, instance) = try await start(
            topic,
            through: EngineClient(url: nodeA.process.apiURL, credentials: credentials)
        )
        timeline.tell("node A", "has started process instance \(instance.id)")

        let worker1 = try cast.worker("worker 1", on: nodeA, topic: topic, workMilliseconds: 600_000)
        _ = try await worker1.next(.asked)
        let locked = try await worker1.next(.locked)
        let taskID = locked.taskID ?? ""
        timeline.tell("worker 1", "has locked the task through node A for \(lockSeconds)", at: locked.date)

        let worker2 = try cast.worker("worker 2", on: nodeB, topic: topic, workMilliseconds: 1000)
        let asked = try await worker2.next(.asked)
        timeline.tell("worker 2", "asks node B for work; there is none, the poll is parked", at: asked.date)

        for _ in 0..<Self.extensions {
            let extended = try await worker1.next(.extended)
            timeline.tell("worker 1", "is still working and has extended the lock by \(lockSeconds)", at: extended.date)
        }

        let killed = Date()
        nodeA.process.child.signal(SIGKILL)
        worker1.child.signal(SIGKILL)
        timeline.tell("SIGKILL", "node A and worker 1 are dead", at: killed, in: .red)

        let expiry = try await lockExpiry(ofTask: taskID, heldBy: "worker 1", through: clientB)
        timeline.tell("node B", "knows that the lock runs out at \(timeline.seconds(at: expiry)) s")

        // The next report of worker 2 must be that it has the task: had it asked again, its poll would have been lost.
        let handed = try await worker2.next(.locked)
        let handover = handed.date.timeIntervalSince(expiry) * 1000
        let milliseconds = String(format: "%.0f", handover)
        guard handed.taskID == taskID else { throw CommandFailure("Worker 2 was handed another task.") }
        guard handover > -1 else {
            throw CommandFailure("Worker 2 had the task \(milliseconds) ms before the lock ran out.")
        }
        timeline.tell(
            "worker 2",
            "has been handed the task, \(milliseconds) ms after the lock ran out",
            at: handed.date,
            in: .green
        )

        let completed = try await worker2.next(.completed)
        timeline.tell("worker 2", "has completed the task", at: completed.date)
        try await verifyHistory(of: instance, through: clientB)
        timeline.tell("node B", "says: instance completed; task created once, completed once, by worker 2")
        try await clientB.delete("/deployment/\(deployment.id)?cascade=true")

        guard handover <= Self.latestHandoverMilliseconds else {
            throw CommandFailure("The task changed hands, but \(milliseconds) ms after its lock ran out is too late.")
        }
        timeline.say(
            "\nThe work went on: worker 2 had the task \(milliseconds) ms after the dead worker's lock ran out.",
            in: .bold
        )
    }

    private var lockSeconds: String { "\(Self.lockMilliseconds / 1000) s" }

    private func start(_ topic: String, through client: EngineClient) async throws -> (Wire.Deployment, Wire.Instance) {
        let key = "takeover-\(topic)"
        var form = MultipartForm()
        form.addField("deployment-name", "take-over demo")
        form.addFile("takeover.bpmn", Data(TakeoverModel.xml(processKey: key, topic: topic).utf8))
        let deployment = try await client.post("/deployment/create", form, as: Wire.Deployment.self)
        let instance = try await client.post(
            "/process-definition/key/\(key)/start",
            Wire.Start(businessKey: "film-1"),
            as: Wire.Instance.self
        )
        return (deployment, instance)
    }

    /// When the lock of a task runs out, as the engine tells it.
    private func lockExpiry(ofTask id: String, heldBy worker: String, through client: EngineClient) async throws -> Date
    {
        let task: Wire.ExternalTask = try await client.get("/external-task/\(id)")
        guard task.workerId == worker else { throw CommandFailure("The task is not held by \(worker) any more.") }
        let format = Date.ISO8601FormatStyle(timeZoneSeparator: .omitted, includingFractionalSeconds: true)
        guard let text = task.lockExpirationTime, let expiry = try? format.parse(text) else {
            throw CommandFailure("Node B does not say when the lock runs out.")
        }
        return expiry
    }

    private func verifyHistory(of instance: Wire.Instance, through client: EngineClient) async throws {
        let past: Wire.HistoricInstance = try await client.get("/history/process-instance/\(instance.id)")
        guard past.state == "COMPLETED" else {
            throw CommandFailure("The instance should be COMPLETED, but is \(past.state).")
        }
        let log: [Wire.TaskLogEntry] = try await client.get(
            "/history/external-task-log?processInstanceId=\(instance.id)"
        )
        guard log.filter(\.creationLog).count == 1, log.filter(\.successLog).map(\.workerId) == ["worker 2"] else {
            throw CommandFailure("The log should hold one creation and one success, by worker 2.")
        }
    }
}
