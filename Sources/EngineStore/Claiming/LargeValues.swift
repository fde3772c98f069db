package import EngineCore
import FoundationEssentials
package import Postgres

/// A variable that a claim left out because its value is large.
package struct LargeValue: Sendable {
    /// Its place among the variables of the task.
    package var place: Int
    package var id: VariableID
    /// How many bytes it had when the claim looked.
    package var byteCount: Int
}

extension LockedTask {
    /// The most bytes of large values that one answer to a worker carries, unless one task alone has more.
    package static let maximumLargeBytes = 64 * 1024 * 1024

    /// Takes over what a claim read.
    mutating func add(_ read: [VisibleVariables.Variable]) {
        variables = read.map { ($0.name, $0.columns.value) }
        for (place, variable) in read.enumerated() {
            guard let large = variable.large else { continue }
            largeValues.append(
                LargeValue(place: place, id: VariableID(large.id), byteCount: Int(large.byteCount))
            )
        }
    }
}

extension [LockedTask] {
    /// Removes the tasks from the first on whose large values do not fit into one answer any more, and returns them.
    ///
    /// The first task always fits.
    package mutating func removeBeyondOneAnswer(of maximum: Int = LockedTask.maximumLargeBytes) -> [LockedTask] {
        var byteCount = 0
        for (index, task) in enumerated() {
            byteCount += task.largeValues.reduce(0) { $0 + $1.byteCount }
            guard index > 0, byteCount > maximum else { continue }
            defer { removeSubrange(index...) }
            return Array(self[index...])
        }
        return []
    }
}

extension StatementRunner {
    /// Reads the values that a claim left out, as they are now; what has been removed meanwhile is removed here, too.
    package func readLargeValues(of tasks: inout [LockedTask]) async throws(PostgresError) {
        let ids = Set(tasks.flatMap { $0.largeValues.map(\.id.rawValue) })
        let rows = try await run(ReadLargeValues(ids: Array(ids)))
        let values = Dictionary(rows.map { ($0.id, $0.value) }, uniquingKeysWith: { first, _ in first })
        for index in tasks.indices {
            for large in tasks[index].largeValues.reversed() {
                if let value = values[large.id] {
                    tasks[index].variables[large.place].value = value
                } else {
                    tasks[index].variables.remove(at: large.place)
                }
            }
        }
    }
}

/// Reads whole variables by id, of files all but the content.
struct ReadLargeValues: Statement {
    var ids: [UUID]

    static let sql: SQLText = """
        select
            id, type, text_value, long_value, double_value, case when type <> 'File' then data end, object_type, format,
            file_name, mime_type, encoding
        from variable
        where id = any ($1)
        """
    static let parameters = ParameterEncoder(\Self.ids)
    static let rows = RowDecoder(reading: { (row: inout RowReader) throws(PostgresError) in
        (id: VariableID(try row.next(UUID.self)), value: try row.variableColumns().value)
    })
}
