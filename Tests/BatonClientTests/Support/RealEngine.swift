import BatonClient
import EmbeddedPostgres
import Foundation
import Logging
import Processes

/// Real nodes on a real database, for tests that break them.
final class RealEngine: Sendable {
    private static let baton = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("baton").path
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A node's process, ready.
    struct Node: Sendable {
        let process: NodeProcess
        let port: Int

        var url: String { process.apiURL }

        func signal(_ number: Int32) { process.child.signal(number) }
    }

    private let databaseURL: String
    private let started = Shared([Node]())

    private init(databaseURL: String) {
        self.databaseURL = databaseURL
    }

    /// Calls `body` with an engine that has a database of its own and no nodes yet; ends all of it afterwards.
    static func run(_ body: (RealEngine) async throws -> Void) async throws {
        let cluster = try await PrivateCluster.start(.disposable, logger: quiet)
        let result: Result<Void, any Error>
        do {
            try await cluster.createDatabase("baton")
            let engine = RealEngine(databaseURL: cluster.databaseURL(database: "baton"))
            do {
                result = .success(try await body(engine))
            } catch {
                result = .failure(error)
            }
            for node in engine.started.value {
                node.signal(SIGCONT)
                await node.process.child.terminate(within: .seconds(10))
            }
        } catch {
            result = .failure(error)
        }
        await cluster.stop()
        try result.get()
    }

    /// Starts a node and waits until it is ready.
    func node(port: Int? = nil) async throws -> Node {
        let port = try port ?? FreePort.find(1)[0]
        let process = try NodeProcess.start(
            executable: Self.baton,
            port: port,
            databaseURL: databaseURL,
            arguments: ["--log-level", "warning", "--log-format", "text"]
        )
        let node = Node(process: process, port: port)
        started.change { $0.append(node) }
        // Ends with the process.
        Task { await process.follow { _ in } }
        guard await process.becomesReady() else { throw BatonError(.unreachable, message: "The node has ended") }
        return node
    }
}

extension EngineClient {
    /// Deploys a process with one external task, and an error event that leads to another end.
    func deployWork(topic: String = "work") async throws {
        let model = """
            <?xml version="1.0" encoding="UTF-8"?>
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
              <error id="none" errorCode="nothing"/>
              <process id="\(topic)" isExecutable="true" camunda:historyTimeToLive="P1D">
                <startEvent id="start"/>
                <sequenceFlow id="a" sourceRef="start" targetRef="task"/>
                <serviceTask id="task" camunda:type="external" camunda:topic="\(topic)"/>
                <boundaryEvent id="failed" attachedToRef="task"><errorEventDefinition errorRef="none"/></boundaryEvent>
                <sequenceFlow id="b" sourceRef="task" targetRef="end"/>
                <sequenceFlow id="c" sourceRef="failed" targetRef="otherEnd"/>
                <endEvent id="end"/>
                <endEvent id="otherEnd"/>
              </process>
            </definitions>
            """
        let deployed = try await deploy(DeploymentRequest(name: topic, files: ["\(topic).bpmn": Array(model.utf8)]))
        guard deployed.processDefinitions.map(\.key) == [topic] else {
            throw BatonError(.invalidAnswer, message: "\(deployed)")
        }
    }
}
