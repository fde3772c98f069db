/// The name of a variable's type in the contract.
///
/// Servers may know further types; `VariableType(rawValue:)` names them.
public struct VariableType: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name as it is sent, with an upper-case first letter.
    public let rawValue: String

    /// A type by its name; the first letter may be lower case.
    public init(rawValue: String) {
        self.rawValue = rawValue.prefix(1).uppercased() + rawValue.dropFirst()
    }

    private init(_ name: String) {
        rawValue = name
    }

    /// No value and no type.
    public static let null = VariableType("Null")
    /// `true` or `false`.
    public static let boolean = VariableType("Boolean")
    /// A whole number of 16 bits.
    public static let short = VariableType("Short")
    /// A whole number of 32 bits.
    public static let integer = VariableType("Integer")
    /// A whole number of 64 bits.
    public static let long = VariableType("Long")
    /// A floating-point number of 64 bits.
    public static let double = VariableType("Double")
    /// A text; servers refuse those of more than 4,000 UTF-16 units.
    public static let string = VariableType("String")
    /// A moment with milliseconds.
    public static let date = VariableType("Date")
    /// Some bytes.
    public static let bytes = VariableType("Bytes")
    /// A file: bytes with a name, whose content is read by a call of its own.
    public static let file = VariableType("File")
    /// A JSON text.
    public static let json = VariableType("Json")
    /// An XML text.
    public static let xml = VariableType("Xml")
    /// A serialized object of the server's language, kept as it is.
    public static let object = VariableType("Object")

    /// The name as it is sent.
    public var description: String { rawValue }
}
