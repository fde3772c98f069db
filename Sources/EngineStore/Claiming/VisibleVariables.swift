import FoundationEssentials
import Postgres

/// Reads the variables that are seen from some external tasks: of each name the one whose scope is nearest.
///
/// Scopes are given as (task, owner, distance); of the inner ones also the execution that holds an iteration's loop
/// variables is looked at, which lies just outside. The content of files stays where it is, and so do large values, so
/// that the claim is short and its memory bounded.
struct VisibleVariables: Statement {
    var tasks: [UUID] = []
    var owners: [UUID] = []
    var distances: [Int32] = []
    var innerTasks: [UUID] = []
    var innerScopes: [UUID] = []
    var innerDistances: [Int32] = []
    /// Nil reads all.
    var names: [String]?

    /// Values of more bytes than this are left out.
    static let maximumInlineBytes: Int32 = 64 * 1024
    private var maximumInlineBytes: Int32 { Self.maximumInlineBytes }

    /// One variable as seen from one task.
    struct Variable: Sendable {
        var task: UUID
        var name: String
        /// Without the data of a large value.
        var columns: VariableColumns
        /// Set when the value was left out.
        var large: (id: UUID, byteCount: Int32)?

        init(
            task: UUID,
            name: String,
            type: String,
            text: String?,
            long: Int64?,
            double: Double?,
            data: [UInt8]?,
            objectType: String?,
            format: String?,
            fileName: String?,
            mimeType: String?,
            encoding: String?,
            largeID: UUID?,
            byteCount: Int32?
        ) {
            self.task = task
            self.name = name
            columns = VariableColumns(
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
            )
            if let largeID, let byteCount { large = (largeID, byteCount) }
        }
    }

    static let sql: SQLText = """
        with holder as materialized (
            select given.task_id, given.owner_id, given.distance
            from unnest($1, $2, $3) as given (task_id, owner_id, distance)
            union all
            select given.task_id, scope.iteration_id, given.distance + 1
            from unnest($4, $5, $6) as given (task_id, scope_id, distance)
            join scope on scope.id = given.scope_id
            where scope.iteration_id is not null
        )
        select distinct on (holder.task_id, variable.name) holder.task_id, variable.name, variable.type,
            variable.text_value, variable.long_value, variable.double_value,
            case when variable.type <> 'File' and octet_length(variable.data) <= $8 then variable.data end,
            variable.object_type, variable.format, variable.file_name, variable.mime_type, variable.encoding,
            case when variable.type <> 'File' and octet_length(variable.data) > $8 then variable.id end,
            octet_length(variable.data)
        from holder
        join variable on variable.owner_id = holder.owner_id
        where $7 is null or variable.name = any ($7)
        order by holder.task_id, variable.name, holder.distance
        """

    static let parameters = ParameterEncoder(
        \Self.tasks,
        \.owners,
        \.distances,
        \.innerTasks,
        \.innerScopes,
        \.innerDistances,
        \.names,
        \.maximumInlineBytes
    )
    static let rows = RowDecoder(Variable.init)

    init(names: [String]?) { self.names = names }

    /// Adds what is seen from a task: its own variables, and unless `onlyLocal` those of the scopes around it.
    mutating func add(_ task: ClaimedTask, onlyLocal: Bool) {
        add(task.id, owner: task.id, distance: 0)
        guard !onlyLocal else { return }
        if let iteration = task.iterationID { add(task.id, owner: iteration, distance: 1) }
        for (depth, scope) in task.path.reversed().enumerated() {
            let distance = Int32(clamping: 2 * depth + 2)
            add(task.id, owner: scope, distance: distance)
            guard depth < task.path.count - 1 else { continue }  // The outermost is the instance, no iteration.
            innerTasks.append(task.id)
            innerScopes.append(scope)
            innerDistances.append(distance)
        }
    }

    private mutating func add(_ task: UUID, owner: UUID, distance: Int32) {
        tasks.append(task)
        owners.append(owner)
        distances.append(distance)
    }
}
