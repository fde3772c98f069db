import EngineRuntime
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import Postgres
import TestSupport
import Testing

@testable import EngineAPI

/// Batches over HTTP, on a node that carries out nothing by itself unless a test wants it to.
@Suite(.database, .serialized) struct `Batches over HTTP` {
    @Test func `are carried out job by job on demand, seed first`() async throws {
        try await withCaller { caller in
            let tasks = try await caller.tasks(102)
            let query = #"{"retries":5,"externalTaskQuery":{"topicName":"work"}}"#
            let batch = try await caller.post("/external-task/retries-async", query)
            #expect(
                batch.objectValue?.keys.map(\.self) == [
                    "id", "type", "totalJobs", "jobsCreated", "batchJobsPerSeed", "invocationsPerBatchJob",
                    "seedJobDefinitionId", "monitorJobDefinitionId", "batchJobDefinitionId", "suspended", "tenantId",
                    "createUserId", "startTime", "executionStartTime",
                ]
            )
            #expect(batch["type"]?.stringValue == "set-external-task-retries")
            #expect(batch["totalJobs"]?.int64Value == Int64(tasks.count))
            #expect(batch["jobsCreated"] == 0)
            #expect(batch["batchJobsPerSeed"] == 100)
            #expect(batch["invocationsPerBatchJob"] == 1)
            #expect(batch["suspended"] == false)
            let id = batch.text("id")

            try await caller.execute(batch, "seedJobDefinitionId")
            #expect(try await caller.get("/batch/\(id)")["jobsCreated"] == 100)
            #expect(try await caller.count("/job", of: batch, "batchJobDefinitionId") == 100)
            #expect(try await caller.count("/job", of: batch, "monitorJobDefinitionId") == 0)
            try await caller.execute(batch, "seedJobDefinitionId")
            #expect(try await caller.get("/batch/\(id)")["jobsCreated"] == 102)
            #expect(try await caller.count("/job", of: batch, "seedJobDefinitionId") == 0)
            #expect(try await caller.count("/job", of: batch, "monitorJobDefinitionId") == 1)

            try await caller.execute(batch, "monitorJobDefinitionId")
            try await caller.execute(batch, "batchJobDefinitionId", limit: 2)
            let statistics = try await caller.get("/batch/statistics?batchId=\(id)")[0]
            #expect(statistics?["remainingJobs"] == 100)
            #expect(statistics?["completedJobs"] == 2)
            #expect(statistics?["failedJobs"] == 0)
            #expect(statistics?["executionStartTime"]?.stringValue != nil)
            #expect(try await caller.get("/external-task/count?withRetriesLeft=true")["count"] == 102)
            try await caller.execute(batch, "batchJobDefinitionId", limit: 100)
            try await caller.execute(batch, "monitorJobDefinitionId")

            try await caller.send(.get, "/batch/\(id)", expecting: 404, "Batch with id '\(id)' does not exist")
            #expect(try await caller.get("/job/count")["count"] == 0)
            #expect(try await caller.get("/history/batch/\(id)")["endTime"]?.stringValue != nil)
            #expect(try await caller.get("/history/batch/count?completed=true&batchId=\(id)")["count"] == 1)
            #expect(try await caller.get("/history/batch/count?completed=false&batchId=\(id)")["count"] == 0)
            try await caller.send(.delete, "/history/batch/\(id)", expecting: 204)
            let message = "Unable to delete historic batch with id '\(id)'"
            try await caller.send(.delete, "/history/batch/\(id)", expecting: 400, message)
            let missing = "Historic batch with id '\(id)' does not exist"
            try await caller.send(.get, "/history/batch/\(id)", expecting: 404, missing)
        }
    }

    @Test func `keep jobs that fail, with an incident, until somebody decides`() async throws {
        try await withCaller { caller in
            let body = #"{"retries":-1,"externalTaskIds":["nobody"]}"#
            let batch = try await caller.post("/external-task/retries-async", body)
            try await caller.execute(batch, "seedJobDefinitionId")
            let definition = batch.text("batchJobDefinitionId")
            let job = try #require(try await caller.get("/job?jobDefinitionId=\(definition)")[0])
            #expect(job["retries"] == 3)
            #expect(job["batchId"] == batch["id"])
            let path = "/job/" + job.text("id")
            let reason = "The number of retries cannot be negative: retries is not greater than or equal to 0"
            for left in [2, 1, 0] as [JSONValue] {
                try await caller.send(.post, path + "/execute", expecting: 404, reason)
                #expect(try await caller.get(path)["retries"] == left)
            }
            #expect(try await caller.get(path)["exceptionMessage"]?.stringValue == reason)
            #expect(try await caller.text(path + "/stacktrace") == reason)
            let incident = try await caller.get("/incident?incidentType=failedJob")[0]
            #expect(incident?["configuration"] == job["id"])
            #expect(incident?["jobDefinitionId"]?.stringValue == definition)
            #expect(incident?["incidentMessage"]?.stringValue == reason)
            #expect(incident?["processInstanceId"] == .null)
            #expect(try await caller.get("/incident/count?jobDefinitionIdIn=\(definition)")["count"] == 1)
            let id = batch.text("id")
            #expect(try await caller.get("/batch/statistics?batchId=\(id)")[0]?["failedJobs"] == 1)
            #expect(try await caller.get("/batch/count?withFailures=true")["count"] == 1)
            #expect(try await caller.get("/batch/statistics/count?withoutFailures=true")["count"] == 0)
            #expect(try await caller.get("/job/count?noRetriesLeft=true&withException=true")["count"] == 1)

            try await caller.send(.put, path + "/retries", #"{"retries":2}"#, expecting: 204)
            #expect(try await caller.get("/incident/count?incidentType=failedJob")["count"] == 0)
            #expect(try await caller.get("/history/incident/count?resolved=true")["count"] == 1)
            try await caller.send(.put, path + "/retries", #"{"retries":0}"#, expecting: 204)
            #expect(try await caller.get("/incident/count?incidentType=failedJob")["count"] == 1)
            try await caller.send(.put, "/job-definition/\(definition)/retries", #"{"retries":1}"#, expecting: 204)
            #expect(try await caller.get(path)["retries"] == 1)
            try await caller.send(.delete, path, expecting: 204)
            try await caller.send(.delete, path, expecting: 404)
            try await caller.execute(batch, "monitorJobDefinitionId")
            #expect(try await caller.get("/batch/count")["count"] == 0)
        }
    }

    @Test(.database) func `have jobs that are suspended, due and of a priority as operators wish`() async throws {
        try await withCaller { caller in
            let batch = try await caller.post(
                "/external-task/retries-async",
                #"{"retries":1,"externalTaskIds":["a","b"]}"#
            )
            try await caller.execute(batch, "seedJobDefinitionId")
            let definition = batch.text("batchJobDefinitionId")
            let jobs = try #require(try await caller.ids("/job?jobDefinitionId=\(definition)"))
            let (first, second) = ("/job/\(jobs[0])", "/job/\(jobs[1])")

            try await caller.send(.put, first + "/suspended", #"{"suspended":true}"#, expecting: 204)
            #expect(try await caller.get(first)["suspended"] == true)
            #expect(try await caller.ids("/job?suspended=true") == [jobs[0]])
            #expect(try await caller.get("/job/count?active=true&jobDefinitionId=\(definition)")["count"] == 1)
            #expect(try await caller.get("/job/count?executable=true&jobDefinitionId=\(definition)")["count"] == 1)
            // A missing member is false.
            try await caller.send(.put, first + "/suspended", "{}", expecting: 204)
            #expect(try await caller.get(first)["suspended"] == false)

            let all = #"{"jobDefinitionId":"\#(definition)","suspended":true}"#
            try await caller.send(.put, "/job/suspended", all, expecting: 204)
            #expect(try await caller.ids("/job?suspended=true") == jobs)
            let none = #"{"processDefinitionKey":"any","suspended":false}"#
            try await caller.send(.put, "/job/suspended", none, expecting: 204)
            #expect(try await caller.ids("/job?suspended=true") == jobs)
            let path = "/batch/" + batch.text("id") + "/suspended"
            try await caller.send(.put, path, #"{"suspended":true}"#, expecting: 204)
            try await caller.send(.put, first + "/suspended", #"{"suspended":false}"#, expecting: 204)
            #expect(try await caller.get(first)["suspended"] == true)
            try await caller.send(.put, path, #"{"suspended":false}"#, expecting: 204)
            #expect(try await caller.get("/job/count?suspended=true")["count"] == 0)

            let moment = "2100-01-01T00:00:00.000+0000"
            let due = #"{"duedate":"\#(moment)","cascade":true}"#
            try await caller.send(.put, second + "/duedate", due, expecting: 204)
            #expect(try await caller.get(second)["dueDate"]?.stringValue == moment)
            #expect(try await caller.ids("/job?executable=true&jobDefinitionId=\(definition)") == [jobs[0]])
            #expect(try await caller.ids("/job?dueDates=gt_2099-01-01T00:00:00.000%2B0000") == [jobs[1]])
            #expect(try await caller.ids("/job?dueDates=lt_2099-01-01T00:00:00.000%2B0000") == [])
            #expect(try await caller.get("/job/count?timers=true")["count"] == 0)
            let byDate = "/job?jobDefinitionId=\(definition)&sortBy=jobDueDate&sortOrder=asc"
            #expect(try await caller.ids(byDate)?.first == jobs[1])
            try await caller.send(.put, second + "/retries", #"{"retries":2}"#, expecting: 204)
            #expect(try await caller.get(second)["dueDate"]?.stringValue == moment)
            try await caller.send(.put, second + "/retries", #"{"retries":2,"dueDate":null}"#, expecting: 204)
            #expect(try await caller.get(second)["dueDate"] == .null)
            let retries = #"{"retries":0,"dueDate":"\#(moment)"}"#
            try await caller.send(.put, second + "/retries", retries, expecting: 204)
            #expect(try await caller.get(second)["dueDate"]?.stringValue == moment)
            let failed = #"{"retries":3,"dueDate":null}"#
            try await caller.send(.put, "/job-definition/\(definition)/retries", failed, expecting: 204)
            #expect(try await caller.get(second)["dueDate"] == .null)
            try await caller.send(.put, second + "/duedate", due, expecting: 204)
            try await caller.send(.put, second + "/duedate", "{}", expecting: 204)
            #expect(try await caller.get(second)["dueDate"] == .null)

            try await caller.send(.put, second + "/priority", #"{"priority":9000000000}"#, expecting: 204)
            #expect(try await caller.get(second)["priority"] == 9_000_000_000)
            #expect(try await caller.ids("/job?priorityHigherThanOrEquals=1") == [jobs[1]])
            #expect(
                try await caller.ids("/job?priorityLowerThanOrEquals=0&jobDefinitionId=\(definition)") == [jobs[0]]
            )
            let byPriority = "/job?jobDefinitionId=\(definition)&sortBy=jobPriority&sortOrder=desc"
            #expect(try await caller.ids(byPriority) == [jobs[1], jobs[0]])
        }
    }

    @Test(.database) func `are listed, sorted, paged and filtered`() async throws {
        try await withCaller { caller in
            var ids: [String] = []
            for _ in 0..<3 {
                let body = #"{"retries":1,"externalTaskIds":["a","b"]}"#
                ids.append(try await caller.post("/external-task/retries-async", body).text("id"))
            }
            #expect(try await caller.ids("/batch") == ids)
            #expect(try await caller.ids("/batch?sortBy=batchId&sortOrder=desc") == ids.sorted(by: >))
            #expect(try await caller.ids("/batch?firstResult=1&maxResults=1") == [ids[1]])
            #expect(try await caller.ids("/batch/statistics?sortBy=batchId&sortOrder=asc") == ids.sorted())
            #expect(try await caller.ids("/history/batch?sortBy=startTime&sortOrder=desc") == ids.reversed())
            #expect(try await caller.ids("/batch?tenantIdIn=t") == [])
            #expect(try await caller.ids("/batch?withoutTenantId=true&type=set-external-task-retries") == ids)
            #expect(try await caller.ids("/batch?type=other") == [])
            #expect(try await caller.ids("/batch?createdBy=demo") == [])
            #expect(try await caller.ids("/batch?startedBefore=2001-01-01T00:00:00.000%2B0000") == [])
            #expect(try await caller.ids("/batch?startedAfter=2001-01-01T00:00:00.000%2B0000") == ids)

            let path = "/batch/\(ids[0])"
            try await caller.send(.put, path + "/suspended", #"{"suspended":true}"#, expecting: 204)
            #expect(try await caller.ids("/batch?suspended=true") == [ids[0]])
            #expect(try await caller.ids("/batch?suspended=false") == [ids[1], ids[2]])
            #expect(try await caller.get("/job-definition/count?suspended=true")["count"] == 3)
            #expect(try await caller.get("/job/count?suspended=true")["count"] == 1)
            let since = "/job/count?createTimes=gt_2001-01-01T00:00:00.000%2B0000"
            #expect(try await caller.get(since)["count"] == 3)
            #expect(try await caller.get(since + ",lt_2002-01-01T00:00:00.000%2B0000")["count"] == 0)
            #expect(try await caller.get("/job/count?dueDates=gt_2001-01-01T00:00:00.000%2B0000")["count"] == 0)
            let created = #"{"createTimes":[{"operator":"gt","value":"2001-01-01T00:00:00.000+0000"}]}"#
            #expect(try await caller.post("/job/count", created)["count"] == 3)
            let types = try await caller.get("/job-definition?jobConfiguration=\(ids[1])&sortBy=jobType&sortOrder=asc")
            #expect(
                types.arrayValue?.map { $0.text("jobType") }
                    == ["batch-monitor-job", "batch-seed-job", "set-external-task-retries"]
            )
            try await caller.send(.put, path + "/suspended", #"{"suspended":false}"#, expecting: 204)
            #expect(try await caller.get("/batch/count?suspended=true")["count"] == 0)
            for id in ids { try await caller.send(.delete, "/batch/\(id)?cascade=true", expecting: 204) }
            #expect(try await caller.get("/history/batch/count")["count"] == 0)
            #expect(try await caller.get("/job/count")["count"] == 0)
        }
    }

    @Test(
        arguments: [
            (.get, "/batch/x", nil, 404, "Batch with id 'x' does not exist"),
            (.get, "/batch?sortBy=startTime&sortOrder=asc", nil, 400, nil),
            (.get, "/batch?sortBy=batchId", nil, 400, nil),
            (.get, "/batch?startedBefore=yesterday", nil, 400, nil),
            (.get, "/batch?suspended=perhaps", nil, 400, nil),
            (.get, "/history/batch?sortBy=type&sortOrder=asc", nil, 400, nil),
            (.delete, "/batch/x", nil, 400, "Unable to delete batch with id 'x'"),
            (.put, "/batch/x/suspended", #"{"suspended":true}"#, 400, "Unable to suspend batch with id 'x'"),
            (.put, "/batch/x/suspended", #"{"suspended":false}"#, 400, "Unable to activate batch with id 'x'"),
            (.put, "/batch/x/suspended", "{}", 500, nil),
            (.get, "/job/x", nil, 404, "Job with id x does not exist"),
            (.get, "/job/x/stacktrace", nil, 404, "No job found with id x: job is null"),
            (.post, "/job/x/execute", nil, 404, "No job found with id 'x'"),
            (.delete, "/job/x", nil, 404, "No job found with id 'x': job is null"),
            (.put, "/job/x/retries", #"{"retries":1}"#, 500, "No job found with id 'x'."),
            (
                .put, "/job/x/retries", #"{"retries":-1}"#, 500,
                "The number of job retries must be a non-negative Integer, but '-1' has been provided."
            ),
            (.put, "/job/x/retries", "{}", 500, nil),
            (.put, "/job/x/retries", #"{"retries":1,"dueDate":"soon"}"#, 400, nil),
            (.put, "/job/x/duedate", "{}", 500, "No job found with id 'x'."),
            (
                .put, "/job/01890000-0000-7000-8000-000000000000/duedate", "{}", 500,
                "No job found with id '01890000-0000-7000-8000-000000000000'."
            ),
            (.put, "/job/x/duedate", #"{"duedate":"soon"}"#, 400, nil),
            (.put, "/job/x/duedate", #"{"cascade":[]}"#, 400, nil),
            (.put, "/job/x/priority", "{}", 400, "Priority for job 'x' cannot be null."),
            (.put, "/job/x/priority", #"{"priority":"high"}"#, 400, nil),
            (.put, "/job/x/priority", #"{"priority":1}"#, 404, "No job found with id 'x': job is null"),
            (.put, "/job/x/suspended", #"{"suspended":[]}"#, 400, nil),
            (.put, "/job/x/suspended", #"{"suspended":true}"#, 204, nil),
            (.put, "/job/suspended", #"{"jobDefinitionId":"x","suspended":true}"#, 204, nil),
            (.put, "/job/suspended", #"{"suspended":true}"#, 400, nil),
            (
                .put, "/job/suspended", #"{"jobDefinitionId":"x","processInstanceId":"y"}"#, 400,
                """
                Exactly one of jobDefinitionId, processInstanceId, processDefinitionId and processDefinitionKey must be \
                set, and no jobId
                """
            ),
            (.put, "/job/suspended", #"{"jobDefinitionId":"x","jobId":"y"}"#, 400, nil),
            (.put, "/job-definition/x/retries", #"{"retries":1}"#, 500, nil),
            (.get, "/job-definition/x", nil, 404, "Job Definition with id x does not exist"),
            (.get, "/job?sortBy=nope&sortOrder=asc", nil, 400, nil),
            (.get, "/job?createTimes=gt_yesterday", nil, 400, nil),
            (
                .get, "/job?createTimes=eq_2001-01-01T00:00:00.000%2B0000", nil, 400,
                "Invalid created date comparator specified: eq"
            ),
            (.post, "/job", #"{"createTimes":[{"operator":"gt"}]}"#, 500, nil),
            (
                .post, "/external-task/retries-async", #"{"externalTaskIds":["x"]}"#, 400,
                "The number of retries cannot be null."
            ),
            (.post, "/external-task/retries-async", #"{"retries":1}"#, 400, "externalTaskIds is empty"),
            (
                .post, "/external-task/retries-async", #"{"retries":1,"externalTaskQuery":{"topicName":"nope"}}"#, 400,
                "externalTaskIds is empty"
            ),
            (
                .post, "/external-task/retries-async", #"{"retries":1,"externalTaskIds":[null]}"#, 400,
                "External task id cannot be null: externalTaskIds contains null value"
            ),
            (
                .put, "/external-task/retries", #"{"externalTaskIds":["x"]}"#, 400,
                "The number of retries cannot be null."
            ),
            (
                .put, "/external-task/retries", #"{"retries":1,"processInstanceIds":["x"]}"#, 400,
                "externalTaskIds is empty"
            ),
            (
                .put, "/external-task/retries", #"{"retries":-1,"externalTaskIds":["x"]}"#, 400,
                "The number of retries cannot be negative: retries is not greater than or equal to 0"
            ),
            (
                .put, "/external-task/retries", #"{"retries":1,"externalTaskIds":["x"]}"#, 404,
                "Cannot find external task with id x: externalTask is null"
            ),
        ] as [(HTTPRequest.Method, String, String?, Int, String?)]
    )
    func `refuse`(
        method: HTTPRequest.Method,
        path: String,
        body: String?,
        status: Int,
        message: String?
    ) async throws {
        try await withCaller { caller in
            try await caller.send(method, path, body, expecting: status, message)
            #expect(try await caller.get("/batch/count")["count"] == 0)
        }
    }

    @Test func `run by themselves; thousands of tasks are set at once, too, or none of them`() async throws {
        try await withCaller(runsJobs: true) { caller in
            let tasks = try await caller.tasks(3_000)
            let instance = #"{"retries":4,"processInstanceQuery":{"processDefinitionKey":"many"}}"#
            try await caller.send(.put, "/external-task/retries", instance, expecting: 204)
            let listed = try await caller.get("/external-task").arrayValue ?? []
            let changed = Set(listed.filter { $0["retries"] == 4 }.map { $0.text("id") })
            #expect(changed.isSuperset(of: tasks))

            let unknown = JSONValue.array((tasks + ["nobody"]).map(JSONValue.string)).text
            let none = #"{"retries":0,"externalTaskIds":\#(unknown)}"#
            let message = "Cannot find external task with id nobody: externalTask is null"
            try await caller.send(.put, "/external-task/retries", none, expecting: 404, message)
            #expect(try await caller.get("/external-task/count?noRetriesLeft=true")["count"] == 0)

            let batch = try await caller.post("/external-task/retries-async", none)
            #expect(batch["totalJobs"] == 3_001)
            let path = "/batch/statistics?batchId=" + batch.text("id")
            while try await caller.get(path)[0]?["remainingJobs"] != 1 { try Task.checkCancellation() }
            #expect(try await caller.get("/external-task/count?noRetriesLeft=true")["count"] == 3_000)
            #expect(try await caller.get("/incident/count?incidentType=failedExternalTask")["count"] == 3_000)
        }
    }

    /// Runs a node, and hands over a caller of its API.
    private func withCaller(
        runsJobs: Bool = false,
        _ body: @escaping @Sendable (BatchCaller) async throws -> Void
    ) async throws {
        let logger = TestServer.logger
        var configuration = Engine.Configuration(database: Database.current.settings)
        configuration.runsJobs = runsJobs
        let engine = Engine(configuration: configuration, logger: logger)
        let api = EngineAPI(engine: engine, configuration: .init(), logger: logger)
        let application = Application(responder: api.responder, server: api.server, logger: logger)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await engine.run()
                return false
            }
            group.addTask {
                try await application.test(.live) { try await body(BatchCaller(client: $0)) }
                return true
            }
            while let isDone = try await group.next() {
                guard isDone else { continue }
                engine.drain()
                group.cancelAll()
                return
            }
        }
    }
}

/// Calls the API and reads its answers.
private struct BatchCaller: Sendable {
    let client: any TestClientProtocol

    func get(_ path: String) async throws -> JSONValue { try await send(.get, path, expecting: 200) }
    func post(_ path: String, _ body: String) async throws -> JSONValue {
        try await send(.post, path, body, expecting: 200)
    }

    func ids(_ path: String) async throws -> [String]? { try await get(path).arrayValue?.map { $0.text("id") } }

    func text(_ path: String) async throws -> String {
        String(buffer: try await client.execute(uri: "/engine-rest" + path, method: .get).body)
    }

    /// How many jobs a batch has of one definition.
    func count(_ path: String, of batch: JSONValue, _ definition: String) async throws -> Int64? {
        try await get("\(path)/count?jobDefinitionId=\(batch.text(definition))")["count"]?.int64Value
    }

    /// Carries out jobs of one definition.
    func execute(_ batch: JSONValue, _ definition: String, limit: Int = 1) async throws {
        let jobs = try await get("/job?jobDefinitionId=\(batch.text(definition))&maxResults=\(limit)")
        #expect(jobs.arrayValue?.count == limit)
        for job in jobs.arrayValue ?? [] {
            try await send(.post, "/job/\(job.text("id"))/execute", expecting: 204)
        }
    }

    /// Makes an instance with so many tasks, and tells their ids.
    func tasks(_ count: Int) async throws -> [String] {
        let model = """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
              <process id="many" isExecutable="true">
                <startEvent id="start"/>
                <serviceTask id="work" camunda:type="external" camunda:topic="work">
                  <multiInstanceLoopCharacteristics><loopCardinality>\(count)</loopCardinality></multiInstanceLoopCharacteristics>
                </serviceTask>
                <sequenceFlow id="a" sourceRef="start" targetRef="work"/>
              </process>
            </definitions>
            """
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"many.bpmn\"\r\n\r\n\(model)\r\n--b--\r\n"
        let answer = try await client.execute(
            uri: "/engine-rest/deployment/create",
            method: .post,
            headers: [.contentType: "multipart/form-data; boundary=b"],
            body: ByteBuffer(string: form)
        )
        #expect(answer.status == .ok, "\(String(buffer: answer.body))")
        let instance = try await post("/process-definition/key/many/start", "{}").text("id")
        return try await ids("/external-task?processInstanceId=\(instance)") ?? []
    }

    @discardableResult
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        expecting status: Int,
        _ message: String? = nil
    ) async throws -> JSONValue {
        let answer = try await client.execute(
            uri: "/engine-rest" + path,
            method: method,
            headers: body == nil ? [:] : [.contentType: "application/json"],
            body: body.map { ByteBuffer(string: $0) }
        )
        #expect(answer.status.code == status, "\(method) \(path): \(String(buffer: answer.body))")
        guard answer.body.readableBytes > 0 else { return .null }
        let json = try JSONParser.parse(Array(buffer: answer.body))
        if let message { #expect(json["message"]?.stringValue == message) }
        return json
    }
}

extension JSONValue {
    fileprivate func text(_ name: String) -> String { self[name]?.stringValue ?? "" }
}
