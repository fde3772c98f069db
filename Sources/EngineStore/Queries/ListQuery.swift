package import Postgres

/// A question for rows of one kind: conditions that must all hold, an order, a page.
///
/// The text is made of constant fragments; what clients send only ever becomes parameters.
package protocol ListQuery: Sendable {
    /// What a row becomes.
    associatedtype View: Sendable
    /// What the list can be sorted by.
    associatedtype Field: SortField

    /// What errors and logs call the query.
    static var name: StaticString { get }
    /// The columns that ``rows`` reads, in order.
    static var columns: StaticString { get }
    /// How a row is read.
    static var rows: RowDecoder<View> { get }
    /// The order without sorting; it leaves no two rows equal.
    static var defaultOrder: StaticString { get }
    /// The order of what the wanted sorting leaves equal; by default ``defaultOrder``.
    static var tieBreaker: StaticString { get }

    /// The wanted order; empty is the default one.
    var sorting: [Sorting<Field>] { get set }
    /// The wanted part of the list; it does not concern counts.
    var page: Page { get set }

    /// A question without any condition.
    init()
    /// Appends the `from` clause.
    func appendSource(to query: inout DynamicQuery)
    /// Adds the conditions that are set.
    func restrict(_ rows: inout Conditions)
    /// Appends the wanted order to `order by`, each part with a comma behind it; nothing is the default order.
    func appendSorting(to query: inout DynamicQuery)
    /// Whether ``appendSorting(to:)`` appends nothing.
    var isUnsorted: Bool { get }
}

extension ListQuery {
    package static var tieBreaker: StaticString { defaultOrder }

    package var isUnsorted: Bool { sorting.isEmpty }

    package func appendSorting(to query: inout DynamicQuery) {
        for sorting in sorting { sorting.append(to: &query) }
    }

    /// The statement that reads the page.
    package var list: DynamicQuery {
        var query = DynamicQuery(Self.name, "select ")
        query.append(Self.columns)
        appendBody(to: &query)
        query.append(" order by ")
        appendSorting(to: &query)
        query.append(isUnsorted ? Self.defaultOrder : Self.tieBreaker)
        if let maxResults = page.maxResults { query.append(" limit ", maxResults) }
        if let firstResult = page.firstResult { query.append(" offset ", firstResult) }
        return query
    }

    /// The statement that counts all rows that satisfy the conditions.
    package var count: DynamicQuery {
        var query = DynamicQuery(Self.name, "select count(*)")
        appendBody(to: &query)
        return query
    }

    /// Appends a select of one column of all rows that satisfy the conditions, for another statement to go on with.
    func appendSelect(_ column: StaticString, to query: inout DynamicQuery) {
        query.append(" select ")
        query.append(column)
        appendBody(to: &query)
    }

    private func appendBody(to query: inout DynamicQuery) {
        appendSource(to: &query)
        var conditions = Conditions(of: query)
        restrict(&conditions)
        query = conditions.query
    }
}
