import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

/// What a list needs to be an operation: how its filters are read, who answers, how a row is written.
struct ListOperation<Query: ListQuery>: Sendable {
    typealias Write = @Sendable (Query.View, ValueForm, inout JSONWriter) throws -> Void

    /// Reads the filters, without order and page.
    var read: @Sendable (Filters, inout Query) throws(APIError) -> Void
    var list: @Sendable (Engine, Query) async throws -> [Query.View]
    var count: @Sendable (Engine, Query) async throws -> Int
    var write: Write
    /// Reads the order, where it is more than a list of fields.
    var sort: (@Sendable (Filters, inout Query) throws(APIError) -> Void)?
    /// The list as HAL, where the contract has it; GET alone chooses it by the Accept header, and caches are told.
    var hal: (@Sendable (Call, Query, [Query.View]) async throws -> Answer)?
    /// Leaves out what whoever is limited to topics may not see; nil where that does not matter.
    var limit: (@Sendable (Set<String>, inout Query) -> Void)?

    /// The question that a request asks.
    func query(_ filters: Filters) throws(APIError) -> Query {
        var query = Query()
        if let sort { try sort(filters, &query) } else { query.sorting = try filters.sorting() }
        try read(filters, &query)
        return query
    }

    fileprivate func answerList(_ call: Call, _ filters: Filters) async throws -> Answer {
        let page = try call.query.page()
        var query = try query(filters, for: call)
        query.page = page
        let rows = try await list(call.engine, query)
        if let hal, call.mediaType == .hal { return try await hal(call, query, rows).varyingByAccept }
        let form: ValueForm = call.query.flag("deserializeValues", default: true) ? .deserialized : .serialized
        let answer = try Answer.json(list: rows) { try write($0, form, &$1) }
        return hal != nil ? answer.varyingByAccept : answer
    }

    fileprivate func answerCount(_ call: Call, _ filters: Filters) async throws -> Answer {
        .count(Int64(try await count(call.engine, try query(filters, for: call))))
    }

    private func query(_ filters: Filters, for call: Call) throws(APIError) -> Query {
        var query = try query(filters)
        if let topics = call.permittedTopics { limit?(topics, &query) }
        return query
    }
}

extension RouteTable {
    /// Adds a list and its count at `path`, by GET and, where the contract has it, by POST.
    mutating func addList<Query>(_ path: String, alsoByPost: Bool = true, _ operation: ListOperation<Query>) {
        get(path, produces: operation.hal == nil ? .json : .kinds([.json, .hal])) { call in
            try await operation.answerList(call, Filters(call.query))
        }
        get(path + "/count") { call in try await operation.answerCount(call, Filters(call.query)) }
        guard alsoByPost else { return }
        var byPost = operation
        byPost.hal = nil
        post(path, produces: .json) { [byPost] call in
            try await byPost.answerList(call, Filters(try await call.fields()))
        }
        post(path + "/count", produces: .json) { call in
            try await operation.answerCount(call, Filters(try await call.fields()))
        }
    }
}

extension Answer {
    /// The answer to an operation that could have answered in another form.
    var varyingByAccept: Answer {
        var answer = self
        answer.headers[.vary] = "Accept"
        return answer
    }
}
