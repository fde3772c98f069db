import BatonClient
import Foundation
import JSON
import Testing

@Suite struct `A variable` {
    struct Order: Codable, Equatable {
        var id: UUID
        var placed: Date
        var lines: [String]
    }

    private func written(_ variable: Variable) throws -> JSONValue {
        var writer = JSONWriter()
        try variable.write(to: &writer)
        return try JSONParser.parse(writer.bytes)
    }

    /// Each type, as it is written and read.
    static let types: [(Variable, JSONValue)] = [
        (.null, ["type": "Null", "value": nil]),
        (.null(of: .integer), ["type": "Integer", "value": nil]),
        (.boolean(true), ["type": "Boolean", "value": true]),
        (.short(-7), ["type": "Short", "value": -7]),
        (.integer(.max), ["type": "Integer", "value": 2_147_483_647]),
        (.long(.min), ["type": "Long", "value": .integer(.min)]),
        (.double(1), ["type": "Double", "value": 1.0]),
        (.double(.infinity), ["type": "Double", "value": "Infinity"]),
        (.string("ä\"\u{0}"), ["type": "String", "value": "ä\"\u{0}"]),
        (
            .date(Date(timeIntervalSince1970: 1_741_529_100.25)),
            ["type": "Date", "value": "2025-03-09T14:05:00.250+0000"]
        ),
        (.bytes([0, 255]), ["type": "Bytes", "value": "AP8="]),
        (.json(text: "{\"a\": 1}"), ["type": "Json", "value": "{\"a\": 1}"]),
        (.xml("<a/>"), ["type": "Xml", "value": "<a/>"]),
        (
            .object(SerializedObject(text: "[]", typeName: "java.util.List")),
            [
                "type": "Object", "value": "[]",
                "valueInfo": ["objectTypeName": "java.util.List", "serializationDataFormat": "application/json"],
            ]
        ),
    ]

    @Test(arguments: types) func `of every type is written and read`(variable: Variable, json: JSONValue) throws {
        #expect(try written(variable) == json)
        #expect(Variable(json: json) == variable)
    }

    @Test func `may be a file, whose content is not read with it`() throws {
        let file = FileDescription(name: "r.pdf", mimeType: "application/pdf")
        #expect(
            try written(.file(file, content: [1, 2]))
                == [
                    "type": "File", "value": "AQI=", "valueInfo": ["filename": "r.pdf", "mimeType": "application/pdf"],
                ]
        )
        let read = Variable(
            json: ["type": "File", "value": nil, "valueInfo": ["filename": "r.pdf", "mimeType": "application/pdf"]]
        )
        #expect(read.file == file)
        #expect(!read.isNull)
        #expect(throws: BatonError.self) { try written(read) }
    }

    @Test func `may be transient or untyped`() throws {
        #expect(
            try written(.string("a").transient) == ["type": "String", "value": "a", "valueInfo": ["transient": true]]
        )
        #expect(try written(.untyped(json: "{\"a\":[1]}")) == ["value": ["a": [1]]])
        #expect(throws: BatonError.self) { try Variable.untyped(json: "{") }
    }

    @Test func `comes from literals and Swift values`() {
        let variables: Variables = ["a": 1, "b": 3_000_000_000, "c": 1.5, "d": "x", "e": true, "f": nil]
        #expect(
            Dictionary(uniqueKeysWithValues: variables.map { ($0.key, $0.value.type) })
                == ["a": .integer, "b": .long, "c": .double, "d": .string, "e": .boolean, "f": .null]
        )
        #expect(Variable(Int64(1)).type == .long)
        #expect(Variable(Optional<String>.none) == .null)
    }

    @Test func `holds a value of one's own as Json`() throws {
        let order = Order(id: UUID(), placed: Date(timeIntervalSince1970: 1_741_529_100.25), lines: ["a/b"])
        let variables: Variables = ["order": try .json(order)]
        #expect(try variables.require("order") == order)
        #expect(variables["order"]?.text?.contains("\"2025-03-09T14:05:00.250Z\"") == true)
        let object = SerializedObject(text: variables["order"]?.text ?? "", typeName: "com.example.Order")
        #expect(try Variable.object(object).decode(as: Order.self) == order)
    }

    @Test func `is read as the types that go with it`() throws {
        #expect(try Variable.short(3).decode(as: Int.self) == 3)
        #expect(try Variable.long(3).decode(as: Double.self) == 3)
        #expect(try Variable.bytes([1]).decode(as: Data.self) == Data([1]))
        #expect(try Variable.json(text: "5").decode(as: Int.self) == 5)
        #expect(try Variable.json(text: "[1,2]").decode(as: [Int].self) == [1, 2])
        #expect(try Variable.null.decode(as: Int?.self) == nil)
        #expect(try Variable.integer(1).decode(as: Int?.self) == 1)
        #expect(
            try Variable.string("6B7D4B5E-0000-0000-0000-000000000001").decode(as: UUID.self).uuidString.hasSuffix("1")
        )
    }

    @Test(arguments: [
        ("text", BatonError.Code.variableOfOtherType), ("large", .variableUnreadable), ("none", .variableMissing),
        ("null", .variableMissing), ("odd", .variableUnreadable), ("json", .variableOfOtherType),
    ])
    func `says which variable cannot be read, and why`(name: String, code: BatonError.Code) throws {
        let variables: Variables = [
            "text": "5", "large": .long(.max), "null": nil, "json": .json(text: "{\"secret\":true}"),
            "odd": Variable(json: ["type": "Integer", "value": "five"]),
        ]
        let error = #expect(throws: BatonError.self) { try variables.require(name, as: Int32.self) }
        #expect(error?.code == code)
        #expect(error?.variable == name)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func `of a type that nobody knows is kept apart`() throws {
        let variable = Variable(json: ["type": "Number", "value": 5, "valueInfo": [:]])
        #expect(variable.type?.rawValue == "Number")
        #expect(throws: BatonError.self) { try variable.decode(as: Int.self) }
    }

    @Test(arguments: [
        "1969-12-31T23:59:59.999+0000", "2000-02-29T00:00:00.000+0000", "1900-03-01T12:00:00.001+0000",
        "9999-12-31T23:59:59.999+0000", "2024-12-31T23:59:59.000+0000",
    ])
    func `keeps every date`(text: String) throws {
        let json: JSONValue = ["type": "Date", "value": .string(text)]
        #expect(try written(Variable(json: json)) == json)
        let expected = try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let read = try Variable(json: json).decode(as: Date.self)
        #expect(abs(read.timeIntervalSince(expected)) < 0.000_5)
    }

    @Test(arguments: [
        "2025-03-09T16:05:00.250+0200", "2025-03-09T09:05:00.250-0500", "2025-03-09T14:05:00.25Z",
        "2025-03-09T15:05:00.250000+01:00",
    ])
    func `understands other zones`(text: String) throws {
        let read = try Variable(json: ["type": "Date", "value": .string(text)]).decode(as: Date.self)
        #expect(read == Date(timeIntervalSince1970: 1_741_529_100.25))
    }
}
