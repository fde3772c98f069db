/// What one entry of a pipeline does.
///
/// A statement is named by its type alone, which costs nothing; what the type says is asked for when it is needed.
enum PipelineCommand: Sendable {
    case statement(any Statement.Type)
    indirect case query(DynamicQuery, rows: @Sendable (ResultSet) throws(PostgresError) -> any Sendable)

    /// What errors and logs call it.
    var name: String {
        switch self {
        case .statement(let type): type.name
        case .query(let query, _): query.name
        }
    }

    /// Under what it is remembered when it is prepared; nil when it never is.
    var prepared: PreparedStatement? {
        switch self {
        case .statement(let type): PreparedStatement(type)
        case .query: nil
        }
    }

    /// The text.
    var sql: String {
        switch self {
        case .statement(let type): "\(type.sql)"
        case .query(let query, _): query.sql
        }
    }

    /// The declared types of the parameters, in order.
    var parameterTypes: [PostgresType] {
        switch self {
        case .statement(let type): type.parameterTypes
        case .query(let query, _): query.types
        }
    }

    /// Reads the rows of an answer: an array of the row type that the entry was added with.
    func rows(of result: ResultSet) throws(PostgresError) -> any Sendable {
        switch self {
        case .statement(let type): try type.readRows(of: result)
        case .query(_, let rows): try rows(result)
        }
    }
}

extension Statement {
    fileprivate static func readRows(of result: ResultSet) throws(PostgresError) -> any Sendable {
        try rows.rows(of: result)
    }
}
