package import EngineCore
package import Postgres

/// Locks all versions of a key, as ``LockDefinitions`` does.
package struct LockDefinitionsOfKey: Statement {
    package var key: String
    /// Nil means definitions that belong to none.
    package var tenantID: String?
    /// Whether the tenant does not matter.
    package var ofAnyTenant: Bool

    package static let sql: SQLText = """
        select id
        from process_definition
        where key = $1 and ($3 or tenant_id is not distinct from $2)
        order by id
        for update
        """

    package static let parameters = ParameterEncoder(\Self.key, \.tenantID, \.ofAnyTenant)
    package static let rows = RowDecoder(DefinitionID.self)

    package init(_ key: String, tenantID: String?, ofAnyTenant: Bool = false) {
        self.key = key
        self.tenantID = tenantID
        self.ofAnyTenant = ofAnyTenant
    }
}
