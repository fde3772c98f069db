package import OrderedCollections

/// What an expression works on and yields.
package enum Value: Sendable, Hashable {
    case null
    case boolean(Bool)
    case short(Int16)
    case integer(Int32)
    case long(Int64)
    case double(Double)
    case string(String)
    case date(Instant)
    case bytes([UInt8])
    case list([Value])
    case map(OrderedDictionary<String, Value>)
    /// Something that expressions cannot look into, such as a file or an object of a foreign type.
    case opaque(typeName: String, text: String?)
}

extension Value {
    /// The value as text, as it appears within composite text; nil for null.
    package var text: String? {
        switch self {
        case .null: nil
        case .boolean(let value): value ? "true" : "false"
        case .short(let value): String(value)
        case .integer(let value): String(value)
        case .long(let value): String(value)
        case .double(let value): DecimalText.of(value)
        case .string(let value): value
        case .date(let value): value.calendarText
        case .bytes(let value): "\(value.count) bytes"
        case .list(let values): "[\(values.map { $0.text ?? "null" }.joined(separator: ", "))]"
        case .map(let map): "{\(map.map { "\($0.key)=\($0.value.text ?? "null")" }.joined(separator: ", "))}"
        case .opaque(let typeName, let text): text ?? typeName
        }
    }

    /// The contract's name of the value's class, for messages.
    var className: String {
        switch self {
        case .null: "null"
        case .boolean: "class java.lang.Boolean"
        case .short: "class java.lang.Short"
        case .integer: "class java.lang.Integer"
        case .long: "class java.lang.Long"
        case .double: "class java.lang.Double"
        case .string: "class java.lang.String"
        case .date: "class java.util.Date"
        case .bytes: "class [B"
        case .list: "class java.util.ArrayList"
        case .map: "class java.util.LinkedHashMap"
        case .opaque(let typeName, _): "class \(typeName)"
        }
    }

    /// Whether this is a Short, an Integer or a Long.
    var isWhole: Bool {
        switch self {
        case .short, .integer, .long: true
        default: false
        }
    }
}
