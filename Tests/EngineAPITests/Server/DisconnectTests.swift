import JSON
import TestSupport
import Testing

@testable import EngineAPI

/// Clients that go while their request is under way, on a real database.
@Suite(.database, .serialized, .timeLimit(.minutes(2))) struct `A client that goes` {
    private static let model = """
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
            xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
          <process id="order" isExecutable="true">
            <startEvent id="start"/>
            <serviceTask id="charge" camunda:type="external" camunda:topic="charge"/>
            <endEvent id="paid"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="charge"/>
            <sequenceFlow id="b" sourceRef="charge" targetRef="paid"/>
          </process>
        </definitions>
        """

    private static func post(_ path: String, _ body: String, _ type: String = "application/json") -> String {
        """
        POST /engine-rest/\(path) HTTP/1.1\r
        Host: localhost\r
        Content-Type: \(type)\r
        Content-Length: \(body.utf8.count)\r
        \r
        \(body)
        """
    }

    private static let deploy = post(
        "deployment/create",
        "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"order.bpmn\"\r\n\r\n\(model)\r\n--b--\r\n",
        "multipart/form-data; boundary=b"
    )
    private static let start = post("process-definition/key/order/start", "{}")

    /// Waits, and locks for longer than the tests may take.
    private static func poll(by worker: String) -> String {
        let topics = #"[{"topicName":"charge","lockDuration":600000}]"#
        let body = #"{"workerId":"\#(worker)","maxTasks":5,"asyncResponseTimeout":20000,"topics":\#(topics)}"#
        return post("external-task/fetchAndLock", body)
    }

    /// The ids of the tasks that a poll was answered with.
    private static func tasks(_ answer: RawConnection.Answer?) throws -> [String] {
        let json = try JSONParser.parse(try #require(answer).body)
        return (json.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
    }

    @Test(arguments: 0..<5)
    func `leaves its tasks to another, whenever it goes`(yields: Int) async throws {
        try await LiveServer.with(database: Database.current.settings) { server in
            try await server.connect { connection in
                try await connection.send(Self.deploy)
                #expect(try await connection.answer()?.status == 200)
                for _ in 0..<10 {
                    try await server.connect { rude in
                        try await rude.send(Self.poll(by: "rude"))
                        try await connection.send(Self.start)
                        for _ in 0..<(yields * yields * 50) { await Task.yield() }
                    }
                    #expect(try await connection.answer()?.status == 200)
                    try await connection.send(Self.poll(by: "patient"))
                    let tasks = try Self.tasks(try await connection.answer())
                    #expect(tasks.count == 1)
                    for task in tasks {
                        try await connection.send(
                            Self.post("external-task/\(task)/complete", #"{"workerId":"patient"}"#)
                        )
                        #expect(try await connection.answer()?.status == 204)
                    }
                }
            }
        }
    }

    @Test func `after sending all its requests gets their effects`() async throws {
        try await LiveServer.with(database: Database.current.settings) { server in
            try await server.connect { connection in
                try await connection.send(Self.deploy)
                #expect(try await connection.answer()?.status == 200)
                try await server.connect { sender in
                    try await sender.send(Self.start + Self.start + Self.start)
                    sender.finishSending()
                    for _ in 0..<3 { #expect(try await sender.answer()?.status == 200) }
                    #expect(try await sender.answer() == nil)
                }
                try await connection.send(Self.poll(by: "patient"))
                #expect(try Self.tasks(try await connection.answer()).count == 3)
            }
        }
    }
}
