public import Foundation
import JSON

// What Json and untyped variables hold may be read as the plain values that they are.
extension Variable {
    /// The same as a variable of a plain type, if it is a plain value in JSON.
    fileprivate var plain: Variable.Content {
        guard let text = jsonText, let value = try? JSONParser.parse(text) else { return content }
        return switch value {
        case .boolean(let value): .boolean(value)
        case .integer(let value): Int64(value).variable.content
        case .number(let value): .double(value)
        case .string(let value): .string(value)
        default: content
        }
    }

    /// The whole number, from a Short, Integer or Long.
    fileprivate func wholeNumber<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        let value: Int64 =
            switch plain {
            case .short(let value): Int64(value)
            case .integer(let value): Int64(value)
            case .long(let value): value
            default: throw otherType(than: "\(type)")
            }
        guard let number = Number(exactly: value) else {
            throw BatonError(.variableUnreadable, message: "The variable's value is out of the bounds of \(type)")
        }
        return number
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

extension Int16: VariableConvertible {
    /// From Short, Integer and Long, when it fits.
    public init(variable: Variable) throws {
        self = try variable.wholeNumber(Int16.self)
    }

    /// A Short.
    public var variable: Variable { .short(self) }
}

extension Int32: VariableConvertible {
    /// From Short, Integer and Long, when it fits.
    public init(variable: Variable) throws {
        self = try variable.wholeNumber(Int32.self)
    }

    /// An Integer.
    public var variable: Variable { .integer(self) }
}

extension Int64: VariableConvertible {
    /// From Short, Integer and Long, when it fits.
    public init(variable: Variable) throws {
        self = try variable.wholeNumber(Int64.self)
    }

    /// A Long.
    public var variable: Variable { .long(self) }
}

extension Int: VariableConvertible {
    /// From Short, Integer and Long, when it fits.
    public init(variable: Variable) throws {
        self = try variable.wholeNumber(Int.self)
    }

    /// An Integer when it fits 32 bits, otherwise a Long, as the contract has it for numbers without a type.
    public var variable: Variable { Int32(exactly: self).map { .integer($0) } ?? .long(Int64(self)) }
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
    /// From Bytes.
    public init(variable: Variable) throws {
        guard case .bytes(let value) = variable.plain else { throw variable.otherType(than: "Bytes") }
        self = value
    }

    /// Bytes.
    public var variable: Variable { .bytes(self) }
}

extension Data: VariableConvertible {
    /// From Bytes.
    public init(variable: Variable) throws {
        self = Data(try [UInt8](variable: variable))
    }

    /// Bytes.
    public var variable: Variable { .bytes(self) }
}

extension UUID: VariableConvertible {
    /// From a String in the usual form.
    public init(variable: Variable) throws {
        guard let value = UUID(uuidString: try String(variable: variable)) else {
            throw BatonError(.variableUnreadable, message: "The variable is no UUID")
        }
        self = value
    }

    /// A String in the usual form, in lower case.
    public var variable: Variable { .string(uuidString.lowercased()) }
}

extension Variable.Content {
    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
