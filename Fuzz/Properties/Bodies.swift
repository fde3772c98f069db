import EngineCore
import EngineStore
import HTTPTypes
import JSON

@testable import EngineAPI

/// A body in JSON, read as those operations read theirs that workers call most, and lists: what cannot be read is
/// refused with an error of the contract, and variables that are read can be written and read again.
enum Bodies {
    static func check(_ input: [UInt8]) throws(Violation) {
        guard let fields = try accepted({ () throws(APIError) in try JSONFields(body: input) }) else { return }
        _ = try accepted { () throws(APIError) in try FetchBody(fields, longestPoll: 1_800_000).request() }
        _ = try accepted { () throws(APIError) in try readMembers(fields) }
        _ = try accepted { () throws(APIError) in try readFilters(Filters(fields)) }
        for member in ["variables", "localVariables"] {
            let entries = try accepted { () throws(APIError) in try fields.variables(member) }
            for entry in entries ?? [] {
                guard let input = try accepted({ () throws(APIError) in try entry.input() }) else { continue }
                try checkWriting(input)
            }
        }
    }

    /// What `read` yields; nil for an error, which must be one of the contract.
    static func accepted<Value>(_ read: () throws(APIError) -> Value) throws(Violation) -> Value? {
        do throws(APIError) {
            return try read()
        } catch {
            try expect((400...599).contains(error.status.code), "\(error) has the status of an error")
            try expect(!error.type.isEmpty, "\(error) has a type")
            return nil
        }
    }

    /// Reads what a worker tells of a failure, and members of every other type.
    private static func readMembers(_ fields: JSONFields) throws(APIError) {
        _ = try fields.string("workerId")
        _ = try fields.string("errorMessage")
        _ = try fields.int32("retries")
        _ = try fields.int64("retryTimeout")
        _ = try fields.date("dueDate")
        _ = try fields.bool("withVariablesInReturn")
    }

    /// Reads filters and orders of every kind.
    static func readFilters(_ filters: Filters) throws(APIError) {
        _ = try filters.text("name")
        _ = try filters.texts("activityIdIn")
        _ = try filters.optionalFlag("active")
        _ = try filters.int32("priority")
        _ = try filters.int64("priorityHigherThanOrEquals")
        _ = try filters.tenants()
        _ = try filters.incidents()
        _ = try filters.moment(at: "dueDate", before: "dueBefore", after: "dueAfter", missing: "withoutDueDate")
        _ = try filters.bounds("createTimes", of: "create time")
        for name in ["variables", "processVariables", "taskVariables"] { _ = try filters.variables(name) }
        _ = try filters.userTaskOrder()
    }
}

// MARK: Variables

extension Bodies {
    /// Checks that a variable that is answered can be sent back.
    private static func checkWriting(_ variable: VariableInput) throws(Violation) {
        // The content of a file is not answered with its variable.
        if case .file = variable.value { return }
        let written = try written(variable)
        guard let answer = try? JSONParser.parse(written), case .object(let object) = answer else {
            throw Violation("\(variable) is answered as an object")
        }
        let again = try accepted { () throws(APIError) in
            try VariableEntry(name: variable.name, JSONFields(object)).input()
        }
        guard let again else {
            // An object without a type or format can be read from nowhere but the database.
            guard case .object = variable.value else { throw Violation("\(variable) can be sent back") }
            return
        }
        try expect(try self.written(again) == written, "\(variable) sent back is the same")
    }

    private static func written(_ variable: VariableInput) throws(Violation) -> [UInt8] {
        let writer = try accepted { () throws(APIError) in
            var writer = JSONWriter()
            try writer.variable(variable.name, variable.value, as: .serialized)
            return writer
        }
        guard let writer else { throw Violation("\(variable) can be answered") }
        return writer.bytes
    }
}
