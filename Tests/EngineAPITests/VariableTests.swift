import EngineCore
import Expressions
import HTTPTypes
import JSON
import Testing

@testable import EngineAPI

@Suite struct `A variable in a request` {
    private func input(_ json: String) throws -> VariableInput {
        try #require(try fields("{\"v\":{\"x\":\(json)}}").variables("v").inputs().first)
    }

    private func value(_ json: String) throws -> VariableValue { try input(json).value }

    @Test(
        arguments: [
            (#"{"value":"s"}"#, .string("s")),
            (#"{"value":"2025-01-01T00:00:00.000+0000"}"#, .string("2025-01-01T00:00:00.000+0000")),
            (#"{"value":3}"#, .integer(3)),
            (#"{"value":3000000000}"#, .long(3_000_000_000)),
            (#"{"value":1.0}"#, .double(1)),
            (#"{"value":false}"#, .boolean(false)),
            (#"{"value":null}"#, .null),
            (#"{}"#, .null),
            (
                #"{"value":{"b":[1, 2]}}"#,
                .object(
                    ObjectValue(text: #"{"b":[1,2]}"#, typeName: "java.util.LinkedHashMap", format: "application/json")
                )
            ),
            (
                #"{"value":["a"]}"#,
                .object(ObjectValue(text: #"["a"]"#, typeName: "java.util.ArrayList", format: "application/json"))
            ),
        ] as [(String, VariableValue)]
    )
    func `without a type gets that of its value`(json: String, expected: VariableValue) throws {
        #expect(try value(json) == expected)
    }

    @Test(
        arguments: [
            ("Integer", "42", .integer(42)), ("integer", "\"5\"", .integer(5)), ("Integer", "\"\"", .integer(nil)),
            ("Integer", "null", .integer(nil)), ("Short", "-32768", .short(-32768)), ("Long", "\"12\"", .long(12)),
            ("Long", "9007199254740993", .long(9_007_199_254_740_993)), ("Double", "1", .double(1)),
            ("Double", "\"1e3\"", .double(1000)), ("Boolean", "\"TRUE\"", .boolean(true)),
            ("String", "5", .string("5")),
            ("String", "true", .string("true")), ("String", "{\"a\":1}", .string("{a=1}")),
            ("String", "[1,[\"x\"],null]", .string("[1, [x], null]")), ("String", "1e10", .string("1.0E10")),
            ("String", "1234.5", .string("1234.5")), ("String", "0.00012", .string("1.2E-4")),
            ("String", "123456789.125", .string("1.23456789125E8")), ("Null", "null", .null),
            ("Date", "\"1970-01-01T00:00:00.001+0000\"", .date(Instant(millisecondsSinceEpoch: 1))),
            ("Date", "\"\"", .date(nil)), ("Bytes", "\"aGVsbG8=\"", .bytes(Array("hello".utf8))),
            ("Bytes", "1234", .bytes([215, 109, 248])),
            ("Json", "\"{ broken\"", .json("{ broken")), ("xml", "\"<a/>\"", .xml("<a/>")),
            ("Json", "null", .json(nil)),
        ] as [(String, String, VariableValue)]
    )
    func `is converted to its type`(type: String, json: String, expected: VariableValue) throws {
        #expect(try value("{\"type\":\"\(type)\",\"value\":\(json)}") == expected)
    }

    @Test func `may be a Double that is not a number`() throws {
        guard case .double(let number?) = try value(#"{"type":"Double","value":"NaN"}"#) else {
            Issue.record("not a Double")
            return
        }
        #expect(number.isNaN)
    }

    @Test(arguments: [
        ("Integer", "5.7", "5.7", "java.lang.Integer"), ("Integer", "\"5.7\"", "5.7", "java.lang.Integer"),
        ("Integer", "3000000000", "3000000000", "java.lang.Integer"), ("integer", "true", "true", "java.lang.Integer"),
        ("Integer", "\"x\"", "x", "java.lang.Integer"), ("Short", "40000", "40000", "java.lang.Short"),
        ("Long", "9223372036854775808", "9223372036854775808", "java.lang.Long"),
        ("Boolean", "1", "1", "java.lang.Boolean"),
        ("Boolean", "\"yes\"", "yes", "java.lang.Boolean"), ("Double", "\"x\"", "x", "java.lang.Double"),
        ("Date", "0", "0", "java.util.Date"),
        ("Date", "\"2025-01-01T00:00:00Z\"", "2025-01-01T00:00:00Z", "java.util.Date"),
        ("Bytes", "\"a\"", "a", "[B"), ("Null", "1", "1", "javax.lang.model.type.NullType"),
    ])
    func `is refused when it cannot be converted`(type: String, json: String, text: String, javaClass: String) {
        #expect(
            throws: APIError.invalidRequest(
                "Cannot convert value '\(text)' of type '\(type)' to java type \(javaClass)"
            )
        ) { try value("{\"type\":\"\(type)\",\"value\":\(json)}") }
    }

    @Test(arguments: ["Foo", "STRING", ""])
    func `is refused with an unknown type`(type: String) {
        #expect(throws: APIError(.badRequest, "RestException", "Unsupported value type '\(type)'")) {
            try value("{\"type\":\"\(type)\",\"value\":1}")
        }
    }

    @Test(arguments: ["Json", "Xml", "Object"])
    func `is refused when structured and not text`(type: String) {
        let message = "Must provide 'null' or String value for value of SerializableValue type '\(type)'."
        #expect(throws: APIError.invalidRequest(message)) { try value("{\"type\":\"\(type)\",\"value\":{\"a\":1}}") }
    }

    @Test func `may be an object, kept byte for byte`() throws {
        let json = #"""
            {"type":"Object","value":"[ \"a\" ]",
             "valueInfo":{"objectTypeName":"a.B","serializationDataFormat":"application/json"}}
            """#
        #expect(try value(json) == .object(ObjectValue(text: "[ \"a\" ]", typeName: "a.B", format: "application/json")))
    }

    @Test func `is refused as an object that says too little or is Java's own`() {
        #expect(
            throws: APIError.engine(
                "Cannot write serialized value for variable 'x': no 'objectTypeName' provided for non-null value."
            )
        ) { try value(#"{"type":"Object","value":"{}","valueInfo":{"serializationDataFormat":"application/json"}}"#) }
        #expect(
            throws: APIError.engine(
                "Cannot find serializer for value 'ObjectValue [value=null, isDeserialized=false, "
                    + "serializationDataFormat=null, objectTypeName=a.B, serializedValue=2 chars, isTransient=false]'."
            )
        ) { try value(#"{"type":"Object","value":"{}","valueInfo":{"objectTypeName":"a.B"}}"#) }
        #expect(
            throws: APIError.engine(
                "ENGINE-17007 Cannot set variable with name x. Java serialization format is prohibited"
            )
        ) {
            try value(
                #"""
                {"type":"Object","value":"rO0=","valueInfo":
                 {"objectTypeName":"a.B","serializationDataFormat":"application/x-java-serialized-object"}}
                """#
            )
        }
    }

    @Test func `may be a file, its Base64 read leniently`() throws {
        let json =
            #"{"type":"File","value":"aGVs\nbG8","valueInfo":{"filename":"a.txt","mimeType":"text/plain","x":1}}"#
        let expected = FileValue(content: Array("hello".utf8), name: "a.txt", mimeType: "text/plain", encoding: nil)
        #expect(try value(json) == .file(expected))
        #expect(throws: APIError.self) { try value(#"{"type":"File","value":"aGk=","valueInfo":{}}"#) }
        #expect(throws: APIError.self) { try value(#"{"type":"File","value":null,"valueInfo":{"filename":"a"}}"#) }
    }

    @Test func `may be transient`() throws {
        #expect(try input(#"{"value":1,"valueInfo":{"transient":true}}"#).isTransient)
        #expect(try input(#"{"value":1,"type":"Integer","valueInfo":{"transient":true}}"#).isTransient)
        #expect(try !input(#"{"value":1}"#).isTransient)
        #expect(
            throws: APIError.invalidRequest("Cannot convert value '1' of type 'Integer' to java type java.lang.Integer")
        ) { try input(#"{"value":1,"type":"Integer","valueInfo":{"transient":"yes"}}"#) }
    }

    @Test(arguments: [#"{"v":{"x":5}}"#, #"{"v":[1]}"#, #"{"v":{"x":{"type":[]}}}"#, #"{"v":{"x":{"valueInfo":1}}}"#])
    func `is refused when its parts have the wrong form`(json: String) throws {
        let fields = try fields(json)
        #expect(throws: APIError.malformedBody) { try fields.variables("v") }
    }

    @Test func `is refused when it is null itself`() throws {
        let fields = try fields(#"{"v":{"x":null}}"#)
        let error = #expect(throws: APIError.self) { try fields.variables("v") }
        #expect(error?.type == "NullPointerException")
    }
}

@Suite struct `A variable in an answer` {
    private func text(_ value: VariableValue, as form: ValueForm = .serialized) throws -> String {
        var writer = JSONWriter()
        try writer.variable("x", value, as: form)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(
        arguments: [
            (.null, #"{"type":"Null","value":null,"valueInfo":{}}"#),
            (.integer(42), #"{"type":"Integer","value":42,"valueInfo":{}}"#),
            (.integer(nil), #"{"type":"Integer","value":null,"valueInfo":{}}"#),
            (.short(7), #"{"type":"Short","value":7,"valueInfo":{}}"#),
            (.double(1), #"{"type":"Double","value":1.0,"valueInfo":{}}"#),
            (.double(.nan), #"{"type":"Double","value":"NaN","valueInfo":{}}"#),
            (
                .date(Instant(millisecondsSinceEpoch: 0)),
                #"{"type":"Date","value":"1970-01-01T00:00:00.000+0000","valueInfo":{}}"#
            ),
            (.bytes(Array("hello".utf8)), #"{"type":"Bytes","value":"aGVsbG8=","valueInfo":{}}"#),
            (.json(#"{"a": 1}"#), #"{"type":"Json","value":"{\"a\": 1}","valueInfo":{}}"#),
            (
                .file(FileValue(content: [1], name: "a", mimeType: "text/plain", encoding: nil)),
                #"{"type":"File","value":null,"valueInfo":{"filename":"a","mimeType":"text/plain"}}"#
            ),
        ] as [(VariableValue, String)]
    )
    func `has its type, value and what is known of it`(value: VariableValue, json: String) throws {
        #expect(try text(value) == json)
    }

    @Test func `is the object's text, or the object itself`() throws {
        let list = VariableValue.object(
            ObjectValue(
                text: #"[ "a" ]"#,
                typeName: "java.util.ArrayList<java.lang.Object>",
                format: "application/json"
            )
        )
        #expect(
            try text(list) == #"{"type":"Object","value":"[ \"a\" ]","valueInfo":{"objectTypeName":"#
                + #""java.util.ArrayList<java.lang.Object>","serializationDataFormat":"application/json"}}"#
        )
        #expect(
            try text(list, as: .deserialized) == #"{"type":"Object","value":["a"],"valueInfo":{"objectTypeName":"#
                + #""java.util.ArrayList<java.lang.String>","serializationDataFormat":"application/json"}}"#
        )
    }

    @Test(arguments: [("{ broken", "application/json"), ("<a/>", "application/xml")])
    func `is refused when it cannot be deserialized`(content: String, format: String) {
        let value = VariableValue.object(ObjectValue(text: content, typeName: "a.B", format: format))
        let error = #expect(throws: APIError.self) { try text(value, as: .deserialized) }
        #expect(error?.message.hasPrefix("Cannot deserialize object in variable 'x': ") == true)
        #expect(error?.code == 0)
    }

    @Test(arguments: [[], [0], [0, 255], [1, 2, 3], Array(0...255)] as [[UInt8]])
    func `carries bytes that can be read back`(bytes: [UInt8]) throws {
        let text = String(decoding: Base64.encode(bytes), as: UTF8.self)
        #expect(Base64.decode(text, tolerating: .whiteSpace) == bytes)
        #expect(Base64.decode(text, tolerating: .everything) == bytes)
    }

    @Test(arguments: ["a", "aGk", "aGk=a", "a=b=", "!!!!", "aGk=="])
    func `has no strict Base64 in other forms`(text: String) {
        #expect(Base64.decode(text, tolerating: .whiteSpace) == nil)
    }
}
