/// A Swift type that one of the contract's plain types stands for.
///
/// `Bool`, the integers, `Double`, `Float`, `String`, `Date`, `[UInt8]`, `Data` and `UUID` are such types. Conform your
/// own, an identifier for instance, to read and write it like them. Everything that is only `Codable` travels as Json.
public protocol VariableConvertible: Sendable {
    /// Reads a variable that is not null.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/variableOfOtherType`` when this type does not go with the
    ///   variable's.
    init(variable: Variable) throws
    /// The variable that this value is sent as.
    var variable: Variable { get }
}
