import EngineStore
import JSON

extension Filters {
    /// The most queries that `orQueries` may have.
    static var maximumAlternatives: Int { 100 }

    /// The queries of `orQueries`, each read like the whole; only a body has them.
    ///
    /// - Throws: ``APIError`` also when one of them has an order, or alternatives itself.
    func alternatives<Query>(of operation: ListOperation<Query>) throws(APIError) -> [Query] {
        guard case .body(let body) = source, let entries = try body.list("orQueries") else { return [] }
        guard entries.count <= Self.maximumAlternatives else {
            throw .invalidRequest("orQueries has more than \(Self.maximumAlternatives) queries")
        }
        var queries: [Query] = []
        for entry in entries {
            guard let entry else { throw .nullPointer("A query of orQueries is null") }
            let filters = Filters(entry)
            for name in ["orQueries", "sorting", "sortBy"] where filters.has(name) {
                throw .engine("Invalid query usage: cannot set \(name) within 'or' query")
            }
            var query = Query()
            try operation.read(filters, &query)
            queries.append(query)
        }
        return queries
    }
}
