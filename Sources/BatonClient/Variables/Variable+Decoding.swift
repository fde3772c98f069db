public import Foundation
import JSON

extension Variable {
    /// The value as a Swift type.
    ///
    /// Plain types (``VariableConvertible``) are read from the contract's types; any other `Decodable` type from Json,
    /// or from an Object or untyped value in JSON. One that is a single value, such as an enumeration of texts, is read
    /// from the plain types, too. Optional types are nil for a null.
    /// - Parameters:
    ///   - type: The type that is wanted.
    ///   - decoder: Reads what is in JSON, also as plain types; nil for the library's own, which takes moments as ISO
    ///     8601 texts or milliseconds since 1970.
    /// - Returns: The value.
    /// - Throws: ``BatonError``: ``BatonError/Code/variableMissing`` for a null,
    ///   ``BatonError/Code/variableOfOtherType``, ``BatonError/Code/variableUnreadable``.
    public func decode<Value: Decodable>(
        as type: Value.Type = Value.self,
        decoder: JSONDecoder? = nil
    ) throws -> Value {
        if let optional = type as? any OptionalValue.Type, let value = try optional.decode(self, decoder) as? Value {
            return value
        }
        try requireValue()
        if decoder == nil || jsonText == nil, let plain = type as? any VariableConvertible.Type,
            let value = try plain.init(variable: self) as? Value
        {
            return value
        }
        if let value = try fromJSON(type, decoder) ?? fromPlainValue(type) { return value }
        throw otherType(than: "\(type)")
    }

    /// The value as a type that reads variables itself.
    ///
    /// - Throws: ``BatonError``: ``BatonError/Code/variableMissing`` for a null,
    ///   ``BatonError/Code/variableUnreadable``; what the type throws.
    @_disfavoredOverload
    public func decode<Value: VariableConvertible>(as type: Value.Type = Value.self) throws -> Value {
        try requireValue()
        return try Value(variable: self)
    }

    /// Sees to it that there is a value that can be read.
    private func requireValue() throws {
        if isNull { throw BatonError(.variableMissing, message: "The variable is null") }
        if case .unreadable(let type, _, let reason) = content {
            throw BatonError(.variableUnreadable, message: "The variable of type \(type) cannot be read: \(reason)")
        }
    }

    /// A value from what is JSON; nil when nothing is.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/variableUnreadable``.
    func fromJSON<Value: Decodable>(_ type: Value.Type, _ decoder: JSONDecoder? = nil) throws -> Value? {
        guard let text = jsonText else { return nil }
        do {
            return try (decoder ?? .forVariables).decode(type, from: Data(text.utf8))
        } catch {
            throw Self.unreadable(type, error)
        }
    }

    /// A type that is a single value, from one of a plain type; nil when they do not go together.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/variableUnreadable``.
    private func fromPlainValue<Value: Decodable>(_ type: Value.Type) throws -> Value? {
        guard let value = plainValue else { return nil }
        do {
            return try JSONDecoder.forVariables.decode(type, from: Data(value.encoded()))
        } catch DecodingError.typeMismatch {
            return nil
        } catch {
            throw Self.unreadable(type, error)
        }
    }

    /// The value of a plain type as JSON has it; nil when it does not.
    private var plainValue: JSONValue? {
        switch content {
        case .boolean(let value): .boolean(value)
        case .short(let value): .integer(Int64(value))
        case .integer(let value): .integer(Int64(value))
        case .long(let value): .integer(value)
        case .double(let value): value.isFinite ? .number(value) : nil
        case .string(let text): .string(text)
        case .date(let date): Moment.isoText(of: date).map { .string($0) }
        default: nil
        }
    }

    private static func unreadable(_ type: Any.Type, _ error: any Error) -> BatonError {
        BatonError(.variableUnreadable, message: "The variable is no \(type): \(place(of: error))", cause: error)
    }

    /// The text of a String, Json, Xml or Object variable as it is; nil for others.
    public var text: String? {
        switch content {
        case .string(let text), .json(let text), .xml(let text): text
        case .object(let object): object.text
        default: nil
        }
    }

    /// What is known of a file; nil for other types.
    public var file: FileDescription? {
        if case .file(let file, _) = content { file } else { nil }
    }

    /// A serialized object; nil for other types.
    public var object: SerializedObject? {
        if case .object(let object) = content { object } else { nil }
    }

    /// The error for a type that the variable does not go with.
    ///
    /// For types of your own that are ``VariableConvertible``.
    public func otherType(than wanted: String) -> BatonError {
        BatonError(.variableOfOtherType, message: "The variable is \(type?.rawValue ?? "untyped"), not \(wanted)")
    }

    /// The text of what is JSON.
    var jsonText: String? {
        switch content {
        case .json(let text), .untyped(let text): text
        case .object(let object) where object.format?.contains("json") ?? true: object.text
        default: nil
        }
    }

    /// Where decoding failed, without the value, which is nobody's business.
    private static func place(of error: any Error) -> String {
        func path(_ context: DecodingError.Context, _ last: String? = nil) -> String {
            let names = context.codingPath.map(\.stringValue) + (last.map { [$0] } ?? [])
            return names.isEmpty ? "its root" : names.joined(separator: ".")
        }
        return switch error {
        case DecodingError.keyNotFound(let key, let context): "\(path(context, key.stringValue)) is missing"
        case DecodingError.valueNotFound(let type, let context): "\(path(context)) is null, not \(type)"
        case DecodingError.typeMismatch(let type, let context): "\(path(context)) is not \(type)"
        case DecodingError.dataCorrupted(let context): "\(path(context)) is corrupt"
        default: "\(Swift.type(of: error))"
        }
    }
}

/// `Optional`, whatever it wraps.
private protocol OptionalValue {
    static func decode(_ variable: Variable, _ decoder: JSONDecoder?) throws -> Self
}

extension Optional: OptionalValue where Wrapped: Decodable {
    fileprivate static func decode(_ variable: Variable, _ decoder: JSONDecoder?) throws -> Wrapped? {
        variable.isNull ? nil : try variable.decode(as: Wrapped.self, decoder: decoder)
    }
}

extension JSONEncoder {
    /// How values become Json variables: keys sorted, moments as ISO 8601 with milliseconds.
    static var forVariables: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            guard let text = Moment.isoText(of: date) else {
                // Not an `EncodingError`: it would show the date, and showing such a date can end the process.
                let place = (["The value"] + encoder.codingPath.map(\.stringValue)).joined(separator: ".")
                let reason = "\(place) is a date outside the years 0 to 9999, which cannot be sent"
                throw BatonError(.invalidArgument, message: reason)
            }
            try container.encode(text)
        }
        return encoder
    }
}

extension JSONDecoder {
    /// How Json variables become values: moments as ISO 8601 texts or as milliseconds since 1970, of the years 0
    /// to 9999.
    static var forVariables: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let date =
                if let milliseconds = try? container.decode(Double.self) {
                    Moment.date(milliseconds: milliseconds)
                } else {
                    Moment.date(try container.decode(String.self))
                }
            guard let date else {
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "not a date of the years 0 to 9999"
                )
            }
            return date
        }
        return decoder
    }
}
