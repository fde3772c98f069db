package import Postgres

/// Says whether a schema exists.
package struct FindSchema: Statement {
    package var name: String

    package static let sql: SQLText = """
        select exists (select from pg_namespace where nspname = $1::text)
        """

    package static let parameters = ParameterEncoder(\Self.name)
    package static let rows = RowDecoder(Bool.self)

    package init(name: String) { self.name = name }
}
