package import EngineCore
package import Postgres

/// Finds the definitions that a batch of starts asks for, by id or as the latest version of a key and tenant, and keeps
/// them from being deleted until the transaction ends.
///
/// What is not there has no row. A definition whose deletion is under way is waited for, and is not there when the
/// deletion commits; a deletion waits for the starts, and then sees their instances.
package struct ResolveDefinitions: Statement {
    /// A definition by its id, or the latest version of a key.
    package enum Reference: Sendable, Hashable {
        case id(DefinitionID)
        /// A nil tenant means definitions that belong to none.
        case key(String, tenantID: String?)
    }

    /// What a reference stands for.
    package struct Row: Sendable, Hashable {
        /// The place of the reference among those asked for, from 0.
        package var ordinal: Int
        package var id: DefinitionID
        package var key: String
        package var version: Int32
        package var tenantID: String?
        package var isSuspended: Bool
        /// The database's clock, read with the definition locked: the moment of a start.
        package var moment: PostgresTimestamp
    }

    package var references: [Reference]

    package static let sql: SQLText = """
        select
            wanted.ordinal - 1, coalesce(named.id, latest.id), coalesce(named.key, latest.key),
            coalesce(named.version, latest.version), coalesce(named.tenant_id, latest.tenant_id),
            coalesce(named.suspended, latest.suspended), clock_timestamp()
        from unnest($1::boolean[], $2::text[], $3::text[]) with ordinality
            as wanted (is_key, text, tenant_id, ordinal)
        left join lateral (
            select id, key, version, tenant_id, suspended
            from process_definition
            where not wanted.is_key and id = wanted.text
            for key share
        ) as named on true
        left join lateral (
            select id, key, version, tenant_id, suspended
            from process_definition
            where wanted.is_key and key = wanted.text and coalesce(tenant_id, '') = coalesce(wanted.tenant_id, '')
            order by version desc
            limit 1
            for key share
        ) as latest on true
        where coalesce(named.id, latest.id) is not null
        """

    package static let parameters = ParameterEncoder(\Self.areKeys, \.texts, \.tenants)
    package static let rows = RowDecoder {
        (
            ordinal: Int,
            id: DefinitionID,
            key: String,
            version: Int32,
            tenant: String?,
            suspended: Bool,
            moment: PostgresTimestamp
        ) in
        Row(
            ordinal: ordinal,
            id: id,
            key: key,
            version: version,
            tenantID: tenant,
            isSuspended: suspended,
            moment: moment
        )
    }

    package init(_ references: [Reference]) { self.references = references }

    private var areKeys: [Bool] {
        references.map { if case .key = $0 { true } else { false } }
    }

    private var texts: [String] {
        references.map {
            switch $0 {
            case .id(let id): id.rawValue
            case .key(let key, tenantID: _): key
            }
        }
    }

    private var tenants: [String?] {
        references.map {
            switch $0 {
            case .id: nil
            case .key(_, let tenantID): tenantID
            }
        }
    }
}
