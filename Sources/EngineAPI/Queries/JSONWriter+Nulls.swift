import JSON

extension JSONWriter {
    /// Writes members that the contract has and this server has nothing to say in.
    mutating func nulls(_ names: String...) {
        for name in names {
            key(name)
            null()
        }
    }
}
