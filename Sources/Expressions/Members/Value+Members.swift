import OrderedCollections

extension Value {
    /// A property, an element of a list or an entry of a map; null when the list or map has none such.
    func property(_ key: Value) throws(EvaluationFailure) -> Value {
        if case .null = key { throw .noProperty("null", of: className) }
        switch self {
        case .map(let map):
            guard case .string(let name) = key else { return .null }
            return map[name] ?? .null
        case .list(let values):
            let index = try key.coercedToIndex()
            return values.indices.contains(index) ? values[index] : .null
        case .bytes(let bytes):
            let index = try key.coercedToIndex()
            return bytes.indices.contains(index) ? .short(Int16(Int8(bitPattern: bytes[index]))) : .null
        case .date(let date):
            switch key.coercedToText() {
            case "time", "millis": return .long(date.millisecondsSinceEpoch)
            case let name: throw .noProperty(name, of: className)
            }
        case .null, .boolean, .short, .integer, .long, .double, .string, .opaque:
            throw .noProperty(key.coercedToText(), of: className)
        }
    }

    /// Calls a method, one of those in the BPMN reference, section 14.2.
    func call(_ name: String, _ arguments: [Value]) throws(EvaluationFailure) -> Value {
        switch (name, arguments.count) {
        case ("equals", 1): return .boolean(Comparison.areSame(self, arguments[0]))
        case ("toString", 0): return try .bounded(coercedToText())
        default: break
        }
        let result: Value? =
            switch self {
            case .string(let text): try TextMethods(text).call(name, arguments)
            case .list(let values): try ListMethods(values).call(name, arguments)
            case .map(let map): try MapMethods(map).call(name, arguments)
            case .date(let date): try DateMethods(date).call(name, arguments)
            case .short, .integer, .long, .double: try number(name, arguments)
            case .boolean: name == "booleanValue" && arguments.isEmpty ? self : nil
            case .null, .bytes, .opaque: nil
            }
        guard let result else { throw .noMethod(name, arguments.count, of: className) }
        return result
    }

    private func number(_ name: String, _ arguments: [Value]) throws(EvaluationFailure) -> Value? {
        switch (name, arguments.count) {
        case ("longValue", 0): .long(try coercedToLong())
        case ("doubleValue", 0): .double(try coercedToDouble())
        case ("intValue", 0): .integer(try coercedToInteger())
        case ("shortValue", 0): .short(Int16(truncatingIfNeeded: try coercedToInteger()))
        default: nil
        }
    }

    /// Text that an evaluation may yield.
    static func bounded(_ text: String) throws(EvaluationFailure) -> Value {
        guard text.utf8.count <= ExpressionLimits.resultLength else { throw .resultTooLong }
        return .string(text)
    }
}

// MARK: Arguments

extension Value {
    /// 32 bits: a fraction is cut off and held within the range, a Long loses its upper half.
    func coercedToInteger() throws(EvaluationFailure) -> Int32 {
        if case .double(let value) = self { return Int32(clamping: Int64(saturating: value)) }
        return Int32(truncatingIfNeeded: try coercedToLong())
    }

    /// A place in a list; also a text of digits, and false and true for 0 and 1.
    fileprivate func coercedToIndex() throws(EvaluationFailure) -> Int {
        if case .boolean(let value) = self { return value ? 1 : 0 }
        guard self != .string("") else { throw .cannotCoerce(self, to: "class java.lang.Integer") }
        return Int(try coercedToInteger())
    }

    /// Text that must not be null.
    func asText() throws(EvaluationFailure) -> String {
        guard let text else { throw .failed(cause: "An argument is null") }
        return text
    }
}
