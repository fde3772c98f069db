import EngineCore
import EngineStore
import Expressions
import JSON
import Testing

@testable import EngineAPI

@Suite struct `The order of a list` {
    private typealias Field = ExternalTaskQuery.Field

    @Test func `is read from a query string`() throws {
        let filters = Filters(QueryParameters("sortBy=taskPriority&sortOrder=desc"))
        #expect(try filters.sorting(by: Field.self) == [Sorting(.taskPriority, .descending)])
        #expect(try Filters(QueryParameters("")).sorting(by: Field.self).isEmpty)
    }

    @Test func `is read from a body, alone and as a list`() throws {
        let filters = Filters(
            try fields(
                #"{"sortBy":"id","sortOrder":"asc","sorting":[{"sortBy":"createTime","sortOrder":"desc"}]}"#
            )
        )
        #expect(
            try filters.sorting(by: Field.self) == [Sorting(.id, .ascending), Sorting(.createTime, .descending)]
        )
    }

    @Test(arguments: [
        ("sortBy=id", "Only a single sorting parameter specified. sortBy and sortOrder required"),
        ("sortOrder=asc", "Only a single sorting parameter specified. sortBy and sortOrder required"),
        ("sortBy=foo&sortOrder=asc", "Cannot set query parameter 'sortBy' to value 'foo'"),
        ("sortBy=id&sortOrder=up", "Cannot set query parameter 'sortOrder' to value 'up'"),
    ])
    func `is refused in a query string when it makes no sense`(query: String, message: String) {
        let filters = Filters(QueryParameters(query))
        #expect(throws: APIError.invalidRequest(message)) { try filters.sorting(by: Field.self) }
    }

    @Test(arguments: [
        (#"{"sorting":[{"sortBy":"foo","sortOrder":"asc"}]}"#, "You should call any of the orderBy methods first"),
        (#"{"sorting":[null]}"#, "You should call any of the orderBy methods first"),
        (#"{"sorting":[{"sortBy":"id"}]}"#, "Invalid query: call asc() or desc()"),
    ])
    func `is refused in a body when it makes no sense`(body: String, message: String) throws {
        let filters = Filters(try fields(body))
        let error = #expect(throws: APIError.self) { try filters.sorting(by: Field.self) }
        #expect(error?.type == "NotValidException")
        #expect(error?.message.hasPrefix(message) == true)
    }

    @Test func `has the contract's names`() {
        #expect(
            Set(Field.allCases.map(\.rawValue)) == [
                "id", "lockExpirationTime", "processInstanceId", "processDefinitionId", "processDefinitionKey",
                "tenantId", "taskPriority", "createTime",
            ]
        )
    }
}

@Suite struct `A condition on variables` {
    private func variables(_ query: String) throws -> [VariableFilter] {
        try Filters(QueryParameters(query)).variables("processVariables")
    }

    private func variables(body: String) throws -> [VariableFilter] {
        try Filters(try fields(body)).variables("processVariables")
    }

    @Test func `is read from a query string, as text or a moment`() throws {
        #expect(
            try variables("processVariables=a_eq_7,b_like_x%25,c_gt_1970-01-01T00:00:01.000%2B0000") == [
                VariableFilter(name: "a", comparison: .equal, value: .text("7")),
                VariableFilter(name: "b", comparison: .like, value: .text("x%")),
                VariableFilter(
                    name: "c",
                    comparison: .greater,
                    value: .date(Instant(millisecondsSinceEpoch: 1000))
                ),
            ]
        )
    }

    @Test func `can ignore case`() throws {
        let filter = try variables("processVariables=a_eq_x&variableNamesIgnoreCase=true&variableValuesIgnoreCase=true")
        #expect(filter.first?.ignoresNameCase == true)
        #expect(filter.first?.ignoresValueCase == true)
    }

    @Test(arguments: ["n", "a_eq", "a_eq_", "a_eq_x_y", "a_eq_x,n"])
    func `has three parts in a query string`(text: String) {
        let message =
            "Cannot set query parameter 'processVariables' to value '\(text)': "
            + "variable query parameter has to have format KEY_OPERATOR_VALUE."
        #expect(throws: APIError.invalidRequest(message)) { try variables("processVariables=\(text)") }
    }

    @Test(
        arguments: [
            ("7", .whole(7)), ("7.5", .fraction(7.5)), ("true", .boolean(true)), ("null", .null), ("\"x\"", .text("x")),
        ] as [(String, VariableFilter.Comparand)]
    )
    func `keeps the type of its value in a body`(json: String, value: VariableFilter.Comparand) throws {
        let filters = try variables(body: #"{"processVariables":[{"name":"a","operator":"eq","value":\#(json)}]}"#)
        #expect(filters == [VariableFilter(name: "a", comparison: .equal, value: value)])
    }

    @Test func `must have a known operator`() {
        #expect(throws: APIError.invalidRequest("Invalid process variable comparator specified: foo")) {
            try variables("processVariables=a_foo_b")
        }
    }

    @Test(arguments: [
        (#"{"name":"a","operator":"gt","value":null}"#, "Booleans and null cannot be used in 'greater than' condition"),
        (#"{"name":"a","operator":"like","value":true}"#, "Booleans and null cannot be used in 'like' condition"),
        (#"{"name":"a","operator":"eq","value":{"x":1}}"#, "Object values cannot be used to query"),
        (#"{"name":"a","operator":"eq","value":[]}"#, "Object values cannot be used to query"),
    ])
    func `must fit its value`(condition: String, message: String) {
        #expect(throws: APIError.engine(message)) { try variables(body: #"{"processVariables":[\#(condition)]}"#) }
    }

    @Test(arguments: [#"{"operator":"eq","value":1}"#, #"{"name":"a","value":1}"#, "null"])
    func `must have a name and an operator`(condition: String) {
        #expect(throws: APIError.self) { try variables(body: #"{"processVariables":[\#(condition)]}"#) }
    }
}

@Suite struct `Filters of a list` {
    @Test(arguments: [("off=false", false), ("", false), ("off=x", true), ("off=true", true), ("off=", true)])
    func `are refused when they cannot be honoured`(query: String, isRefused: Bool) {
        let filters = Filters(QueryParameters(query))
        #expect(filters.has("off") == isRefused)
        if isRefused {
            #expect(throws: APIError.invalidRequest("The filter 'off' is not supported yet.")) {
                try filters.refuse("off")
            }
        }
    }

    @Test func `that are empty lists or off do not count as set`() throws {
        let filters = Filters(try fields(#"{"a":[],"b":false,"c":null}"#))
        #expect(!filters.has("a", "b", "c", "d"))
    }

    @Test func `have no nulls in lists`() throws {
        let filters = Filters(try fields(#"{"activityIdIn":["a",null]}"#))
        let error = #expect(throws: APIError.self) { try filters.texts("activityIdIn") }
        #expect(error?.type == "NullValueException")
        #expect(error?.message == "activityIdIn contains null value")
    }

    @Test func `cannot have U+0000`() {
        let filters = Filters(QueryParameters("topicName=a%00b"))
        #expect(throws: APIError.self) { try filters.text("topicName") }
        #expect(throws: APIError.self) { try filters.texts("topicName") }
    }
}

@Suite struct `A download` {
    @Test(arguments: [
        ("r.txt", "attachment; filename=\"r.txt\"; filename*=UTF-8''r.txt"),
        ("r ä.txt", "attachment; filename=\"r ä.txt\"; filename*=UTF-8''r%20%C3%A4.txt"),
        ("a\r\nb", "attachment; filename=\"ab\"; filename*=UTF-8''a%0D%0Ab"),
    ])
    func `names its file`(name: String, disposition: String) {
        #expect(Answer.attachment(named: name) == disposition)
    }

    @Test func `is binary`() {
        #expect(throws: APIError.invalidRequest("Value of variable with id x is not a binary value.")) {
            try Answer.content(of: .string("s"), id: "x")
        }
    }
}
