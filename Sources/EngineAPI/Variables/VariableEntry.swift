import EngineCore
import JSON

/// A variable as a request gives it, its parts read but not yet converted: `{"value": …, "type": …, "valueInfo": …}`.
struct VariableEntry: Sendable {
    var name: String
    /// The type as sent; nil to let the value decide.
    var type: String?
    var value: JSONValue
    var info: JSONObject

    /// Reads the parts.
    ///
    /// - Throws: ``APIError/malformedBody`` when they have the wrong JSON types.
    init(name: String, _ fields: JSONFields) throws(APIError) {
        guard !name.utf8.contains(0) else { throw .unstorable }
        self.name = name
        type = try fields.string("type")
        value = fields.object["value"] ?? .null
        info = try fields.fields("valueInfo")?.object ?? JSONObject()
    }
}

extension JSONFields {
    /// The variables of a map by name; none when it is missing or null.
    ///
    /// - Throws: ``APIError`` when the map or an entry is no object.
    func variables(_ name: String) throws(APIError) -> [VariableEntry] {
        guard let value = value(name) else { return [] }
        guard case .object(let object) = value else { throw .malformedBody }
        var entries: [VariableEntry] = []
        entries.reserveCapacity(object.count)
        var hasNull = false
        for (name, value) in object {
            if value.isNull {
                hasNull = true
            } else {
                entries.append(try VariableEntry(name: name, try JSONFields(value)))
            }
        }
        if hasNull { throw .nullPointer("A variable must be an object with a value") }
        return entries
    }
}

extension [VariableEntry] {
    /// The variables, converted to their types.
    ///
    /// - Throws: ``APIError`` for the first that cannot be.
    func inputs() throws(APIError) -> [VariableInput] {
        var inputs: [VariableInput] = []
        inputs.reserveCapacity(count)
        for entry in self { inputs.append(try entry.input()) }
        return inputs
    }
}
