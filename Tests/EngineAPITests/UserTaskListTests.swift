import HTTPTypes
import HummingbirdTesting
import JSON
import TestSupport
import Testing

@testable import EngineAPI

/// Lists of user tasks over HTTP, on a real database.
@Suite(.database, .serialized) struct `A list of user tasks` {
    private static let model = """
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
            xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://example.org/lists">
          <process id="lists" isExecutable="true">
            <startEvent id="start"/>
            <userTask id="work" name="${name}" camunda:assignee="${who}" camunda:candidateGroups="${groups}"
                camunda:priority="${priority}"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="work"/>
          </process>
        </definitions>
        """

    /// Four tasks: `Apple` of ann; `Pear` and `Plum` for groups; `Fig` for nobody.
    private func withTasks(_ body: @escaping @Sendable (APICaller) async throws -> Void) async throws {
        try await APICaller.run(deploying: Self.model) { caller in
            if try await caller.count("/task/count?processDefinitionKey=lists") == 0 {
                for (name, who, groups, priority) in [
                    ("Apple", "\"ann\"", "", 10), ("Pear", "null", "it,hr", 30), ("Plum", "null", "it", 20),
                    ("Fig", "null", "", 40),
                ] {
                    let start = """
                        {"variables":{"name":{"value":"\(name)"},"who":{"value":\(who)},"groups":{"value":"\(groups)"},
                         "priority":{"value":\(priority)}}}
                        """
                    try await caller.post("/process-definition/key/lists/start", start, expecting: 200)
                }
            }
            try await body(caller)
        }
    }

    @Test(
        arguments: [
            ("assignee=ann", ["Apple"]),
            ("assigneeLike=a%25", ["Apple"]),
            ("assigneeNotIn=ann", ["Fig", "Pear", "Plum"]),
            ("assigned=true", ["Apple"]),
            ("candidateGroup=it", ["Pear", "Plum"]),
            ("candidateGroups=hr,x", ["Pear"]),
            ("candidateGroupLike=h%25", ["Pear"]),
            ("withCandidateGroups=true", ["Pear", "Plum"]),
            ("withoutCandidateGroups=true", ["Apple", "Fig"]),
            ("involvedUser=ann", ["Apple"]),
            ("minPriority=30", ["Fig", "Pear"]),
            ("nameLike=p%25", ["Pear", "Plum"]),
            ("nameNotLike=p%25", ["Apple", "Fig"]),
            ("processVariables=name_eq_Fig", ["Fig"]),
            ("active=true&unassigned=true", ["Fig", "Pear", "Plum"]),
            ("suspended=true", []),
            ("updatedAfter=2020-01-01T00:00:00.000%2B0000", ["Apple", "Fig", "Pear", "Plum"]),
            ("parentTaskId=nope", []),
            ("caseInstanceId=c", []),
        ] as [(String, [String])]
    )
    func `is filtered`(query: String, names: [String]) async throws {
        try await withTasks { caller in
            let tasks = try await caller.get("/task?\(query)&processDefinitionKey=lists")
            #expect(tasks.names.sorted() == names)
            #expect(try await caller.count("/task/count?\(query)&processDefinitionKey=lists") == Int64(names.count))
        }
    }

    @Test(
        arguments: [
            (#"{"orQueries":[{"assignee":"ann","candidateGroup":"hr"}]}"#, ["Apple", "Pear"]),
            (
                #"{"minPriority":15,"orQueries":[{"assignee":"ann","candidateGroup":"it","priority":40}]}"#,
                ["Fig", "Pear", "Plum"]
            ),
            (#"{"orQueries":[{"name":"apple","nameLike":"p%"},{"maxPriority":20}]}"#, ["Apple", "Plum"]),
            (#"{"orQueries":[{}]}"#, ["Apple", "Fig", "Pear", "Plum"]),
            (#"{"orQueries":[{"createdOn":"2001-01-01T00:00:00.000+0000","name":"fig"}]}"#, ["Fig"]),
            (
                #"{"orQueries":[{"processVariables":[{"name":"priority","operator":"lt","value":20}],"assignee":"zoe"}]}"#,
                ["Apple"]
            ),
        ] as [(String, [String])]
    )
    func `takes alternatives`(body: String, names: [String]) async throws {
        try await withTasks { caller in
            let tasks = try await caller.post("/task", body, expecting: 200)
            #expect(tasks.names.sorted() == names)
            let count = try await caller.post("/task/count", body, expecting: 200)
            #expect(count["count"] == .integer(Int64(names.count)))
        }
    }

    @Test(
        arguments: [
            (#"{"sorting":[{"sortBy":"priority","sortOrder":"desc"}]}"#, ["Fig", "Pear", "Plum", "Apple"]),
            (#"{"sorting":[{"sortBy":"nameCaseInsensitive","sortOrder":"asc"}]}"#, ["Apple", "Fig", "Pear", "Plum"]),
            (
                """
                {"sorting":[{"sortBy":"processVariable","sortOrder":"desc","parameters":{"variable":"name","type":"String"}}]}
                """, ["Plum", "Pear", "Fig", "Apple"]
            ),
            (
                """
                {"sorting":[{"sortBy":"executionVariable","sortOrder":"asc","parameters":{"variable":"priority","type":"integer"}}]}
                """, ["Apple", "Plum", "Pear", "Fig"]
            ),
            (
                """
                {"sorting":[{"sortBy":"taskVariable","sortOrder":"asc","parameters":{"variable":"x","type":"Double"}},
                 {"sortBy":"caseInstanceVariable","sortOrder":"asc"},{"sortBy":"lastUpdated","sortOrder":"desc"}]}
                """, ["Fig", "Plum", "Pear", "Apple"]
            ),
        ] as [(String, [String])]
    )
    func `is sorted`(body: String, names: [String]) async throws {
        try await withTasks { caller in
            let tasks = try await caller.post("/task", body, expecting: 200)
            #expect(tasks.names == names)
        }
    }

    @Test(
        arguments: [
            (#"{"assigneeExpression":"${'ann'}"}"#, 400),
            (#"{"orQueries":[{"orQueries":[]},{"sortBy":"id"}]}"#, 500),
            (#"{"orQueries":[null]}"#, 500),
            (#"{"includeAssignedTasks":true}"#, 500),
            (#"{"sorting":[{"sortBy":"processVariable","sortOrder":"asc"}]}"#, 500),
            (
                #"{"sorting":[{"sortBy":"taskVariable","sortOrder":"asc","parameters":{"variable":"v","type":"Bytes"}}]}"#,
                400
            ),
            (#"{"delegationState":"nope"}"#, 400),
        ] as [(String, Int)]
    )
    func `is refused when it makes no sense`(body: String, status: Int) async throws {
        try await withTasks { caller in try await caller.post("/task", body, expecting: status) }
    }

    @Test func `comes as HAL when that is asked for`() async throws {
        try await withTasks { caller in
            let hal = "application/hal+json"
            let answer = try await caller.answer(.get, "/task?assignee=ann&maxResults=1", accept: hal)
            #expect(answer.headers[.contentType] == hal && answer.headers[.vary] == "Accept")
            let list = try answer.json
            #expect(list["_links"] == ["self": ["href": "/task"]])
            #expect(list["count"] == 1)
            #expect(list["_embedded"]?.memberNames == ["processDefinition", "task"])
            let task = try #require(list["_embedded"]?["task"]?[0])
            let id = try #require(task["id"]?.stringValue)
            #expect(
                task["_links"]?.memberNames == [
                    "assignee", "execution", "identityLink", "processDefinition", "processInstance", "self",
                ]
            )
            #expect(task["_links"]?["assignee"] == ["href": "/user/ann"])
            #expect(task["_embedded"] == .null && task["lastUpdated"] == nil && task["taskState"] == nil)
            let definition = try #require(list["_embedded"]?["processDefinition"]?[0])
            #expect(definition["key"] == "lists" && definition["category"] == "http://example.org/lists")
            #expect(definition["_links"]?.memberNames == ["deployment", "resource", "self"])

            let single = try await caller.answer(
                .get,
                "/task/\(id)",
                accept: "application/hal+json, application/json;q=0.5"
            )
            #expect(single.headers[.contentType] == hal)
            let embedded = try single.json["_embedded"]
            #expect(embedded?.memberNames == ["identityLink", "processDefinition"])
            #expect(embedded?["identityLink"]?[0]?["type"] == "assignee")

            let none = try await caller.answer(.get, "/task?assignee=nobody", accept: hal)
            let empty = try none.json
            #expect(empty["_embedded"] == ["task": []])
            #expect(empty["count"] == 0)
        }
    }

    @Test func `comes as JSON when both will do, and HAL stays with what has it`() async throws {
        try await withTasks { caller in
            let both = "application/hal+json, application/json, */*"
            let answer = try await caller.answer(.get, "/task?assignee=ann", accept: both)
            #expect(answer.headers[.contentType] == "application/json" && answer.headers[.vary] == "Accept")
            let tasks = try answer.json
            #expect(tasks.arrayValue?.count == 1)
            let hal = "application/hal+json"
            #expect(try await caller.answer(.get, "/task/count", accept: hal).status == .notAcceptable)
            #expect(try await caller.answer(.post, "/task", "{}", accept: hal).status == .notAcceptable)
            #expect(
                try await caller.answer(.get, "/task/nope", accept: hal).headers[.contentType] == "application/json"
            )
        }
    }
}

extension JSONValue {
    fileprivate var names: [String] { (arrayValue ?? []).compactMap { $0["name"]?.stringValue } }
}
