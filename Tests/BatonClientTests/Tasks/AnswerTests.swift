import BatonClient
import Foundation
import HTTPTypes
import JSON
import Testing

/// Answers as other servers of the contract give them.
@Suite struct `An answer` {
    private let request = FetchRequest(workerID: "w1", topics: [.init("restSimple", lockDuration: .seconds(1))])
    private let handle = TaskHandle(id: "t-1", workerID: "w1")

    private func error(_ status: Int, _ body: String, _ headerFields: HTTPFields = [:]) async -> BatonError? {
        let engine = FakeEngine { _ in
            EngineResponse(status: status, headerFields: headerFields, body: ByteStream(Array(body.utf8)))
        }
        let client = EngineClient(engine) { $0.repetition = .never }
        return await #expect(throws: BatonError.self) { try await client.complete(handle) }
    }

    @Test func `to a fetch is read with all it says`() async throws {
        let answer = """
            [{"activityId":"work","activityInstanceId":"work:4711","errorMessage":null,"errorDetails":null,
            "executionId":"4710","id":"4709","lockExpirationTime":"2025-07-08T09:31:15.250+0000",
            "createTime":"2025-07-08T15:00:05.117+0530","processDefinitionId":"restSimple:1:9",
            "processDefinitionKey":"restSimple","processDefinitionVersionTag":"v1.0","processInstanceId":"4708",
            "retries":null,"suspended":false,"workerId":"w1","topicName":"restSimple","tenantId":null,
            "variables":{"a":{"type":"Integer","value":1,"valueInfo":{}},
            "x":{"type":"File","value":null,"valueInfo":
            {"encoding":"UTF-8","filename":"r ä.txt","mimeType":"text/plain"}}},
            "priority":-9223372036854775808,"businessKey":"bk-1","extensionProperties":{"p":"v","empty":null},
            "somethingNew":[1]}]
            """
        let engine = FakeEngine { _ in EngineResponse(status: 200, body: ByteStream(Array(answer.utf8))) }
        let task = try #require(try await EngineClient(engine).fetchAndLock(request).first)
        var expected = ExternalTask(
            id: "4709",
            workerID: "w1",
            topic: "restSimple",
            variables: ["a": 1],
            businessKey: "bk-1",
            priority: .min,
            lockExpiration: Date(timeIntervalSince1970: 1_751_967_075.25),
            createTime: Date(timeIntervalSince1970: 1_751_967_005.117),
            activityID: "work",
            activityInstanceID: "work:4711",
            executionID: "4710",
            processInstanceID: "4708",
            processDefinitionID: "restSimple:1:9",
            processDefinitionKey: "restSimple",
            processDefinitionVersionTag: "v1.0",
            extensionProperties: ["p": "v", "empty": nil]
        )
        expected.variables["x"] = task.variables["x"]
        #expect(task == expected)
        #expect(
            task.variables["x"]?.file
                == FileDescription(name: "r ä.txt", mimeType: "text/plain", encoding: "UTF-8")
        )
    }

    @Test(arguments: ["{}", "[{}]", "[1", "<html>", ""]) func `that is none is told`(body: String) async throws {
        let engine = FakeEngine { _ in EngineResponse(status: 200, body: ByteStream(Array(body.utf8))) }
        let error = await #expect(throws: BatonError.self) { try await EngineClient(engine).fetchAndLock(request) }
        #expect(error?.code == .invalidAnswer)
    }

    @Test func `that is too large is not read`() async throws {
        let engine = FakeEngine { _ in EngineResponse(status: 200, body: ByteStream(Array(repeating: 32, count: 101))) }
        let client = EngineClient(engine) { $0.maximumAnswerBytes = 100 }
        let error = await #expect(throws: BatonError.self) { try await client.fetchAndLock(request) }
        #expect(error?.code == .invalidAnswer)
    }

    static let refusals: [(Int, String, BatonError.Code)] = [
        (401, "", .unauthenticated),
        (403, #"{"type":"AuthorizationException","message":"The user …","code":0}"#, .forbidden),
        (404, #"{"type":"RestException","message":"External task with id t-1 does not exist","code":0}"#, .notFound),
        (404, "<html>no such application</html>", .noEngine),
        (
            400,
            #"{"type":"RestException","message":"External Task t-1 cannot be completed by worker 'w1'. It is locked by worker 'null'.","code":0}"#,
            .notLockedByWorker
        ),
        (
            400,
            #"{"type":"RestException","message":"ENGINE-03043 ExternalTask with id 't-1' is suspended.","code":0}"#,
            .suspended
        ),
        (400, #"{"type":"InvalidRequestException","message":"","code":null}"#, .refused),
        (415, "", .refused),
        (500, #"{"type":"NullValueException","message":"workerId is null","code":0}"#, .engineFailed),
        (500, #"{"type":"OptimisticLockingException","message":"ENGINE-03005","code":1}"#, .conflict),
        (
            500,
            #"{"type":"RestException","message":"Request rejected due to shutdown of application server.","code":null}"#,
            .overloaded
        ),
        (502, "<html>", .engineFailed), (503, "", .overloaded), (429, "", .overloaded), (302, "", .invalidAnswer),
    ]

    @Test(arguments: refusals)
    func `that says no is told apart by what it says`(status: Int, body: String, code: BatonError.Code) async throws {
        let error = await error(status, body)
        #expect(error?.code == code)
        #expect(error?.status == status)
    }

    @Test func `says how long to wait`() async {
        #expect(await error(503, "", [.retryAfter: "12"])?.retryAfter == .seconds(12))
        #expect(await error(503, "", [.retryAfter: "Wed, 21 Oct 2015 07:28:00 GMT"])?.retryAfter == nil)
    }

    @Test func `is asked for at the engine that is meant`() async throws {
        let engine = FakeEngine()
        let client = EngineClient(engine) {
            $0.url += "/"
            $0.engine = "a b"
        }
        try await client.complete(TaskHandle(id: "a/b", workerID: "w"))
        #expect(engine.requests.first?.path == "/engine/a%20b/external-task/a%2Fb/complete")
    }

    @Test func `is not asked for with arguments out of their bounds`() async throws {
        let engine = FakeEngine()
        let client = EngineClient(engine)
        var requests = Array(repeating: request, count: 5)
        requests[0].maximumTasks = 0
        requests[1].topics = []
        requests[2].topics += requests[2].topics
        requests[3].pollTimeout = .seconds(1801)
        requests[4].topics[0].lockDuration = .zero
        for request in requests {
            let error = await #expect(throws: BatonError.self) { try await client.fetchAndLock(request) }
            #expect(error?.code == .invalidArgument)
        }
        await #expect(throws: BatonError.self) { try await client.extendLock(handle, for: .zero) }
        await #expect(throws: BatonError.self) { try await client.handleBPMNError(handle, BPMNError("")) }
        for failure in [
            TaskFailure("without retries"), TaskFailure("", retries: -1),
            TaskFailure("", retries: 1, retryAfter: .seconds(-1)),
            TaskFailure("", retries: 1, retryAfter: .seconds(Int64.max)),
        ] {
            let error = await #expect(throws: BatonError.self) { try await client.handleFailure(handle, failure) }
            #expect(error?.code == .invalidArgument)
        }
        #expect(engine.requests.isEmpty)
    }

    @Test func `may be reported by another process with a handle`() throws {
        let handle = TaskHandle(id: "t-1", workerID: "w", topic: "work", engineURL: "http://engine/rest")
        #expect(try JSONDecoder().decode(TaskHandle.self, from: JSONEncoder().encode(handle)) == handle)
    }
}
