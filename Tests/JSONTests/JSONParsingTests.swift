import JSON
import Testing

@Suite struct `Parsing JSON` {
    @Test(
        arguments: [
            ("null", .null), ("true", .boolean(true)), ("false", .boolean(false)), (" \t\r\n1 ", .integer(1)),
            ("0", .integer(0)), ("-0", .integer(0)), ("-12", .integer(-12)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .bigInteger("9223372036854775808")),
            ("-9223372036854775809", .bigInteger("-9223372036854775809")),
            ("1.0", .number(1)), ("-0.0", .number(-0.0)), ("1e3", .number(1000)), ("1E+3", .number(1000)),
            ("1e-3", .number(0.001)), ("0.1", .number(0.1)), ("-1.5e2", .number(-150)),
            ("17976931348623157e292", .number(.greatestFiniteMagnitude)), ("5e-324", .number(.leastNonzeroMagnitude)),
            ("123456789012345678901234567890.5", .number(123456789012345678901234567890.5)),
            ("\"\"", .string("")), ("\"a\"", .string("a")), ("\"é😀\"", .string("é😀")),
            ("[]", .array([])), ("[ ]", .array([])), ("[1, [2], {}]", [1, [2], [:]]),
            ("{}", .object([:])), (#"{ "a" : 1 , "b":[ null ] }"#, ["a": 1, "b": [nil]]),
            ("\u{FEFF}1", .integer(1)),
        ] as [(String, JSONValue)]
    )
    func `yields the value`(text: String, value: JSONValue) throws {
        #expect(try JSONParser.parse(text) == value)
        #expect(try JSONParser.parse(Array(text.utf8)) == value)
    }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9""#, "Aé"), (#""x\uD83D\uDE00y""#, "x😀y"),
        (#""\u0000""#, "\0"), (#""\uFFFF""#, "\u{FFFF}"),
    ])
    func `reads escapes`(text: String, value: String) throws {
        #expect(try JSONParser.parse(text) == .string(value))
    }

    @Test func `takes the last of several members with one name`() throws {
        let value = try JSONParser.parse(#"{"a":1,"b":2,"a":3}"#)
        #expect(value == ["a": 3, "b": 2])
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[1,]", .unexpectedByte(UInt8(ascii: "]")), 3),
            (#"{"a":1,}"#, .unexpectedByte(UInt8(ascii: "}")), 7), ("{a:1}", .unexpectedByte(UInt8(ascii: "a")), 1),
            ("'a'", .unexpectedByte(UInt8(ascii: "'")), 0), ("/* */1", .unexpectedByte(UInt8(ascii: "/")), 0),
            ("[1 2]", .unexpectedByte(UInt8(ascii: "2")), 3), (#"{"a" 1}"#, .unexpectedByte(UInt8(ascii: "1")), 5),
            ("01", .invalidNumber, 1), ("-", .unexpectedEnd, 1), ("-a", .invalidNumber, 1), ("1.", .unexpectedEnd, 2),
            ("[1.]", .invalidNumber, 3), (".5", .unexpectedByte(UInt8(ascii: ".")), 0), ("1e", .unexpectedEnd, 2),
            ("+1", .unexpectedByte(UInt8(ascii: "+")), 0), ("nul", .unexpectedEnd, 3), ("nulx", .invalidLiteral, 0),
            ("NaN", .unexpectedByte(UInt8(ascii: "N")), 0), ("\"a", .unexpectedEnd, 2),
            ("\"\n\"", .controlCharacter, 1),
            (#""\x""#, .invalidEscape, 2), (#""\u12g4""#, .invalidEscape, 5), (#""\uD800""#, .loneSurrogate, 3),
            (#""\uDC00""#, .loneSurrogate, 3), (#""\uD800\u0041""#, .loneSurrogate, 3),
            (#""\uD800\n""#, .loneSurrogate, 3),
            ("1 2", .trailingText, 2), ("{", .unexpectedEnd, 1), ("[", .unexpectedEnd, 1),
            (#"{"a":"#, .unexpectedEnd, 5),
            ("]", .unexpectedByte(UInt8(ascii: "]")), 0), ("truefalse", .trailingText, 4),
        ] as [(String, JSONSyntaxError.Reason, Int)]
    )
    func `refuses what is not JSON and says where`(text: String, reason: JSONSyntaxError.Reason, offset: Int) {
        #expect(throws: JSONSyntaxError(reason: reason, offset: offset)) { try JSONParser.parse(text) }
    }

    @Test(
        arguments: [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]]
    )
    func `refuses invalid UTF-8`(bytes: [UInt8]) {
        let quote = [UInt8(ascii: "\"")]
        #expect(throws: JSONSyntaxError(reason: .invalidUTF8, offset: 1)) {
            try JSONParser.parse(quote + bytes + quote)
        }
        let escaped = quote + Array(#"\n"#.utf8) + bytes + quote
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(escaped) }
    }

    @Test func `ignores text after the value when asked to`() throws {
        #expect(try JSONParser.parse("{} garbage", trailing: .ignored) == [:])
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse("{} garbage") }
    }

    @Test func `bounds the depth`() throws {
        let deepest = JSONParser.maximumDepth
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        var value = try JSONParser.parse(nested(deepest))
        for _ in 1..<deepest { value = try #require(value[0]) }
        #expect(value == [])
        #expect(throws: JSONSyntaxError(reason: .nestedTooDeeply, offset: deepest)) {
            try JSONParser.parse(nested(deepest + 1))
        }
        #expect(throws: JSONSyntaxError(reason: .nestedTooDeeply, offset: deepest * 5)) {
            try JSONParser.parse(String(repeating: #"{"a":"#, count: 100_000))
        }
    }

    @Test func `bounds the length of numbers`() throws {
        let longest = String(repeating: "9", count: JSONParser.maximumNumberLength)
        #expect(try JSONParser.parse(longest) == .bigInteger(longest))
        #expect(throws: JSONSyntaxError(reason: .numberTooLong, offset: 0)) { try JSONParser.parse(longest + "9") }
        #expect(try JSONParser.parse("1e99999999999999999999") == .number(.infinity))
        #expect(try JSONParser.parse("1e-99999999999999999999") == .number(0))
    }

    @Test func `does not need contiguous bytes`() throws {
        let bytes = Array("[1,2]".utf8)
        #expect(try JSONParser.parse(bytes.lazy.map { $0 }) == [1, 2])
        #expect(try JSONParser.parse(bytes[1...1]) == 1)
    }

    @Test func `survives every cut and every changed byte`() throws {
        let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\n"],"b":{"c":null,"d":true}}"#.utf8)
        for length in text.indices {
            #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text[..<length]) }
        }
        for index in text.indices {
            for byte in [0, 0x22, 0x5C, 0x7B, 0x7D, 0x80, 0xFF] as [UInt8] {
                var changed = text
                changed[index] = byte
                _ = try? JSONParser.parse(changed)
            }
        }
    }
}

@Suite struct `Parts of a JSON value` {
    @Test func `are read by name and index`() throws {
        let value = try JSONParser.parse(#"{"a":[1,"x",true,2.5,null],"n":18446744073709551616}"#)
        #expect(value["a"]?[0]?.int64Value == 1)
        #expect(value["a"]?[1]?.stringValue == "x")
        #expect(value["a"]?[2]?.boolValue == true)
        #expect(value["a"]?[3]?.doubleValue == 2.5)
        #expect(value["a"]?[4]?.isNull == true)
        #expect(value["a"]?.arrayValue?.count == 5)
        #expect(value["n"]?.doubleValue == 18_446_744_073_709_551_616)
        #expect(value["a"]?[5] == nil)
        #expect(value["b"] == nil)
        #expect(value[0] == nil)
    }

    @Test func `keep the order of an object`() throws {
        var object = try #require(try JSONParser.parse(#"{"z":1,"a":2}"#).objectValue)
        object["m"] = "x"
        #expect(object.map(\.key) == ["z", "a", "m"])
        #expect(Array(object.keys) == ["z", "a", "m"])
        #expect(Array(object.values) == [1, 2, "x"])
        object["a"] = nil
        #expect(object.count == 2)
    }
}
