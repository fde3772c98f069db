import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import EngineAPI

@Suite(.database, .serialized) struct `Lists of process instances` {
    /// Instances `k-0` to `k-3` with a variable `n`; the last one has ended, and `k-1` has an incident.
    private func instances(_ api: APIUnderTest) async throws {
        try await api.deployTask("list")
        for number in 0..<4 {
            let body = #"{"businessKey":"k-\#(number)","variables":{"n":{"value":\#(number)}}}"#
            let (_, task) = try await api.startTask("list", body)
            if number == 1 {
                try await api.post("/external-task/\(task)/failure", #"{"workerId":"w","errorMessage":"no"}"#)
            }
            if number == 3 { try await api.post("/external-task/\(task)/complete", #"{"workerId":"w"}"#) }
        }
    }

    private func keys(_ reply: APIUnderTest.Reply) -> [String] {
        (reply.json.arrayValue ?? []).compactMap { $0["businessKey"]?.stringValue }.sorted()
    }

    @Test func `take alternatives, of each of which one condition must hold`() async throws {
        try await APIUnderTest.with { api in
            try await instances(api)
            func n(_ number: Int) -> String { #"[{"name":"n","operator":"eq","value":\#(number)}]"# }
            for (body, running, all) in [
                (#"{"orQueries":[{"variables":\#(n(0)),"incidentMessage":"no"}]}"#, ["k-0", "k-1"], ["k-0", "k-1"]),
                (
                    #"{"orQueries":[{"variables":\#(n(0)),"incidentMessage":"no"},{"variables":\#(n(1))}]}"#,
                    ["k-1"], ["k-1"]
                ),
                (#"{"orQueries":[{}]}"#, ["k-0", "k-1", "k-2"], ["k-0", "k-1", "k-2", "k-3"]),
                (
                    #"{"processDefinitionKeyIn":["list"],"orQueries":[{"variables":\#(n(3)),"active":true,"incidentType":"x"}]}"#,
                    ["k-0", "k-1", "k-2"], ["k-0", "k-1", "k-2", "k-3"]
                ),
                (#"{"orQueries":[{"incidentMessage":"no","incidentType":"x"}]}"#, [], []),
            ] {
                #expect(keys(try await api.send(.post, "/process-instance", body)) == running, "\(body)")
                #expect(keys(try await api.send(.post, "/history/process-instance", body)) == all, "\(body)")
                #expect(
                    try await api.post("/history/process-instance/count", body)["count"]?.int64Value == Int64(all.count)
                )
            }
        }
    }

    @Test(arguments: ["/process-instance", "/history/process-instance"])
    func `take up to a hundred conditions on variables`(path: String) async throws {
        try await APIUnderTest.with { api in
            try await instances(api)
            // All but the last one hold for two; the last one leaves one of them.
            func body(_ count: Int) -> String {
                let wide = (0..<(count - 1)).map { #"{"name":"n","operator":"gteq","value":\#(1 - $0)}"# }
                let last = #"{"name":"n","operator":"lt","value":2}"#
                return #"{"variables":[\#((wide + [last]).joined(separator: ","))]}"#
            }
            for count in [7, 100] {
                let found = try await api.send(.post, path, body(count))
                #expect(Set(keys(found)) == ["k-1"], "\(found.json)")
            }
            let reply = try await api.send(.post, path, body(101))
            #expect(reply.status == 400)
            #expect(reply.error?.message == "variables has more than 100 conditions")
        }
    }

    @Test(arguments: ["/process-instance", "/history/process-instance"])
    func `refuse alternatives with an order or with alternatives of their own`(path: String) async throws {
        try await APIUnderTest.with { api in
            for body in [
                #"{"orQueries":[{"orQueries":[{"active":true}]}]}"#,
                #"{"orQueries":[{"sorting":[{"sortBy":"instanceId","sortOrder":"asc"}]}]}"#,
            ] {
                let reply = try await api.send(.post, path, body)
                #expect(reply.error?.type == "ProcessEngineException")
            }
            let reply = try await api.send(.post, path, #"{"orQueries":[null]}"#)
            #expect(reply.error?.type == "NullPointerException")
        }
    }
}
