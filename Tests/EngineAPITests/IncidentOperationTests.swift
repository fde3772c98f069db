import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import EngineAPI

@Suite(.database, .serialized) struct `An incident over HTTP` {
    /// A task without retries, and its incident.
    private func incident(_ api: APIUnderTest, _ key: String) async throws -> (task: String, id: String) {
        try await api.deployTask(key)
        let (instance, task) = try await api.startTask(key)
        try await api.post("/external-task/\(task)/failure", #"{"workerId":"w","errorMessage":"no","retries":0}"#)
        let incident = try await api.get("/incident?processInstanceId=\(instance)")[0]
        #expect(incident?["incidentType"]?.stringValue == "failedExternalTask")
        #expect(incident?["configuration"]?.stringValue == task)
        #expect(incident?["annotation"] == .null)
        return (task, incident?["id"]?.stringValue ?? "")
    }

    @Test func `keeps what is noted about it, also when it has ended`() async throws {
        try await APIUnderTest.with { api in
            let (task, id) = try await incident(api, "note")
            let path = "/incident/\(id)/annotation"
            #expect(try await api.send(.put, path, #"{"annotation":"first"}"#).status == 204)
            #expect(try await api.send(.put, path, #"{"annotation":"called the bank"}"#).status == 204)
            #expect(try await api.get("/incident/\(id)")["annotation"]?.stringValue == "called the bank")
            let open = try await api.get("/history/incident?incidentId=\(id)")[0]
            #expect(open?["annotation"]?.stringValue == "called the bank")
            #expect(open?["open"] == true)

            try await api.post("/external-task/\(task)/complete", #"{"workerId":"w"}"#)
            let closed = try await api.get("/history/incident?incidentId=\(id)")
            #expect(closed.arrayValue?.count == 1)
            #expect(closed[0]?["annotation"]?.stringValue == "called the bank")
            #expect(closed[0]?["resolved"] == true)
            #expect(try await api.send(.put, path, "{}").status == 400)
        }
    }

    @Test(arguments: ["DELETE", #"{"annotation":null}"#, "{}"])
    func `loses its note when that is cleared`(how: String) async throws {
        try await APIUnderTest.with { api in
            let (_, id) = try await incident(api, "clear")
            let path = "/incident/\(id)/annotation"
            #expect(try await api.send(.put, path, #"{"annotation":"x"}"#).status == 204)
            let reply = how == "DELETE" ? try await api.send(.delete, path) : try await api.send(.put, path, how)
            #expect(reply.status == 204)
            #expect(try await api.get("/incident/\(id)")["annotation"] == .null)
        }
    }

    @Test func `that is not there, or too long a note, is refused`() async throws {
        try await APIUnderTest.with { api in
            for id in ["nope", "01a1ff00-0000-7000-8000-000000000000"] {
                let missing = APIUnderTest.SeenError(400, "BadUserRequestException", "incident is null", 0)
                #expect(try await api.send(.put, "/incident/\(id)/annotation", "{}").error == missing)
                #expect(try await api.send(.delete, "/incident/\(id)/annotation").error == missing)
            }
            let (_, id) = try await incident(api, "long")
            let note = String(repeating: "x", count: 4001)
            let reply = try await api.send(.put, "/incident/\(id)/annotation", "{\"annotation\":\"\(note)\"}")
            #expect(reply.error?.type == "ProcessEnginePersistenceException")
            #expect(reply.error?.code == 10_002)
            #expect(try await api.send(.put, "/incident/\(id)/annotation", #"{"annotation":{}}"#).status == 400)
        }
    }

    @Test func `of an external task cannot be resolved by hand`() async throws {
        try await APIUnderTest.with { api in
            let (_, id) = try await incident(api, "resolve")
            #expect(
                try await api.send(.delete, "/incident/\(id)").error
                    == .init(400, "InvalidRequestException", "Cannot resolve an incident of type failedExternalTask")
            )
            #expect(try await api.send(.delete, "/incident/nope").status == 404)
        }
    }
}
