package import EngineCore
package import Expressions
package import FoundationEssentials
package import Postgres

/// Variables of what runs or has ended.
package struct HistoricVariableQuery: ListQuery {
    package var variableID: String?
    package var variableName: String?
    package var variableNameLike: String?
    package var variableNameIn: [String]?
    package var ignoresNameCase = false
    /// With a name: the value that it must have.
    package var value: VariableFilter?
    /// The contract's names of types, as it writes them.
    package var variableTypeIn: [String]?
    /// Also what was removed while its scope lived on.
    package var includesDeleted = false
    package var processInstanceID: String?
    package var processInstanceIDIn: [String]?
    package var processDefinitionID: String?
    package var processDefinitionKey: String?
    package var executionIDIn: [String]?
    package var taskIDIn: [String]?
    package var activityInstanceIDIn: [String]?
    package var tenants = TenantFilter()
    /// Set by filters on what no variable has, such as a case.
    package var matchesNothing = false
    /// Whether rows of what runs count; off where this history is not kept.
    package var includesRunning = true
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case instanceId, variableName, tenantId

        package var column: StaticString {
            switch self {
            case .instanceId: "v.instance_id"
            case .variableName: "v.name"
            case .tenantId: "coalesce(d.tenant_id, x.tenant_id)"
            }
        }
    }

    package static let name: StaticString = "historic variable instances"
    package static let defaultOrder: StaticString = "v.create_time, v.is_running, v.sequence"
    package static let columns: StaticString = """
        v.id, v.name, coalesce(p.definition_key, e.definition_key), coalesce(p.definition_id, e.definition_id),
        v.instance_id, v.execution_id, v.activity_instance_id,
        coalesce(
            (select t.id from user_task t where t.id = v.execution_id),
            (select t.id from history_task t where t.id = v.execution_id)
        ),
        coalesce(d.tenant_id, x.tenant_id), v.state, v.create_time, r.removal_time,
        v.root_id, v.type, v.text_value, v.long_value, v.double_value,
        case when v.type not in ('File', 'Bytes') then v.data end, v.object_type, v.format, v.file_name, v.mime_type,
        v.encoding
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try HistoricVariableView(
            id: row.id(),
            name: row.next(),
            processDefinitionKey: row.next(),
            processDefinitionID: row.next(),
            processInstanceID: row.id(),
            executionID: row.id(),
            activityInstanceID: row.next(),
            taskID: row.idIfAny(),
            tenantID: row.next(),
            state: row.next(),
            createTime: row.moment(),
            removalTime: row.momentIfAny(),
            rootProcessInstanceID: row.id(),
            value: row.variableColumns().value
        )
    })

    package func appendSource(to query: inout DynamicQuery) {
        query.append(
            """
             from (
                select
                    id, name, instance_id, execution_id, activity_instance_id, state, create_time, root_id, type,
                    text_value, long_value, double_value, data, object_type, format, file_name, mime_type, encoding,
                    sequence, false as is_running
                from history_variable
                union all
                select
                    id, name, instance_id, owner_id, activity_instance_id, 'CREATED', create_time, root_id, type,
                    text_value, long_value, double_value, data, object_type, format, file_name, mime_type, encoding,
                    sequence, true
                from variable
            ) as v
            left join process_instance p on p.id = v.instance_id
            left join history_process_instance e on e.id = v.instance_id
            left join history_process_instance r on r.id = v.root_id
            left join process_definition d on d.id = coalesce(p.definition_id, e.definition_id)
            left join deleted_definition x on x.id = coalesce(p.definition_id, e.definition_id)
            """
        )
    }

    package func restrict(_ rows: inout Conditions) {
        rows.add("not v.is_running", if: !includesRunning)
        if matchesNothing { rows.matchNothing() }
        rows.equal("v.id", id: variableID)
        if ignoresNameCase {
            rows.add("lower(v.name) = lower(", variableName, ")")
            rows.add("lower(v.name) like lower(", variableNameLike.map(Conditions.closed), ")")
        } else {
            rows.equal("v.name", variableName)
            rows.like("v.name", variableNameLike)
        }
        rows.any("v.name", variableNameIn)
        if let value { rows.isVariable([value]) }
        rows.any("v.type", variableTypeIn)
        rows.add("v.state = 'CREATED'", if: !includesDeleted)
        rows.equal("v.instance_id", id: processInstanceID)
        rows.any("v.instance_id", ids: processInstanceIDIn)
        rows.instances("v.instance_id", ofDefinition: processDefinitionID)
        rows.instances("v.instance_id", ofKey: processDefinitionKey)
        rows.any("v.execution_id", ids: executionIDIn)
        if let taskIDIn, !taskIDIn.isEmpty {
            rows.any("v.execution_id", ids: taskIDIn)
            rows.add(
                """
                (exists (select from user_task u where u.id = v.execution_id)
                    or exists (select from history_task u where u.id = v.execution_id))
                """
            )
        }
        rows.any("v.activity_instance_id", activityInstanceIDIn)
        rows.tenant("coalesce(d.tenant_id, x.tenant_id)", tenants)
    }
}

/// A variable as history shows it: without the content of files and bytes, which have an operation of their own.
package struct HistoricVariableView: Sendable {
    package var id: VariableID
    package var name: String
    package var processDefinitionKey: String?
    package var processDefinitionID: String?
    package var processInstanceID: ProcessInstanceID
    package var executionID: ExecutionID
    package var activityInstanceID: String?
    /// The user task whose own it was.
    package var taskID: UserTaskID?
    package var tenantID: String?
    package var state: String
    package var createTime: Instant
    package var removalTime: Instant?
    package var rootProcessInstanceID: ProcessInstanceID
    package var value: VariableValue
}

/// Reads the whole value of a variable of what runs or has ended, also the content of a file.
package struct ReadHistoricVariableContent: Statement {
    package var id: UUID

    package static let sql: SQLText = """
        select type, text_value, long_value, double_value, data, object_type, format, file_name, mime_type, encoding
        from history_variable
        where id = $1
        union all
        select type, text_value, long_value, double_value, data, object_type, format, file_name, mime_type, encoding
        from variable
        where id = $1
        """
    package static let parameters = ParameterEncoder(\Self.id)
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try row.variableColumns().value
    })

    package init(_ id: VariableID) { self.id = id.rawValue }
}
