import Foundation
package import JSON

extension Variable {
    /// Reads a variable as the contract writes it; never fails, because one odd value must not cost a whole fetch.
    package init(json: JSONValue) {
        guard let type = json["type"]?.stringValue.map({ VariableType(rawValue: $0) }) else {
            self.init(.untyped((json["value"] ?? .null).text))
            return
        }
        let value = json["value"] ?? .null
        if type == .file {
            self.init(.file(FileDescription(json["valueInfo"]), content: nil))
        } else if value.isNull {
            self.init(.null(type))
        } else {
            self.init(Content(type, value, json["valueInfo"]))
        }
    }

    /// Writes the variable as the contract has it.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidArgument`` when it cannot be sent.
    package func write(to writer: inout JSONWriter) throws {
        writer.beginObject()
        if let type { writer.member("type", type.rawValue) }
        writer.key("value")
        var information: [(String, JSONValue)] = isTransient ? [("transient", true)] : []
        switch content {
        case .null: writer.null()
        case .boolean(let value): writer.value(value)
        case .short(let value): writer.value(Int64(value))
        case .integer(let value): writer.value(Int64(value))
        case .long(let value): writer.value(value)
        case .double(let value): writer.value(value)
        case .string(let value), .json(let value), .xml(let value): writer.value(value)
        case .date(let value):
            guard let text = Moment.text(of: value) else {
                throw Self.unsendable("A date outside the years 0 to 9999")
            }
            writer.value(text)
        case .bytes(let value): writer.value(Data(value).base64EncodedString())
        case .object(let object):
            writer.value(object.text)
            information += [
                ("objectTypeName", object.typeName.map { .string($0) } ?? .null),
                ("serializationDataFormat", object.format.map { .string($0) } ?? .null),
            ]
        case .file(let file, let bytes):
            guard let bytes else { throw Self.unsendable("The content of the file \(file.name) is not here") }
            writer.value(Data(bytes).base64EncodedString())
            information.append(("filename", .string(file.name)))
            if let mimeType = file.mimeType { information.append(("mimeType", .string(mimeType))) }
            if let encoding = file.encoding { information.append(("encoding", .string(encoding))) }
        case .untyped(let text): writer.raw(text.utf8)
        case .unreadable(let type, _, _): throw Self.unsendable("A value of type \(type) that could not be read")
        }
        if !information.isEmpty { writer.member("valueInfo", .object(JSONObject(information))) }
        writer.endObject()
    }

    private static func unsendable(_ reason: String) -> BatonError {
        BatonError(.invalidArgument, message: "\(reason) cannot be sent")
    }
}

extension Variables {
    /// Reads an object of variables; an empty one for anything else.
    package init(json: JSONValue?) {
        var values: [String: Variable] = [:]
        for (name, value) in json?.objectValue ?? JSONObject() {
            values[name] = Variable(json: value)
        }
        self.init(values)
    }

    /// Writes a member with these variables, unless there are none.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidArgument`` and the name of one that cannot be sent.
    package func writeMember(_ name: String, to writer: inout JSONWriter) throws {
        guard !isEmpty else { return }
        writer.key(name)
        try write(to: &writer)
    }

    /// Writes these variables as an object.
    ///
    /// - Throws: As ``writeMember(_:to:)``.
    package func write(to writer: inout JSONWriter) throws {
        writer.beginObject()
        for (name, variable) in self {
            writer.key(name)
            do {
                try variable.write(to: &writer)
            } catch var error as BatonError {
                error.variable = name
                throw error
            }
        }
        writer.endObject()
    }
}

// MARK: Reading

extension Variable.Content {
    /// A value that is not null, of a type.
    fileprivate init(_ type: VariableType, _ value: JSONValue, _ information: JSONValue?) {
        self =
            Self.read(type, value, information)
            ?? .unreadable(
                type,
                value: value.stringValue ?? value.text,
                reason: "not a value of this type"
            )
    }

    private static func read(_ type: VariableType, _ value: JSONValue, _ information: JSONValue?) -> Self? {
        switch type {
        case .boolean: value.boolValue.map { .boolean($0) }
        case .short: value.int64Value.flatMap { Int16(exactly: $0) }.map { .short($0) }
        case .integer: value.int64Value.flatMap { Int32(exactly: $0) }.map { .integer($0) }
        case .long: value.int64Value.map { .long($0) }
        case .double: double(value).map { .double($0) }
        case .string: value.stringValue.map { .string($0) }
        case .date: value.stringValue.flatMap { Moment.date($0) }.map { .date($0) }
        case .bytes: value.stringValue.flatMap { Data(base64Encoded: $0) }.map { .bytes(Array($0)) }
        // What a server has deserialized comes as JSON instead of text.
        case .json: .json(value.stringValue ?? value.text)
        case .xml: .xml(value.stringValue ?? value.text)
        case .object:
            .object(
                SerializedObject(
                    text: value.stringValue ?? value.text,
                    typeName: information?["objectTypeName"]?.stringValue,
                    format: information?["serializationDataFormat"]?.stringValue
                )
            )
        default:
            .unreadable(type, value: value.stringValue ?? value.text, reason: "an unknown type")
        }
    }

    private static func double(_ value: JSONValue) -> Double? {
        switch value.stringValue {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        case .some: nil
        case nil: value.doubleValue
        }
    }
}

extension FileDescription {
    fileprivate init(_ information: JSONValue?) {
        self.init(
            name: information?["filename"]?.stringValue ?? "",
            mimeType: information?["mimeType"]?.stringValue,
            encoding: information?["encoding"]?.stringValue
        )
    }
}
