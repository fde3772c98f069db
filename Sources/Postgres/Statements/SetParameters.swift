/// Sets the database's settings for the session, or for the open transaction only.
struct SetParameters: Statement {
    var names: [String]
    var values: [String]
    var onlyInTransaction: Bool

    static let sql: SQLText = """
        select set_config(name, value, $3)
        from unnest($1, $2) as setting (name, value)
        """

    static let parameters = ParameterEncoder(\Self.names, \.values, \.onlyInTransaction)

    init(_ settings: [String: String], onlyInTransaction: Bool) {
        names = Array(settings.keys)
        values = Array(settings.values)
        self.onlyInTransaction = onlyInTransaction
    }
}
