import BatonClient
import Foundation
import Testing

@Suite struct `Variables that are compared and shown` {
    struct Order: Codable {
        var number = 7
        var currency = "EUR"
        var customer = "C-1"
        var isPaid = true
        var address = ["street": "Main", "city": "B", "zip": "1"]
    }

    @Test func `are written with sorted keys`() throws {
        #expect(
            try Variable.json(Order()).text
                == #"{"address":{"city":"B","street":"Main","zip":"1"},"currency":"EUR","customer":"C-1","isPaid":true,"#
                + #""number":7}"#
        )
        #expect(TaskOutcome.completed(["order": try .json(Order())]) == .completed(["order": try .json(Order())]))
    }

    @Test func `are equal when their content is`() throws {
        let (one, other) = ("{\"a\": [1, {\"b\": 2.0, \"c\": \"\\u0041\"}]}", "{\"a\":[1,{\"c\":\"A\",\"b\":2}]}")
        for make in [{ Variable.json(text: $0) }, { try .untyped(json: $0) }] as [(String) throws -> Variable] {
            #expect(try make(one) == make(other))
            #expect(Set([try make(one), try make(other)]).count == 1)
            #expect(try make(one) != make("{\"a\":[{\"b\":2,\"c\":\"A\"},1]}"))
            #expect(try make(one) != make(other).transient)
        }
        #expect(Variable.json(text: one) != (try Variable.untyped(json: one)))
        #expect(Variable.json(text: "1") != Variable.integer(1))
        #expect(Variable.json(text: "{") == Variable.json(text: "{"))
        #expect(Variable.json(text: "{") != Variable.json(text: "{ "))
        #expect(Set([Variable.json(text: "{"), .json(text: "{")]).count == 1)
        #expect(Variable.xml("<a/>") != Variable.xml("<a />"))
    }

    @Test func `show names and types, never values`() throws {
        let variables: Variables = [
            "b": "secret", "a": 42, "c": nil, "d": .null(of: .date), "e": .json(text: "\"secret\""),
            "f": try .untyped(json: "\"secret\""), "g": Variable("secret").transient,
            "h": .file(FileDescription(name: "secret"), content: [42]),
        ]
        let shown =
            "[a: Integer, b: String, c: Null, d: Date (null), e: Json, f: untyped, g: transient String, h: File]"
        #expect("\(variables)" == shown)
        #expect(String(reflecting: variables) == shown)
        #expect(String(reflecting: variables["b"]) == "Optional(String)")
        #expect("\(Variables())" == "[:]")
        let task = ExternalTask(id: "1", topic: "t", variables: variables)
        for text in ["\(task)", String(reflecting: task), "\(TaskOutcome.completed(variables, local: variables))"] {
            #expect(text.contains("a: Integer") && !text.contains("secret") && !text.contains("42"))
        }
    }
}
