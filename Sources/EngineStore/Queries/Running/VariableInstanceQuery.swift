package import EngineCore
package import FoundationEssentials
package import Postgres

/// Variables of what runs.
package struct VariableInstanceQuery: ListQuery {
    package var variableID: String?
    package var variableName: String?
    package var variableNameLike: String?
    package var ignoresNameCase = false
    package var processInstanceIDIn: [String]?
    package var executionIDIn: [String]?
    /// Ids of executions that the variables stand in.
    package var variableScopeIDIn: [String]?
    package var taskIDIn: [String]?
    package var activityInstanceIDIn: [String]?
    package var tenants = TenantFilter()
    package var variableValues: [VariableFilter] = []
    /// Set by filters on what no variable has, such as a case.
    package var matchesNothing = false
    package var sorting: [Sorting<Field>] = []
    package var page = Page.all

    package init() {}

    package enum Field: String, SortField {
        case variableName, variableType, activityInstanceId, tenantId

        package var column: StaticString {
            switch self {
            case .variableName: "v.name"
            case .variableType: "v.type"
            case .activityInstanceId: "a.id"
            case .tenantId: "d.tenant_id"
            }
        }
    }

    package static let name: StaticString = "variable instances"
    package static let defaultOrder: StaticString = "v.sequence"
    package static let columns: StaticString = """
        v.id, v.name, p.definition_id, v.instance_id, v.owner_id, a.id,
        (select t.id from user_task t where t.id = v.owner_id), d.tenant_id, v.type, v.text_value, v.long_value,
        v.double_value, case when v.type not in ('File', 'Bytes') then v.data end, v.object_type, v.format,
        v.file_name, v.mime_type, v.encoding
        """
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try VariableInstanceView(
            id: row.id(),
            name: row.next(),
            processDefinitionID: row.next(),
            processInstanceID: row.id(),
            executionID: row.id(),
            activityInstanceID: row.next(),
            taskID: row.idIfAny(),
            tenantID: row.next(),
            value: row.variableColumns().value
        )
    })

    // A variable's row names the run that history shows. While a scope, or the sub-process, the user task or the receive
    // task without message of an iteration runs, lists show that one; an iteration that has ended has none.
    package func appendSource(to query: inout DynamicQuery) {
        query.append(
            """
             from variable v
            left join process_instance p on p.id = v.instance_id
            left join process_definition d on d.id = p.definition_id
            left join scope o on o.id = v.owner_id
            left join scope s on s.iteration_id = v.owner_id
            left join user_task u on u.instance_id = v.instance_id and u.iteration_id = v.owner_id
            left join token k on k.id = v.owner_id and k.kind = 2
            left join token w on w.iteration_id = v.owner_id and w.kind = 4
            left join lateral (
                select
                    coalesce(
                        o.activity_instance_id, s.activity_instance_id, u.activity_instance_id, w.activity_instance_id,
                        v.activity_instance_id
                    ) as id
                where k.id is null
            ) as a on true
            """
        )
    }

    package func restrict(_ rows: inout Conditions) {
        if matchesNothing { rows.matchNothing() }
        rows.equal("v.id", id: variableID)
        if ignoresNameCase {
            rows.add("lower(v.name) = lower(", variableName, ")")
            rows.add("lower(v.name) like lower(", variableNameLike.map(Conditions.closed), ")")
        } else {
            rows.equal("v.name", variableName)
            rows.like("v.name", variableNameLike)
        }
        rows.any("v.instance_id", ids: processInstanceIDIn)
        rows.any("v.owner_id", ids: executionIDIn)
        rows.any("v.owner_id", ids: variableScopeIDIn)
        if let taskIDIn, !taskIDIn.isEmpty {
            rows.any("v.owner_id", ids: taskIDIn)
            rows.add("exists (select from user_task u where u.id = v.owner_id)")
        }
        rows.any("a.id", activityInstanceIDIn)
        rows.tenant("d.tenant_id", tenants)
        rows.isVariable(variableValues)
    }
}

/// A variable of what runs, as lists show it: without the content of files and bytes, which have an operation of their own.
package struct VariableInstanceView: Sendable {
    package var id: VariableID
    package var name: String
    package var processDefinitionID: String?
    package var processInstanceID: ProcessInstanceID
    package var executionID: ExecutionID
    package var activityInstanceID: String?
    /// The user task whose own it is.
    package var taskID: UserTaskID?
    package var tenantID: String?
    package var value: VariableValue
}

/// Reads the whole value of a variable of what runs, also the content of a file.
package struct ReadVariableContent: Statement {
    package var id: UUID

    package static let sql: SQLText = """
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
