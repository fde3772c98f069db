import Expressions
import Postgres
import Testing

@testable import EngineStore

@Suite struct `The text of a query` {
    @Test func `has nothing of what clients send`() {
        var query = ExternalTaskQuery()
        query.topicName = "'; drop table x; --"
        query.processDefinitionNameLike = "'%"
        query.processVariables = [VariableFilter(name: "\"n", comparison: .equal, value: .text("';"))]
        #expect(!query.list.sql.contains("drop"))
        #expect(!query.list.sql.contains("'%"))
        #expect(!query.list.sql.contains("\"n"))
        #expect(query.list.parameters.count == 4)
    }

    @Test func `has no condition for what is not set`() {
        var query = ProcessInstanceQuery()
        query.processDefinitionKeyIn = []
        #expect(!query.list.sql.contains("where"))
    }

    @Test(arguments: ["", "no-id", "0b0f0e5e9d6b4b439a845d6a4b3c2d1e", "{0b0f0e5e-9d6b-4b43-9a84-5d6a4b3c2d1}"])
    func `matches nothing for an id that cannot be one of ours`(id: String) {
        var query = ExternalTaskQuery()
        query.externalTaskID = id
        #expect(query.list.sql.contains("where false"))
        #expect(query.list.parameters.count == 0)
    }

    @Test func `matches nothing for text that the database cannot hold`() {
        var query = ExternalTaskQuery()
        query.topicName = "a\u{0}b"
        #expect(query.list.sql.contains("where false"))
    }

    @Test(arguments: [("a%", "a%"), ("a\\%", "a\\%"), ("a\\", "a\\\\"), ("a\\\\", "a\\\\"), ("\\", "\\\\")])
    func `has patterns that the database takes`(pattern: String, closed: String) {
        #expect(Conditions.closed(pattern) == closed)
    }

    @Test func `ends with the tie-breaker and the page`() {
        var query = ProcessInstanceQuery()
        query.sorting = [Sorting(.businessKey, .descending), Sorting(.definitionKey, .ascending)]
        query.page = Page(firstResult: 5, maxResults: 10)
        #expect(
            query.list.sql.hasSuffix(
                " order by p.business_key desc, p.definition_key, p.sequence limit $1 offset $2"
            )
        )
        #expect(!query.count.sql.contains("order by"))
    }
}

@Suite struct `A page` {
    @Test(
        arguments: [
            (nil, nil, false), (0, 1, false), (nil, 0, true), (nil, -1, true), (-1, nil, true), (-1, 5, true),
            (7, nil, false),
        ] as [(Int?, Int?, Bool)]
    )
    func `is empty without a place for any row`(first: Int?, maximum: Int?, isEmpty: Bool) {
        #expect(Page(firstResult: first, maxResults: maximum).isEmpty == isEmpty)
    }
}
