import BatonClient
import Foundation
import JSON

/// Variables as they are sent: objects with `type`, `value` and `valueInfo`.
enum WireVariable {
    /// The most UTF-16 units of a String.
    private static let maximumString = 4000
    /// The moment at which every test clock shows zero: 2025-01-01.
    static let epoch = Date(timeIntervalSince1970: 1_735_689_600)

    private static let classes: [VariableType: String] = [
        .boolean: "java.lang.Boolean", .short: "java.lang.Short", .integer: "java.lang.Integer",
        .long: "java.lang.Long",
        .double: "java.lang.Double", .string: "java.lang.String", .date: "java.util.Date", .bytes: "[B",
    ]
    private static let others: Set<VariableType> = [.null, .file, .json, .xml, .object]

    /// Reads what a request sets; transient ones are left out, because they are never stored.
    static func read(_ variables: JSONValue?) throws(Reply) -> [String: JSONValue] {
        guard let variables, !variables.isNull else { return [:] }
        guard let members = variables.objectValue else { throw .unreadable() }
        var read: [String: JSONValue] = [:]
        for (name, variable) in members {
            guard variable.objectValue != nil else { throw .unreadable() }
            let checked = try check(typed(variable))
            if variable["valueInfo"]?["transient"]?.boolValue != true { read[name] = checked }
        }
        return read
    }

    /// Writes variables of a test as a client sends them.
    static func wire(_ variables: Variables) throws -> [String: JSONValue] {
        var wire: [String: JSONValue] = [:]
        for (name, variable) in variables {
            var writer = JSONWriter()
            try variable.write(to: &writer)
            wire[name] = typed(try JSONParser.parse(writer.bytes))
        }
        return wire
    }

    /// Reads variables as a test looks at them.
    static func variables(_ wire: [String: JSONValue]) -> Variables {
        Variables(wire.mapValues { Variable(json: $0) })
    }

    /// Gives a variable without a type the one that the contract has for its value.
    static func typed(_ variable: JSONValue) -> JSONValue {
        let value = variable["value"] ?? .null
        let information = variable["valueInfo"] ?? [:]
        if let type = variable["type"]?.stringValue {
            return ["type": .string(VariableType(rawValue: type).rawValue), "value": value, "valueInfo": information]
        }
        let type: VariableType =
            switch value {
            case .null: .null
            case .boolean: .boolean
            case .integer(let number): Int32(exactly: number) == nil ? .long : .integer
            case .number: .double
            case .string: .string
            case .bigInteger, .array, .object: .object
            }
        guard type == .object else {
            return ["type": .string(type.rawValue), "value": value, "valueInfo": information]
        }
        return [
            "type": .string(type.rawValue), "value": .string(value.text),
            "valueInfo": [
                "objectTypeName": .string(className(of: value)), "serializationDataFormat": "application/json",
            ],
        ]
    }

    /// A variable as it is answered: files come without their content.
    static func answered(_ variable: JSONValue) -> JSONValue {
        guard variable["type"]?.stringValue == VariableType.file.rawValue else { return variable }
        return ["type": .string(VariableType.file.rawValue), "value": .null, "valueInfo": variable["valueInfo"] ?? [:]]
    }

    /// The content of a File or Bytes variable; nil for others.
    static func content(of variable: JSONValue) -> [UInt8]? {
        guard let type = variable["type"]?.stringValue,
            [VariableType.file.rawValue, VariableType.bytes.rawValue].contains(type)
        else { return nil }
        return Data(base64Encoded: variable["value"]?.stringValue ?? "").map { Array($0) }
    }

    /// A moment of the clock as a date of the contract.
    static func date(_ offset: Duration) -> String {
        let (seconds, attoseconds) = offset.components
        let date = epoch.addingTimeInterval(Double(seconds) + Double(attoseconds) / 1e18)
        var writer = JSONWriter()
        // What a variable is written as, a date is everywhere.
        guard (try? Variable.date(date).write(to: &writer)) != nil,
            let variable = try? JSONParser.parse(writer.bytes), let text = variable["value"]?.stringValue
        else { preconditionFailure("A date can always be written") }
        return text
    }

    private static func check(_ variable: JSONValue) throws(Reply) -> JSONValue {
        let name = variable["type"]?.stringValue ?? ""
        let type = VariableType(rawValue: name)
        let value = variable["value"] ?? .null
        guard classes[type] != nil || others.contains(type) else {
            throw .error(400, "RestException", "Unsupported value type '\(name)'", code: .null)
        }
        if case .unreadable = Variable(json: variable).content, let javaClass = classes[type] {
            throw .error(
                400,
                "InvalidRequestException",
                "Cannot convert value '\(value.stringValue ?? value.text)' of type '\(name)' to java type \(javaClass)",
                code: .null
            )
        }
        if type == .string, (value.stringValue ?? "").utf16.count > maximumString {
            throw .error(
                500,
                "ProcessEnginePersistenceException",
                "An exception occurred in the persistence layer. Please check the server logs for a detailed message and "
                    + "the entire exception stack trace.",
                code: 10_002
            )
        }
        return variable
    }

    private static func className(of value: JSONValue) -> String {
        switch value {
        case .bigInteger: "java.math.BigInteger"
        case .array: "java.util.ArrayList"
        default: "java.util.LinkedHashMap"
        }
    }
}
