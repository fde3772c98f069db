import JSON
import Testing

@Suite struct `Writing JSON` {
    @Test(
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), (0, "0"), (-15, "-15"),
            (.integer(.min), "-9223372036854775808"),
            (.integer(.max), "9223372036854775807"), (.bigInteger("123456789012345678901"), "123456789012345678901"),
            (1.0, "1.0"), (-0.5, "-0.5"), (.number(1e300), "1.0e+300"), (.number(1.5e-9), "1.5e-09"),
            (.number(.nan), "\"NaN\""), (.number(.infinity), "\"Infinity\""), (.number(-.infinity), "\"-Infinity\""),
            ("", "\"\""), ("é😀/", "\"é😀/\""), ("\"\\\u{8}\t\n\u{C}\r", #""\"\\\b\t\n\f\r""#),
            ("\0\u{1F}\u{7F}", "\"\\u0000\\u001F\u{7F}\""),
            ([], "[]"), ([1, [], "a"], #"[1,[],"a"]"#), ([:], "{}"),
            (["b": 1, "a": ["c": nil]], #"{"b":1,"a":{"c":null}}"#),
        ] as [(JSONValue, String)]
    )
    func `yields compact text`(value: JSONValue, text: String) {
        #expect(value.text == text)
        #expect(value.encoded() == Array(text.utf8))
    }

    @Test func `streams what is written piece by piece`() {
        var writer = JSONWriter(reservingCapacity: 100)
        writer.beginObject()
        writer.member("id", "x")
        writer.member("none", nil as String?)
        writer.member("count", 3)
        writer.member("limit", Int32.min)
        writer.member("share", 2.0)
        writer.member("isOpen", true)
        writer.member("json", ["a": 1])
        writer.key("list")
        writer.beginArray()
        writer.value(1)
        writer.value(nil as Int64?)
        writer.null()
        writer.value(false)
        writer.raw("{}".utf8)
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.endObject()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"id":"x","none":null,"count":3,"limit":-2147483648,"share":2.0,"isOpen":true,"json":{"a":1},"#
                + #""list":[1,null,null,false,{},{}]}"#
        )
    }

    @Test func `and parsing again yields the same value`() throws {
        var random = SplitMix(state: 0x5EED)
        for _ in 0..<500 {
            let value = JSONValue.random(depth: 4, using: &random)
            #expect(try JSONParser.parse(value.encoded()) == value)
        }
    }
}

/// Random numbers that are the same in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension JSONValue {
    fileprivate static func random(depth: Int, using random: inout SplitMix) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .boolean(.random(using: &random))
        case 2: return .integer(Int64(bitPattern: random.next()) >> Int.random(in: 0..<64, using: &random))
        case 3:
            let number = Double(bitPattern: random.next())
            return .number(number.isFinite ? number : 0.25)
        case 4: return .number(Double(Int32.random(in: -1000...1000, using: &random)) / 8)
        case 5: return .string(text(using: &random))
        case 6: return .array((0..<3).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            return .object(
                JSONObject((0..<3).map { _ in (text(using: &random), .random(depth: depth - 1, using: &random)) })
            )
        }
    }

    private static func text(using random: inout SplitMix) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<12, using: &random) {
            let range: ClosedRange<UInt32> = Bool.random(using: &random) ? 0...0x7F : 0...0x10FFFF
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { text.append(scalar) }
        }
        return String(text)
    }
}
