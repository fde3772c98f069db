package import EngineCore
import Expressions
package import FoundationEssentials
package import Postgres

/// Reads the variables seen from what a batch names.
///
/// Large values stay where they are.
struct ReadVariables: Statement {
    var targets: [UUID]
    /// Values of more bytes than this are not read.
    var maximumBytes: Int32

    static let sql: SQLText = """
        with leaf (id, iteration_id, path) as (
            select id, iteration_id, path from external_task where id = any ($1)
            union all select id, iteration_id, path from user_task where id = any ($1)
            union all select id, iteration_id, path from token where id = any ($1)
            union all select id, iteration_id, path from scope where id = any ($1)
            union all select id, null, array[id] from process_instance where id = any ($1)
        )
        \(VariableRow.selection)
        where v.owner_id = any (array(
            select id from leaf
            union select iteration_id from leaf where iteration_id is not null
            union select unnest(path) from leaf
            union select iteration_id from scope
                where id = any (array(select unnest(path) from leaf)) and iteration_id is not null
        ))
        """

    static let parameters = ParameterEncoder(\ReadVariables.targets, \.maximumBytes)
    static let rows = VariableRow.decoder
}

/// Reads the variables seen from external tasks.
///
/// Large values stay where they are.
struct ReadVariablesOfExternalTasks: Statement {
    var tasks: [UUID]
    /// Values of more bytes than this are not read.
    var maximumBytes: Int32

    static let sql: SQLText = """
        with leaf as materialized (select id, iteration_id, path from external_task where id = any ($1))
        \(VariableRow.selection)
        where v.owner_id = any (array(
            select id from leaf
            union all select iteration_id from leaf where iteration_id is not null
            union all select unnest(path) from leaf
            union all select iteration_id from scope
                where id = any (array(select unnest(path[2:]) from leaf)) and iteration_id is not null
        ))
        """

    static let parameters = ParameterEncoder(\ReadVariablesOfExternalTasks.tasks, \.maximumBytes)
    static let rows = VariableRow.decoder
}

/// Reads one variable with its value, however large.
package struct ReadVariable: Statement {
    package var id: UUID

    package init(id: UUID) { self.id = id }

    package static let sql: SQLText = """
        select
            id, owner_id, root_id, instance_id, activity_instance_id, name, create_time, true, type, text_value,
            long_value, double_value, data, object_type, format, file_name, mime_type, encoding
        from variable
        where id = $1
        """

    package static let parameters = ParameterEncoder(\ReadVariable.id)
    package static let rows = VariableRow.decoder
}

/// How the columns of a variable become one.
private enum VariableRow {
    /// Leaves out values of more bytes than the second parameter.
    static let selection: SQLText = """
        select
            v.id, v.owner_id, v.root_id, v.instance_id, v.activity_instance_id, v.name, v.create_time,
            coalesce(octet_length(v.data), 0) <= $2 as is_inline,
            v.type, v.text_value, v.long_value, v.double_value,
            case when octet_length(v.data) <= $2 then v.data end as data,
            v.object_type, v.format, v.file_name, v.mime_type, v.encoding
        from variable v
        """

    static let decoder = RowDecoder {
        (
            id: UUID,
            owner: UUID,
            root: UUID,
            instance: UUID,
            activityInstance: String?,
            name: String,
            created: PostgresTimestamp,
            isInline: Bool,
            type: String,
            text: String?,
            long: Int64?,
            double: Double?,
            data: [UInt8]?,
            objectType: String?,
            format: String?,
            fileName: String?,
            mimeType: String?,
            encoding: String?
        ) in
        Variable(
            id: VariableID(id),
            owner: ExecutionID(owner),
            root: ProcessInstanceID(root),
            instance: ProcessInstanceID(instance),
            activityInstance: ActivityInstanceID(activityInstance ?? ""),
            name: name,
            value: isInline
                ? VariableColumns(
                    type: type,
                    text: text,
                    long: long,
                    double: double,
                    data: data,
                    objectType: objectType,
                    format: format,
                    fileName: fileName,
                    mimeType: mimeType,
                    encoding: encoding
                ).value : nil,
            createTime: Instant(created)
        )
    }
}
