/// A Swift type that one of the contract's plain types stands for.
///
/// `Bool`, the integers, `Double`, `Float`, `String`, `Date`, `[UInt8]`, `Data` and `UUID` are such types. Conform your
/// own, an identifier for instance, to read and write it like them; one that is `RawRepresentable` by such a type, as
/// `enum Colour: String` is, needs only to say so. Everything that is only `Codable` travels as Json.
public protocol VariableConvertible: Sendable {
    /// Reads a variable that is not null.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/variableOfOtherType`` when this type does not go with the
    ///   variable's.
    init(variable: Variable) throws
    /// The variable that this value is sent as.
    var variable: Variable { get }
}

extension VariableConvertible where Self: RawRepresentable, RawValue: VariableConvertible {
    /// From whatever the raw value is read from.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/variableUnreadable`` when nothing has this raw value; what the
    ///   raw value throws.
    public init(variable: Variable) throws {
        // A text in Json is meant, not the Json text around it.
        let rawValue = try variable.plain.text as? RawValue ?? RawValue(variable: variable)
        guard let value = Self(rawValue: rawValue) else {
            throw BatonError(.variableUnreadable, message: "The variable is no \(Self.self)")
        }
        self = value
    }

    /// What the raw value is sent as.
    public var variable: Variable { rawValue.variable }
}
