public import Foundation

/// The variables of a task, or those to set, by name.
///
/// ```swift
/// let amount: Int = try task.variables.require("amount")
/// let note: String? = try task.variables.value("note")
/// let order: Order = try task.variables.require("order")   // Codable, from Json
/// return ["receipt": .string(receipt.id), "total": try .json(total)]
/// ```
public struct Variables: Sendable, Hashable {
    package var values: [String: Variable]

    /// No variables.
    public init() {
        values = [:]
    }

    /// These variables.
    public init(_ values: [String: Variable]) {
        self.values = values
    }

    /// The variable of this name; setting nil takes it out.
    public subscript(name: String) -> Variable? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// The names, in no order.
    public var names: some Collection<String> { values.keys }

    /// How many there are.
    public var count: Int { values.count }

    /// Whether there are none.
    public var isEmpty: Bool { values.isEmpty }

    /// Adds others, which win over those of the same name.
    public mutating func merge(_ others: Variables) {
        values.merge(others.values) { _, new in new }
    }
}

// MARK: Reading

extension Variables {
    /// The value of a variable that must be there and must not be null.
    ///
    /// Plain types (``VariableConvertible``) are read from the contract's types; any other `Decodable` type from Json,
    /// or from an Object or untyped value in JSON (``Variable/decode(as:decoder:)``).
    /// - Parameters:
    ///   - name: The variable's name.
    ///   - type: The type that is wanted.
    ///   - decoder: Reads what is in JSON; nil for the library's own.
    /// - Returns: The value.
    /// - Throws: ``BatonError`` with the variable's name: ``BatonError/Code/variableMissing`` when there is none or it
    ///   is null, ``BatonError/Code/variableOfOtherType`` or ``BatonError/Code/variableUnreadable`` when it cannot be
    ///   read.
    public func require<Value: Decodable>(
        _ name: String,
        as type: Value.Type = Value.self,
        decoder: JSONDecoder? = nil
    ) throws -> Value {
        guard let value = try value(name, as: type, decoder: decoder) else { throw Self.missing(name) }
        return value
    }

    /// The value of a variable; nil when there is none or it is null.
    ///
    /// - Throws: ``BatonError`` as ``require(_:as:decoder:)``, apart from a missing one.
    public func value<Value: Decodable>(
        _ name: String,
        as type: Value.Type = Value.self,
        decoder: JSONDecoder? = nil
    ) throws -> Value? {
        try reading(name) { try $0.decode(as: type, decoder: decoder) }
    }

    /// The value of a variable that must be there and must not be null, as a type that reads variables itself.
    ///
    /// - Throws: As ``require(_:as:decoder:)``.
    @_disfavoredOverload
    public func require<Value: VariableConvertible>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        guard let value = try value(name, as: type) else { throw Self.missing(name) }
        return value
    }

    /// The value of a variable as a type that reads variables itself; nil when there is none or it is null.
    ///
    /// - Throws: As ``require(_:as:decoder:)``, apart from a missing one.
    @_disfavoredOverload
    public func value<Value: VariableConvertible>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
        try reading(name) { try $0.decode(as: type) }
    }

    private func reading<Value>(_ name: String, _ read: (Variable) throws -> Value) throws -> Value? {
        guard let variable = values[name], !variable.isNull else { return nil }
        do {
            return try read(variable)
        } catch var error as BatonError {
            error.variable = name
            throw error
        }
    }

    private static func missing(_ name: String) -> BatonError {
        BatonError(.variableMissing, message: "There is no variable \(name)", variable: name)
    }
}

// MARK: Going through them

extension Variables: Sequence {
    /// Goes through names and values, in no order.
    public func makeIterator() -> some IteratorProtocol<(key: String, value: Variable)> { values.makeIterator() }
}

extension Variables: ExpressibleByDictionaryLiteral {
    /// These variables; of several with one name the last counts.
    public init(dictionaryLiteral elements: (String, Variable)...) {
        values = Dictionary(elements) { _, last in last }
    }
}
