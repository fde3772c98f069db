import EngineCore
import FoundationEssentials
import Postgres

/// Inserts incidents.
struct InsertIncidents: Statement {
    var incidents: [Incident]

    static let sql: SQLText = """
        insert into incident (
            id, root_id, instance_id, execution_id, definition_id, type, activity_id, activity_instance_id,
            configuration, message, cause_incident_id, root_cause_incident_id, history_configuration, create_time
        )
        select
            id, root_id, instance_id, execution_id, definition_id, 'failedExternalTask', activity_id,
            activity_instance_id, configuration, message, id, id, history_configuration, create_time
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::timestamptz[]
        ) as row (
            id, root_id, instance_id, execution_id, definition_id, activity_id, activity_instance_id, configuration,
            message, history_configuration, create_time
        )
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.roots,
        \.instances,
        \.executions,
        \.definitions,
        \.activities,
        \.activityInstances,
        \.configurations,
        \.messages,
        \.historyConfigurations,
        \.createTimes
    )

    private var ids: [UUID] { incidents.map(\.id.rawValue) }
    private var roots: [UUID] { incidents.map(\.place.root) }
    private var instances: [UUID] { incidents.map(\.place.instance.rawValue) }
    private var executions: [UUID] { incidents.map(\.execution.rawValue) }
    private var definitions: [String] { incidents.map(\.place.definition.rawValue) }
    private var activities: [String] { incidents.map(\.place.activityID) }
    private var activityInstances: [String] { incidents.map(\.place.activityInstance.rawValue) }
    private var configurations: [String] { incidents.map(\.configuration.description) }
    private var messages: [String?] { incidents.map(\.message) }
    private var historyConfigurations: [String?] { incidents.map { $0.historyConfiguration?.description } }
    private var createTimes: [PostgresTimestamp] { incidents.map { PostgresTimestamp($0.createTime) } }
}

/// Removes incidents.
struct DeleteIncidents: Statement {
    var ids: [UUID]

    static let sql: SQLText = "delete from incident where id = any ($1)"
    static let parameters = ParameterEncoder(\Self.ids)
}

/// Writes closed incidents into history, with what was noted about those that have a row, which goes.
struct InsertHistoryIncidents: Statement {
    var ended: [EndedIncident]

    static let sql: SQLText = """
        with gone as (
            delete from incident
            where id = any ($1)
            returning id, annotation
        )
        insert into history_incident (
            id, root_id, instance_id, execution_id, definition_id, type, activity_id, configuration, message,
            cause_incident_id, root_cause_incident_id, history_configuration, annotation, create_time, end_time, state
        )
        select
            row.id, root_id, instance_id, execution_id, definition_id, 'failedExternalTask', activity_id, configuration,
            message, row.id, row.id, history_configuration, gone.annotation, create_time, end_time, state
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::timestamptz[], $11::timestamptz[], $12::text[]
        ) as row (
            id, root_id, instance_id, execution_id, definition_id, activity_id, configuration, message,
            history_configuration, create_time, end_time, state
        )
        left join gone on gone.id = row.id
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.roots,
        \.instances,
        \.executions,
        \.definitions,
        \.activities,
        \.configurations,
        \.messages,
        \.historyConfigurations,
        \.createTimes,
        \.endTimes,
        \.states
    )

    private var incidents: [Incident] { ended.map(\.incident) }
    private var ids: [UUID] { incidents.map(\.id.rawValue) }
    private var roots: [UUID] { incidents.map(\.place.root) }
    private var instances: [UUID] { incidents.map(\.place.instance.rawValue) }
    private var executions: [UUID] { incidents.map(\.execution.rawValue) }
    private var definitions: [String] { incidents.map(\.place.definition.rawValue) }
    private var activities: [String] { incidents.map(\.place.activityID) }
    private var configurations: [String] { incidents.map(\.configuration.description) }
    private var messages: [String?] { incidents.map(\.message) }
    private var historyConfigurations: [String?] { incidents.map { $0.historyConfiguration?.description } }
    private var createTimes: [PostgresTimestamp] { incidents.map { PostgresTimestamp($0.createTime) } }
    private var endTimes: [PostgresTimestamp] { ended.map { PostgresTimestamp($0.endTime) } }
    private var states: [String] { ended.map { $0.isResolved ? "resolved" : "deleted" } }
}
