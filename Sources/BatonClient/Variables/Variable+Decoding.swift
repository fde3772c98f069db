import Foundation

extension Variable {
    /// The value as a Swift type.
    ///
    /// Plain types (``VariableConvertible``) are read from the contract's types; any other `Decodable` type from Json, or
    /// from an Object or untyped value in JSON. `Optional`s are nil for a null.
    /// - Throws: ``BatonError``: ``BatonError/Code/variableMissing`` for a null, ``BatonError/Code/variableOfOtherType``,
    ///   ``BatonError/Code/variableUnreadable``.
    public func decode<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        fatalError("not yet")
    }
}

extension JSONEncoder {
    /// How values become Json variables: moments as ISO 8601 with milliseconds.
    static var forVariables: JSONEncoder { JSONEncoder() }
}

extension Int: VariableConvertible {
    /// Reads it.
    public init(variable: Variable) throws { fatalError("not yet") }
    /// Sent as.
    public var variable: Variable { .long(Int64(self)) }
}
