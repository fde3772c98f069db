package import BPMN
package import EngineCore
import Expressions
package import FoundationEssentials
package import Postgres

/// A start event that waits for a message or signal.
package struct StartSubscription: Sendable, Hashable {
    package var id: UUID
    package var definition: DefinitionID
    package var kind: EventTrigger.Kind
    package var name: String
    package var activityID: String

    /// What the start events of a definition wait for.
    ///
    /// `newID` draws an id for each.
    package static func all(
        of process: ProcessDefinition,
        definition: DefinitionID,
        newID: () -> UUID
    ) -> [StartSubscription] {
        process.triggeredStarts.compactMap { node, trigger in
            trigger.name.literalText.map {
                StartSubscription(
                    id: newID(),
                    definition: definition,
                    kind: trigger.kind,
                    name: $0,
                    activityID: node.id
                )
            }
        }
    }
}

/// Lets start events wait; their tenant is that of the definition.
///
/// A message that another process of the tenant starts with is left to that process. The deployments of the tenant must
/// be locked.
package struct InsertStartSubscriptions: Statement {
    package var subscriptions: [StartSubscription]

    package init(_ subscriptions: [StartSubscription]) { self.subscriptions = subscriptions }

    package static let sql: SQLText = """
        insert into event_subscription (id, definition_id, tenant_id, kind, name, activity_id, create_time)
        select row.id, row.definition_id, d.tenant_id, row.kind, row.name, row.activity_id, clock_timestamp()
        from unnest($1::uuid[], $2::text[], $3::smallint[], $4::text[], $5::text[])
            as row (id, definition_id, kind, name, activity_id)
        join process_definition d on d.id = row.definition_id
        where row.kind <> 1 or not exists (
            select from event_subscription other
            where other.name = row.name and other.kind = 1 and other.execution_id is null
                and other.tenant_id is not distinct from d.tenant_id
        )
        """

    package static let parameters = ParameterEncoder(\Self.ids, \.definitions, \.kinds, \.names, \.activities)

    private var ids: [UUID] { subscriptions.map(\.id) }
    private var definitions: [DefinitionID] { subscriptions.map(\.definition) }
    private var kinds: [Int16] { subscriptions.map(\.kind.column) }
    private var names: [String] { subscriptions.map(\.name) }
    private var activities: [String] { subscriptions.map(\.activityID) }
}

/// Ends what the start events of earlier versions of these processes wait for.
package struct EndStartSubscriptions: Statement {
    package var keys: [String]
    package var tenantID: String?

    package init(ofProcesses keys: [String], tenantID: String?) {
        self.keys = keys
        self.tenantID = tenantID
    }

    package static let sql: SQLText = """
        delete from event_subscription
        where execution_id is null and definition_id = any (array(
            select id from process_definition where key = any ($1) and coalesce(tenant_id, '') = coalesce($2, '')
        ))
        """

    package static let parameters = ParameterEncoder(\Self.keys, \.tenantID)
}

/// Says which of these messages start a process of the tenant.
package struct FindTakenStartMessages: Statement {
    package var names: [String]
    package var tenantID: String?

    package init(_ names: [String], tenantID: String?) {
        self.names = names
        self.tenantID = tenantID
    }

    package static let sql: SQLText = """
        select name
        from event_subscription
        where name = any ($1) and kind = 1 and execution_id is null and tenant_id is not distinct from $2
        """

    package static let parameters = ParameterEncoder(\Self.names, \.tenantID)
    package static let rows = RowDecoder(String.self)
}

/// Ends what the start events of definitions wait for that are about to be deleted.
package struct DeleteStartSubscriptions: Statement {
    package var definitions: [DefinitionID]

    package init(of definitions: [DefinitionID]) { self.definitions = definitions }

    package static let sql: SQLText = """
        delete from event_subscription where execution_id is null and definition_id = any ($1)
        """

    package static let parameters = ParameterEncoder(\Self.definitions)
}

/// Finds the definitions that become the latest of their key and tenant again when these are deleted.
package struct FindSuccessors: Statement {
    package var definitions: [DefinitionID]

    package init(of definitions: [DefinitionID]) { self.definitions = definitions }

    package static let sql: SQLText = """
        with gone as (
            select key, coalesce(tenant_id, '') as tenant, max(version) as version
            from process_definition
            where id = any ($1)
            group by 1, 2
        )
        select next.id
        from gone
        cross join lateral (
            select id, version
            from process_definition d
            where d.key = gone.key and coalesce(d.tenant_id, '') = gone.tenant and d.id <> all ($1)
            order by version desc
            limit 1
        ) as next
        where next.version < gone.version
        order by next.id
        """

    package static let parameters = ParameterEncoder(\Self.definitions)
    package static let rows = RowDecoder(DefinitionID.self)
}
