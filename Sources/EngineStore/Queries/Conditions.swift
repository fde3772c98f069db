import EngineCore
import Expressions
import FoundationEssentials
package import Postgres

/// The `where` clause of a query: constant text and parameters, joined by `and`.
///
/// What is nil does not restrict. An id that cannot be one of ours, or text that the database cannot hold, matches
/// nothing; it is never an error.
package struct Conditions: Sendable {
    /// The query with the conditions so far.
    package private(set) var query: DynamicQuery
    private var isEmpty = true
    private var opening: StaticString = " where "
    private var joint: StaticString = " and "

    /// No conditions yet.
    init(of query: DynamicQuery) { self.query = query }

    /// Adds a condition without parameters.
    mutating func add(_ fragment: StaticString) {
        begin()
        query.append(fragment)
    }

    /// Adds a condition without parameters, if `isWanted`.
    mutating func add(_ fragment: StaticString, if isWanted: Bool) {
        if isWanted { add(fragment) }
    }

    /// Adds a condition with one parameter between its beginning and its end, unless the parameter is nil.
    mutating func add(_ fragment: StaticString, _ parameter: (some PostgresEncodable)?, _ suffix: StaticString = "") {
        guard let parameter else { return }
        begin()
        query.append(fragment, parameter, suffix)
    }

    /// The column is null.
    mutating func isNull(_ column: StaticString) {
        add(column)
        query.append(" is null")
    }

    /// At least one of the conditions holds that `body` adds; if it adds none, nothing is restricted.
    mutating func anyOf(_ body: (inout Conditions) -> Void) {
        begin()
        query.append("(")
        var alternatives = Conditions(of: query)
        (alternatives.opening, alternatives.joint) = ("", " or ")
        body(&alternatives)
        query = alternatives.query
        query.append(alternatives.isEmpty ? "true)" : ")")
    }

    /// All conditions hold that `body` adds, as one condition; if it adds none, there is none.
    mutating func allOf(_ body: (inout Conditions) -> Void) {
        var trial = Conditions(of: query)
        body(&trial)
        guard !trial.isEmpty else { return }
        begin()
        query.append("(")
        var parts = Conditions(of: query)
        parts.opening = ""
        body(&parts)
        query = parts.query
        query.append(")")
    }

    /// The whole list is empty.
    mutating func matchNothing() { add("false") }

    /// Goes on with the condition that was added last.
    mutating func continueWith(
        _ fragment: StaticString,
        _ parameter: some PostgresEncodable,
        _ suffix: StaticString = ""
    ) {
        query.append(fragment, parameter, suffix)
    }

    /// Goes on after `fragment`, which contains or ends a condition; what is added must all hold.
    init(continuing conditions: Conditions, with fragment: StaticString) {
        self = conditions
        joint = " and "
        query.append(fragment)
    }

    /// Ends the condition that was added last, which `inner` has gone on with.
    mutating func end(_ inner: Conditions, with fragment: StaticString) {
        query = inner.query
        query.append(fragment)
    }

    private mutating func begin() {
        query.append(isEmpty ? opening : joint)
        isEmpty = false
    }
}

// MARK: Text

extension Conditions {
    /// The column is this text.
    mutating func equal(_ column: StaticString, _ text: String?) { compare(column, " = ", text) }

    /// The column is one of these texts; an empty list does not restrict.
    mutating func any(_ column: StaticString, _ texts: [String]?) {
        guard let texts, !texts.isEmpty else { return }
        add(column)
        query.append(" = any (", texts.filter(\.isStorable), ")")
    }

    /// The column is one of these texts, of which there may be none; nil does not restrict.
    mutating func among(_ column: StaticString, _ texts: Set<String>?) {
        guard let texts else { return }
        guard !texts.isEmpty else { return matchNothing() }
        any(column, Array(texts))
    }

    /// The column is none of these texts, and not null; an empty list does not restrict.
    mutating func none(_ column: StaticString, _ texts: [String]?) {
        guard let texts, !texts.isEmpty else { return }
        add(column)
        query.append(" <> all (", texts.filter(\.isStorable), ")")
    }

    /// The column matches a pattern: `%` stands for any text, `_` for any character, `\` makes them stand for
    /// themselves.
    mutating func like(_ column: StaticString, _ pattern: String?) {
        compare(column, " like ", pattern.map(Self.closed))
    }

    private mutating func compare(_ column: StaticString, _ comparison: StaticString, _ text: String?) {
        guard let text else { return }
        guard text.isStorable else { return matchNothing() }
        add(column)
        query.append(comparison, text)
    }

    /// A pattern that does not end in the middle of an escape, which the database refuses.
    static func closed(_ pattern: String) -> String {
        let backslashes = pattern.utf8.reversed().prefix { $0 == UInt8(ascii: "\\") }.count
        return backslashes.isMultiple(of: 2) ? pattern : pattern + "\\"
    }
}

// MARK: Identifiers

extension Conditions {
    /// The column of type `uuid` has this value.
    mutating func equal(_ column: StaticString, id text: String?) {
        guard let text else { return }
        guard let id = UUID(text: text) else { return matchNothing() }
        add(column)
        query.append(" = ", id)
    }

    /// The column of type `uuid` has one of these values; an empty list does not restrict.
    mutating func any(_ column: StaticString, ids texts: [String]?) {
        guard let texts, !texts.isEmpty else { return }
        add(column)
        query.append(" = any (", texts.compactMap(UUID.init(text:)), ")")
    }

    /// The column of type `uuid` has none of these values; an empty list does not restrict.
    mutating func none(_ column: StaticString, ids texts: [String]?) {
        guard let texts, !texts.isEmpty else { return }
        add(column)
        query.append(" <> all (", texts.compactMap(UUID.init(text:)), ")")
    }
}

// MARK: Moments

extension Conditions {
    /// The column lies before this moment.
    mutating func before(_ column: StaticString, _ instant: Instant?) { compare(column, " < ", instant) }

    /// The column lies after this moment.
    mutating func after(_ column: StaticString, _ instant: Instant?) { compare(column, " > ", instant) }

    /// The column lies within the millisecond of this moment: clients see no more of it.
    mutating func at(_ column: StaticString, _ instant: Instant?) {
        guard let instant else { return }
        compare(column, " >= ", instant)
        let (end, isTooLate) = instant.millisecondsSinceEpoch.addingReportingOverflow(1)
        guard !isTooLate else { return }
        query.append(" and ")
        query.append(column)
        query.append(" < ", PostgresTimestamp(Instant(millisecondsSinceEpoch: end)))
    }

    private mutating func compare(_ column: StaticString, _ comparison: StaticString, _ instant: Instant?) {
        guard let instant else { return }
        add(column)
        query.append(comparison, PostgresTimestamp(instant))
    }
}

// MARK: Tenants

/// Restricts a list by tenant.
///
/// In the contract the three filters are alternatives to each other.
package struct TenantFilter: Sendable, Hashable {
    /// Empty does not restrict.
    package var tenantIDIn: [String] = []
    package var withoutTenantID = false
    /// With `tenantIDIn`: also what belongs to no tenant.
    package var includesWithoutTenantID = false

    package init() {}
}

extension Conditions {
    /// The column names one of the wanted tenants.
    mutating func tenant(_ column: StaticString, _ filter: TenantFilter) {
        if filter.withoutTenantID {
            isNull(column)
        } else if !filter.tenantIDIn.isEmpty {
            add("(")
            query.append(column)
            query.append(" = any (", filter.tenantIDIn.filter(\.isStorable), ")")
            if filter.includesWithoutTenantID {
                query.append(" or ")
                query.append(column)
                query.append(" is null")
            }
            query.append(")")
        }
    }
}

// MARK: Variables

extension Conditions {
    /// How many conditions on variables of one list may be planned as joins; further ones are looked at row by row.
    ///
    /// The planner weighs the orders of joins against each other, which takes time that grows much faster than their number.
    private static let maximumJoinedVariables = 4

    /// For each filter there is a row of `variable`: `select` begins the sub-select, up to its `where` clause, and
    /// names the variable's row `v`.
    mutating func variables(_ filters: [VariableFilter], _ select: StaticString) {
        for (index, filter) in filters.enumerated() {
            add("")
            exists(select, filter, isJoined: index < Self.maximumJoinedVariables)
        }
    }

    /// For each filter there is a row in one of two places.
    mutating func variables(_ filters: [VariableFilter], _ select: StaticString, or other: StaticString) {
        for (index, filter) in filters.enumerated() {
            add("(")
            exists(select, filter, isJoined: index < Self.maximumJoinedVariables)
            query.append(" or ")
            exists(other, filter, isJoined: index < Self.maximumJoinedVariables)
            query.append(")")
        }
    }

    private mutating func exists(_ select: StaticString, _ filter: VariableFilter, isJoined: Bool) {
        query.append("exists (")
        query.append(select)
        query.append(" and ")
        filter.append(to: &query)
        // The planner makes no join of a sub-select with an offset.
        query.append(isJoined ? ")" : " offset 0)")
    }

    /// The row `v` of `variable` itself satisfies each filter.
    mutating func isVariable(_ filters: [VariableFilter]) {
        for filter in filters {
            add("")
            filter.append(to: &query)
        }
    }
}

extension String {
    /// Whether the database can hold this text: it has no character NUL.
    var isStorable: Bool { !utf8.contains(0) }
}
