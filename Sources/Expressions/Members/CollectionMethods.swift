import OrderedCollections

/// The methods of lists.
struct ListMethods {
    private let values: [Value]

    init(_ values: [Value]) {
        self.values = values
    }

    /// The result, or nil when there is no such method.
    func call(_ name: String, _ arguments: [Value]) throws(EvaluationFailure) -> Value? {
        switch (name, arguments.count) {
        case ("size", 0): .integer(Int32(clamping: values.count))
        case ("isEmpty", 0): .boolean(values.isEmpty)
        case ("contains", 1): .boolean(index(of: arguments[0]) != nil)
        case ("indexOf", 1): .integer(index(of: arguments[0]).map { Int32(clamping: $0) } ?? -1)
        case ("get", 1): try element(at: Int(arguments[0].coercedToInteger()))
        default: nil
        }
    }

    private func index(of value: Value) -> Int? {
        values.firstIndex { Comparison.areSame($0, value) }
    }

    private func element(at index: Int) throws(EvaluationFailure) -> Value {
        guard values.indices.contains(index) else {
            throw .failed(cause: "A list of \(values.count) elements has none at index \(index)")
        }
        return values[index]
    }
}

/// The methods of maps.
struct MapMethods {
    private let map: OrderedDictionary<String, Value>

    init(_ map: OrderedDictionary<String, Value>) {
        self.map = map
    }

    /// The result, or nil when there is no such method.
    func call(_ name: String, _ arguments: [Value]) throws(EvaluationFailure) -> Value? {
        switch (name, arguments.count) {
        case ("size", 0): .integer(Int32(clamping: map.count))
        case ("isEmpty", 0): .boolean(map.isEmpty)
        case ("keySet", 0): .list(map.keys.map { .string($0) })
        case ("values", 0): .list(Array(map.values))
        case ("get", 1): entry(arguments[0]) ?? .null
        case ("containsKey", 1): .boolean(entry(arguments[0]) != nil)
        case ("containsValue", 1): .boolean(map.values.contains { Comparison.areSame($0, arguments[0]) })
        default: nil
        }
    }

    private func entry(_ key: Value) -> Value? {
        guard case .string(let name) = key else { return nil }
        return map[name]
    }
}
