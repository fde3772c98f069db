import JSON

// Whole numbers: the signed types stand for the contract's type of the same width, the others for the next one.
extension Variable {
    /// The whole number, from a Short, Integer or Long, or from Json.
    fileprivate func wholeNumber<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        let number: Number? =
            switch plain {
            case .short(let value): Number(exactly: value)
            case .integer(let value): Number(exactly: value)
            case .long(let value): Number(exactly: value)
            case .json(let text), .untyped(let text):
                Number(try longDigits(text, type))
            default: throw otherType(than: "\(type)")
            }
        guard let number else {
            throw BatonError(.variableUnreadable, message: "The variable's value is out of the bounds of \(type)")
        }
        return number
    }

    /// The digits of a JSON number of more than 64 bits, which none of the contract's types holds.
    private func longDigits(_ text: String, _ type: Any.Type) throws -> String {
        guard case .bigInteger(let digits) = try? JSONParser.parse(text) else { throw otherType(than: "\(type)") }
        return digits
    }
}

extension FixedWidthInteger {
    /// An Integer when it fits 32 bits, otherwise a Long, as the contract has it for numbers without a type; Json when
    /// it does not fit 64 bits either.
    fileprivate var shortestVariable: Variable {
        if let value = Int32(exactly: self) { return .integer(value) }
        return Int64(exactly: self).map { .long($0) } ?? .json(text: "\(self)")
    }
}

extension Int8: VariableConvertible {
    /// From Short, Integer and Long, when it fits.
    public init(variable: Variable) throws {
        self = try variable.wholeNumber(Int8.self)
    }

    /// A Short.
    public var variable: Variable { .short(Int16(self)) }
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
    public var variable: Variable { shortestVariable }
}

extension UInt8: VariableConvertible {
    /// From Short, Integer and Long, when it fits.
    public init(variable: Variable) throws {
        self = try variable.wholeNumber(UInt8.self)
    }

    /// A Short.
    public var variable: Variable { .short(Int16(self)) }
}

extension UInt16: VariableConvertible {
    /// From Short, Integer and Long, when it fits.
    public init(variable: Variable) throws {
        self = try variable.wholeNumber(UInt16.self)
    }

    /// An Integer.
    public var variable: Variable { .integer(Int32(self)) }
}

extension UInt32: VariableConvertible {
    /// From Short, Integer and Long, when it fits.
    public init(variable: Variable) throws {
        self = try variable.wholeNumber(UInt32.self)
    }

    /// A Long.
    public var variable: Variable { .long(Int64(self)) }
}

extension UInt64: VariableConvertible {
    /// From Short, Integer and Long, when it fits.
    public init(variable: Variable) throws {
        self = try variable.wholeNumber(UInt64.self)
    }

    /// A Long; Json when it does not fit.
    public var variable: Variable { Int64(exactly: self).map { .long($0) } ?? .json(text: "\(self)") }
}

extension UInt: VariableConvertible {
    /// From Short, Integer and Long, when it fits.
    public init(variable: Variable) throws {
        self = try variable.wholeNumber(UInt.self)
    }

    /// An Integer when it fits 32 bits, otherwise a Long; Json when it does not fit 64 bits with a sign.
    public var variable: Variable { shortestVariable }
}
