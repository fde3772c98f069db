import EngineCore
import FoundationEssentials
import Postgres

/// Inserts variables.
struct InsertVariables: Statement {
    private let variables: [Variable]
    private let values: ValueColumns

    init(variables: [Variable]) {
        self.variables = variables
        values = ValueColumns(variables)
    }

    static let sql: SQLText = """
        insert into variable (
            id, owner_id, root_id, instance_id, activity_instance_id, name, create_time, type, text_value, long_value,
            double_value, data, object_type, format, file_name, mime_type, encoding
        )
        select
            id, owner_id, root_id, instance_id, nullif(activity_instance_id, ''), name, create_time, type, text_value, long_value,
            double_value, data, object_type, format, file_name, mime_type, encoding
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[], $8::text[],
            $9::text[], $10::bigint[], $11::double precision[], $12::bytea[], $13::text[], $14::text[], $15::text[],
            $16::text[], $17::text[]
        ) as row (
            id, owner_id, root_id, instance_id, activity_instance_id, name, create_time, type, text_value, long_value,
            double_value, data, object_type, format, file_name, mime_type, encoding
        )
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.owners,
        \.roots,
        \.instances,
        \.activityInstances,
        \.names,
        \.createTimes,
        \.values.types,
        \.values.texts,
        \.values.longs,
        \.values.doubles,
        \.values.data,
        \.values.objectTypes,
        \.values.formats,
        \.values.fileNames,
        \.values.mimeTypes,
        \.values.encodings
    )

    private var ids: [UUID] { variables.map(\.id.rawValue) }
    private var owners: [UUID] { variables.map(\.owner.rawValue) }
    private var roots: [UUID] { variables.map(\.root.rawValue) }
    private var instances: [UUID] { variables.map(\.instance.rawValue) }
    private var activityInstances: [String] { variables.map(\.activityInstance.rawValue) }
    private var names: [String] { variables.map(\.name) }
    private var createTimes: [PostgresTimestamp] { variables.map { PostgresTimestamp($0.createTime) } }
}

/// Overwrites the values of variables.
struct UpdateVariables: Statement {
    private let variables: [Variable]
    private let values: ValueColumns

    init(variables: [Variable]) {
        self.variables = variables
        values = ValueColumns(variables)
    }

    static let sql: SQLText = """
        update variable
        set
            type = row.type,
            text_value = row.text_value,
            long_value = row.long_value,
            double_value = row.double_value,
            data = row.data,
            object_type = row.object_type,
            format = row.format,
            file_name = row.file_name,
            mime_type = row.mime_type,
            encoding = row.encoding
        from unnest(
            $1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::double precision[], $6::bytea[], $7::text[],
            $8::text[], $9::text[], $10::text[], $11::text[]
        ) as row (
            id, type, text_value, long_value, double_value, data, object_type, format, file_name, mime_type, encoding
        )
        where variable.id = row.id
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.values.types,
        \.values.texts,
        \.values.longs,
        \.values.doubles,
        \.values.data,
        \.values.objectTypes,
        \.values.formats,
        \.values.fileNames,
        \.values.mimeTypes,
        \.values.encodings
    )

    private var ids: [UUID] { variables.map(\.id.rawValue) }
}

/// Removes variables by id.
struct DeleteVariables: Statement {
    var ids: [UUID]

    static let sql: SQLText = "delete from variable where id = any ($1)"
    static let parameters = ParameterEncoder(\Self.ids)
}

/// Ends the variables of scopes that are gone: their rows move to history as they are.
struct CloseVariables: Statement {
    var owners: [UUID]
    var keepsHistory: Bool

    static let sql: SQLText = """
        with gone as (
            delete from variable
            where owner_id = any ($1)
            returning *
        )
        insert into history_variable (
            id, root_id, instance_id, execution_id, activity_instance_id, name, type, text_value, long_value,
            double_value, data, object_type, format, file_name, mime_type, encoding, state, create_time
        )
        select
            id, root_id, instance_id, owner_id, activity_instance_id, name, type, text_value, long_value, double_value,
            data, object_type, format, file_name, mime_type, encoding, 'CREATED', create_time
        from gone
        where $2
        """

    static let parameters = ParameterEncoder(\Self.owners, \.keepsHistory)
}

/// Writes variables into history that have no row of their own.
struct InsertHistoryVariables: Statement {
    private let ended: [EndedVariable]
    private let variables: [Variable]
    private let values: ValueColumns

    init(ended: [EndedVariable]) {
        self.ended = ended
        variables = ended.map(\.variable)
        values = ValueColumns(variables)
    }

    static let sql: SQLText = """
        insert into history_variable (
            id, execution_id, root_id, instance_id, activity_instance_id, name, create_time, state, type, text_value,
            long_value, double_value, data, object_type, format, file_name, mime_type, encoding
        )
        select
            id, owner_id, root_id, instance_id, nullif(activity_instance_id, ''), name, create_time, state, type, text_value,
            long_value, double_value, data, object_type, format, file_name, mime_type, encoding
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[], $8::text[],
            $9::text[], $10::text[], $11::bigint[], $12::double precision[], $13::bytea[], $14::text[], $15::text[],
            $16::text[], $17::text[], $18::text[]
        ) as row (
            id, owner_id, root_id, instance_id, activity_instance_id, name, create_time, state, type, text_value,
            long_value, double_value, data, object_type, format, file_name, mime_type, encoding
        )
        """

    static let parameters = ParameterEncoder(
        \Self.ids,
        \.owners,
        \.roots,
        \.instances,
        \.activityInstances,
        \.names,
        \.createTimes,
        \.states,
        \.values.types,
        \.values.texts,
        \.values.longs,
        \.values.doubles,
        \.values.data,
        \.values.objectTypes,
        \.values.formats,
        \.values.fileNames,
        \.values.mimeTypes,
        \.values.encodings
    )

    private var ids: [UUID] { variables.map(\.id.rawValue) }
    private var owners: [UUID] { variables.map(\.owner.rawValue) }
    private var roots: [UUID] { variables.map(\.root.rawValue) }
    private var instances: [UUID] { variables.map(\.instance.rawValue) }
    private var activityInstances: [String] { variables.map(\.activityInstance.rawValue) }
    private var names: [String] { variables.map(\.name) }
    private var createTimes: [PostgresTimestamp] { variables.map { PostgresTimestamp($0.createTime) } }
    private var states: [String] { ended.map { $0.isDeleted ? "DELETED" : "CREATED" } }
}

/// The value columns of several variables, column by column.
private struct ValueColumns {
    private let columns: [VariableColumns]

    init(_ variables: [Variable]) { columns = variables.map { VariableColumns($0.value ?? .null) } }

    var types: [String] { columns.map(\.type) }
    var texts: [String?] { columns.map(\.text) }
    var longs: [Int64?] { columns.map(\.long) }
    var doubles: [Double?] { columns.map(\.double) }
    var data: [[UInt8]?] { columns.map(\.data) }
    var objectTypes: [String?] { columns.map(\.objectType) }
    var formats: [String?] { columns.map(\.format) }
    var fileNames: [String?] { columns.map(\.fileName) }
    var mimeTypes: [String?] { columns.map(\.mimeType) }
    var encodings: [String?] { columns.map(\.encoding) }
}
