package import EngineCore
package import FoundationEssentials
package import Postgres

/// Reads the variables seen from an execution: of several with one name, the nearest.
///
/// No row when there is none.
package struct ReadVisibleVariables: Statement {
    package var execution: UUID
    /// Whether enclosing scopes do not count.
    package var isLocal: Bool
    /// Nil reads all.
    package var variableName: String?
    /// Whether the content of files is wanted as well.
    package var withFileContent: Bool

    package static let sql: SQLText = """
        with place (id, iteration_id, path) as (
            select id, null::uuid, array[id] from process_instance where id = $1
            union all select id, iteration_id, path from scope where id = $1
            union all select iteration_id, null, trim_array(path, 1) from scope where iteration_id = $1
            union all select id, iteration_id, path from external_task where id = $1
            union all select iteration_id, null, path from external_task where iteration_id = $1
            union all select id, iteration_id, path from user_task where id = $1
            union all select iteration_id, null, path from user_task where iteration_id = $1
            union all select id, case when kind > 2 then iteration_id end, path from token where id = $1
            union all select iteration_id, null, path from token where iteration_id = $1 and kind > 2
        ),
        -- From the inside to the outside; around each scope stands the iteration that it is, if any.
        owner (id, distance) as (
            select id, 0 from place
            union all select iteration_id, 1 from place where not $2 and iteration_id is not null
            union all
            select step.id, 2 * (cardinality(path) - position + 1)
            from place, unnest(path) with ordinality as step (id, position)
            where not $2
            union all
            select scope.iteration_id, 2 * (cardinality(place.path) - position + 1) + 1
            from place, unnest(path) with ordinality as step (id, position)
            join scope on scope.id = step.id
            where not $2 and scope.iteration_id is not null
        )
        select distinct on (v.name)
            v.name, v.type, v.text_value, v.long_value, v.double_value,
            case when v.type <> 'File' or $4 then v.data end, v.object_type, v.format, v.file_name, v.mime_type,
            v.encoding
        from owner
        join variable v on v.owner_id = owner.id
        where $3 is null or v.name = $3
        order by v.name, owner.distance
        """
    package static let parameters = ParameterEncoder(\Self.execution, \.isLocal, \.variableName, \.withFileContent)
    package static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        try VisibleVariable(name: row.next(), value: row.variableColumns().value)
    })

    package init(from execution: ExecutionID, isLocal: Bool, named name: String? = nil, withFileContent: Bool = false) {
        self.execution = execution.rawValue
        self.isLocal = isLocal
        variableName = name
        self.withFileContent = withFileContent
    }
}

/// A variable seen from an execution.
package struct VisibleVariable: Sendable {
    package var name: String
    package var value: VariableValue
}
