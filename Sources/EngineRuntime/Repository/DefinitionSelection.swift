/// Which definitions an operation is for.
package enum DefinitionSelection: Sendable, Hashable {
    /// The one with an id, or the latest of a key and tenant.
    case one(DefinitionReference)
    /// All versions of a key that belong to a tenant; a nil tenant means those that belong to none.
    case versions(of: String, tenantID: String?)
    /// All versions of a key, whatever their tenant.
    case allVersions(of: String)
}
