public import Foundation
import JSON

/// The value of a process variable, with its type.
///
/// Made from literals (`["amount": 42, "currency": "EUR"]`), from Swift values (``init(_:)``), or by the functions
/// named after the contract's types when the exact type matters. Read by ``decode(as:decoder:)``, mostly through
/// ``Variables``.
///
/// Two variables are equal when type and value are. Json and untyped values count by their content: neither white space
/// nor the order of keys matters.
public struct Variable: Sendable, Hashable {
    /// What is held, one case for each type of the contract.
    package enum Content: Sendable, Hashable {
        /// No value, of a type.
        case null(VariableType)
        case boolean(Bool)
        case short(Int16)
        case integer(Int32)
        case long(Int64)
        case double(Double)
        case string(String)
        case date(Date)
        case bytes([UInt8])
        case file(FileDescription, content: [UInt8]?)
        case json(String)
        case xml(String)
        case object(SerializedObject)
        /// JSON text without a type, for the server to choose one.
        case untyped(String)
        /// What this library cannot read: a type that it does not know, or a value that does not go with its type.
        case unreadable(VariableType, value: String, reason: String)
    }

    package var content: Content
    /// Whether the value is gone when the call that sets it has had its effect; it is never stored.
    ///
    /// False for everything that comes from a server.
    public var isTransient: Bool

    package init(_ content: Content, isTransient: Bool = false) {
        self.content = content
        self.isTransient = isTransient
    }

    /// The type; nil for a value that was made by ``untyped(json:)``.
    public var type: VariableType? {
        switch content {
        case .null(let type): type
        case .boolean: .boolean
        case .short: .short
        case .integer: .integer
        case .long: .long
        case .double: .double
        case .string: .string
        case .date: .date
        case .bytes: .bytes
        case .file: .file
        case .json: .json
        case .xml: .xml
        case .object: .object
        case .untyped: nil
        case .unreadable(let type, _, _): type
        }
    }

    /// Whether there is no value, whatever the type.
    public var isNull: Bool {
        switch content {
        case .null: true
        case .untyped("null"): true
        default: false
        }
    }

    /// The same value, never stored: visible only for what the call that sets it brings about.
    public var transient: Variable { Variable(content, isTransient: true) }
}

// MARK: Making

extension Variable {
    /// The variable that a Swift value stands for; `nil` becomes ``null``.
    public init(_ value: (some VariableConvertible)?) {
        self = value?.variable ?? .null
    }

    /// No value and no type.
    public static let null = Variable(.null(.null))

    /// No value, of a type.
    public static func null(of type: VariableType) -> Variable { Variable(.null(type)) }

    /// A Boolean.
    public static func boolean(_ value: Bool) -> Variable { Variable(.boolean(value)) }

    /// A whole number of 16 bits.
    public static func short(_ value: Int16) -> Variable { Variable(.short(value)) }

    /// A whole number of 32 bits.
    public static func integer(_ value: Int32) -> Variable { Variable(.integer(value)) }

    /// A whole number of 64 bits.
    public static func long(_ value: Int64) -> Variable { Variable(.long(value)) }

    /// A floating-point number; also one that is not finite.
    public static func double(_ value: Double) -> Variable { Variable(.double(value)) }

    /// A text; servers refuse those of more than 4,000 UTF-16 units, for which ``json(_:encoder:)`` and ``xml(_:)``
    /// have room.
    public static func string(_ value: String) -> Variable { Variable(.string(value)) }

    /// A moment, sent in whole milliseconds; one outside the years 0 to 9999 cannot be sent.
    public static func date(_ value: Date) -> Variable { Variable(.date(value)) }

    /// Some bytes, sent with the call; for large ones see ``EngineClient/upload(_:as:to:in:)``.
    public static func bytes(_ value: some Sequence<UInt8>) -> Variable { Variable(.bytes(Array(value))) }

    /// A JSON text, as it is; it is not looked at.
    public static func json(text: String) -> Variable { Variable(.json(text)) }

    /// A Json variable that holds a value of your own.
    ///
    /// Without an encoder of your own, keys are sorted, and moments become ISO 8601 texts with milliseconds.
    /// - Throws: What encoding throws; ``BatonError`` with ``BatonError/Code/invalidArgument`` for a moment outside the
    ///   years 0 to 9999.
    public static func json(_ value: some Encodable, encoder: JSONEncoder? = nil) throws -> Variable {
        let data = try (encoder ?? .forVariables).encode(value)
        return Variable(.json(String(decoding: data, as: UTF8.self)))
    }

    /// An XML text, as it is; it is not looked at.
    public static func xml(_ text: String) -> Variable { Variable(.xml(text)) }

    /// A serialized object; the server keeps it byte for byte.
    public static func object(_ object: SerializedObject) -> Variable { Variable(.object(object)) }

    /// A file with its content, sent with the call.
    ///
    /// Content of many megabytes had better be sent by ``EngineClient/upload(_:as:to:in:)``, which needs no memory for
    /// it.
    public static func file(_ description: FileDescription, content: some Sequence<UInt8>) -> Variable {
        Variable(.file(description, content: Array(content)))
    }

    /// A JSON value without a type: the server chooses one.
    ///
    /// Texts become String, numbers Integer, Long or Double, objects and arrays Object.
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidArgument`` when the text is not JSON.
    public static func untyped(json text: String) throws -> Variable {
        do {
            return Variable(.untyped(try JSONParser.parse(text).text))
        } catch {
            throw BatonError(.invalidArgument, message: "An untyped variable must be JSON: \(error)", cause: error)
        }
    }
}

// MARK: Literals

extension Variable: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation
{
    /// No value and no type.
    public init(nilLiteral: ()) { self = .null }
    /// A Boolean.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// An Integer when the number fits 32 bits, otherwise a Long, as the contract has it for numbers without a type.
    public init(integerLiteral value: Int) { self = value.variable }
    /// A Double.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A String.
    public init(stringLiteral value: String) { self = .string(value) }
}
