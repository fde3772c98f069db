import Postgres

extension PostgresError {
    /// Whether the database refused the content of what was asked: trying again cannot help.
    var isRefusedForGood: Bool {
        guard let category = sqlState?.category else { return false }
        return ["22", "23"].contains(category)
    }
}
