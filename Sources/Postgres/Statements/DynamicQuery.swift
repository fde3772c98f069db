/// A query that is put together while the program runs, from fragments of constant text and from parameters.
///
/// Fragments are `StaticString`, so nothing that comes from outside can become SQL. It runs unprepared.
package struct DynamicQuery: Sendable {
    /// What errors and logs call the query.
    package let name: String
    /// The text so far.
    package private(set) var sql: String
    /// The parameters so far.
    package private(set) var parameters = ParameterWriter()
    /// The declared types of the parameters, in order.
    private(set) var types: [PostgresType] = []

    /// A query that begins with `fragment`.
    package init(_ name: StaticString, _ fragment: StaticString = "") {
        self.name = "\(name)"
        sql = "\(fragment)"
    }

    /// Appends constant text.
    package mutating func append(_ fragment: StaticString) { sql += "\(fragment)" }

    /// Appends constant text and the next parameter, as in `append(" and topic = ", topic)`; `suffix` follows the
    /// parameter, as in `append(" and topic = any (", topics, ")")`.
    package mutating func append<Value: PostgresEncodable>(
        _ fragment: StaticString,
        _ parameter: Value,
        _ suffix: StaticString = ""
    ) {
        parameters.append(parameter)
        types.append(Value.postgresType)
        sql += "\(fragment)$\(parameters.count)\(suffix)"
    }

    /// Appends constant text, quoted identifier, constant text.
    package mutating func append(
        _ fragment: StaticString,
        identifier: SQLIdentifier,
        _ suffix: StaticString = ""
    ) {
        sql += "\(fragment)\(identifier.quoted)\(suffix)"
    }
}
