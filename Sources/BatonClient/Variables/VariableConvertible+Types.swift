public import Foundation
import JSON

// What Json and untyped variables hold may be read as the plain values that they are.
extension Variable {
    /// The same as a variable of a plain type, if it is a plain value in JSON.
    var plain: Variable.Content {
        guard let text = jsonText, let value = try? JSONParser.parse(text) else { return content }
        return switch value {
        case .boolean(let value): .boolean(value)
        case .integer(let value): Int64(value).variable.content
        case .number(let value): .double(value)
        case .string(let value): .string(value)
        default: content
        }
    }
}

extension Bool: VariableConvertible {
    /// From Boolean.
    public init(variable: Variable) throws {
        guard case .boolean(let value) = variable.plain else { throw variable.otherType(than: "Bool") }
        self = value
    }

    /// A Boolean.
    public var variable: Variable { .boolean(self) }
}

extension Double: VariableConvertible {
    /// From Double and whole numbers.
    public init(variable: Variable) throws {
        switch variable.plain {
        case .double(let value): self = value
        case .short(let value): self = Double(value)
        case .integer(let value): self = Double(value)
        case .long(let value): self = Double(value)
        default: throw variable.otherType(than: "Double")
        }
    }

    /// A Double.
    public var variable: Variable { .double(self) }
}

extension Float: VariableConvertible {
    /// From Double and whole numbers, rounded.
    public init(variable: Variable) throws {
        self = Float(try Double(variable: variable))
    }

    /// A Double.
    public var variable: Variable { .double(Double(self)) }
}

extension String: VariableConvertible {
    /// From String; from Json, Xml and Object their text as it is.
    public init(variable: Variable) throws {
        guard let text = variable.text ?? variable.plain.text else { throw variable.otherType(than: "String") }
        self = text
    }

    /// A String.
    public var variable: Variable { .string(self) }
}

extension Date: VariableConvertible {
    /// From Date; from Json, a text in ISO 8601 or the milliseconds since 1970.
    public init(variable: Variable) throws {
        switch variable.plain {
        case .date(let value): self = value
        default:
            guard let date = try variable.fromJSON(Date.self) else { throw variable.otherType(than: "Date") }
            self = date
        }
    }

    /// A Date, in whole milliseconds.
    public var variable: Variable { .date(self) }
}

extension Array: VariableConvertible where Element == UInt8 {
    /// From Bytes; from Json, an array of numbers.
    public init(variable: Variable) throws {
        if case .bytes(let value) = variable.content {
            self = value
        } else if let value = try variable.fromJSON([UInt8].self) {
            self = value
        } else {
            throw variable.otherType(than: "Bytes")
        }
    }

    /// Bytes.
    public var variable: Variable { .bytes(self) }
}

extension Data: VariableConvertible {
    /// From Bytes; from Json, a text in Base64.
    public init(variable: Variable) throws {
        if case .bytes(let value) = variable.content {
            self = Data(value)
        } else if let value = try variable.fromJSON(Data.self) {
            self = value
        } else {
            throw variable.otherType(than: "Bytes")
        }
    }

    /// Bytes.
    public var variable: Variable { .bytes(self) }
}

extension UUID: VariableConvertible {
    /// From a String in the usual form.
    public init(variable: Variable) throws {
        guard let text = variable.plain.text else { throw variable.otherType(than: "UUID") }
        guard let value = UUID(uuidString: text) else {
            throw BatonError(.variableUnreadable, message: "The variable is no UUID")
        }
        self = value
    }

    /// A String in the usual form, in lower case.
    public var variable: Variable { .string(uuidString.lowercased()) }
}

extension Variable.Content {
    /// The text of a String; nil for others.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
