import Postgres

/// Which part of a list is wanted.
package struct Page: Sendable, Hashable {
    /// How many rows to leave out; nil is none.
    package var firstResult: Int?
    /// How many rows to take; nil is all.
    package var maxResults: Int?

    package init(firstResult: Int? = nil, maxResults: Int? = nil) {
        self.firstResult = firstResult
        self.maxResults = maxResults
    }

    /// Everything.
    package static let all = Page()

    /// Whether no row can be on the page: a limit that is not positive, or a negative beginning.
    ///
    /// See the REST reference, *Sorting, paging, errors*.
    package var isEmpty: Bool { maxResults.map { $0 <= 0 } ?? false || firstResult.map { $0 < 0 } ?? false }
}

/// The order of a list by one field.
package struct Sorting<Field: SortField>: Sendable, Hashable {
    package var field: Field
    package var direction: SortDirection

    package init(_ field: Field, _ direction: SortDirection) {
        self.field = field
        self.direction = direction
    }
}

extension Sorting {
    func append(to query: inout DynamicQuery) {
        query.append(field.column)
        query.append(direction == .ascending ? ", " : " desc, ")
    }
}

/// Upwards or downwards; the raw values are the contract's.
package enum SortDirection: String, Sendable, Hashable {
    case ascending = "asc"
    case descending = "desc"
}

/// What a list can be sorted by; the raw values are the contract's `sortBy` values.
package protocol SortField: RawRepresentable<String>, CaseIterable, Sendable, Hashable {
    /// What stands in `order by`.
    var column: StaticString { get }
}
