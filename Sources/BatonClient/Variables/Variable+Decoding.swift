import Foundation

extension Variable {
    /// The value as a Swift type.
    ///
    /// Plain types (``VariableConvertible``) are read from the contract's types; any other `Decodable` type from Json,
    /// or from an Object or untyped value in JSON. Optional types are nil for a null.
    /// - Throws: ``BatonError``: ``BatonError/Code/variableMissing`` for a null,
    ///   ``BatonError/Code/variableOfOtherType``, ``BatonError/Code/variableUnreadable``.
    public func decode<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        if let optional = type as? any OptionalValue.Type, let value = try optional.decode(self) as? Value {
            return value
        }
        if isNull { throw BatonError(.variableMissing, message: "The variable is null") }
        if case .unreadable(let type, _, let reason) = content {
            throw BatonError(.variableUnreadable, message: "The variable of type \(type) cannot be read: \(reason)")
        }
        if let plain = type as? any VariableConvertible.Type, let value = try plain.init(variable: self) as? Value {
            return value
        }
        guard let value = try fromJSON(type) else { throw otherType(than: "\(type)") }
        return value
    }

    /// A value from what is JSON; nil when nothing is.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/variableUnreadable``.
    func fromJSON<Value: Decodable>(_ type: Value.Type) throws -> Value? {
        guard let text = jsonText else { return nil }
        do {
            return try JSONDecoder.forVariables.decode(type, from: Data(text.utf8))
        } catch {
            throw BatonError(
                .variableUnreadable,
                message: "The variable is no \(type): \(Self.place(of: error))",
                cause: error
            )
        }
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
    static func decode(_ variable: Variable) throws -> Self
}

extension Optional: OptionalValue where Wrapped: Decodable {
    fileprivate static func decode(_ variable: Variable) throws -> Wrapped? {
        variable.isNull ? nil : try variable.decode(as: Wrapped.self)
    }
}

extension JSONEncoder {
    /// How values become Json variables: moments as ISO 8601 with milliseconds.
    static var forVariables: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            guard let text = Moment.isoText(of: date) else {
                let reason = "A date outside the years 0 to 9999"
                throw EncodingError.invalidValue(date, .init(codingPath: encoder.codingPath, debugDescription: reason))
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
