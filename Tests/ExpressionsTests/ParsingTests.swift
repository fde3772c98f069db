import Expressions
import OrderedCollections
import Testing

@Suite struct `Parsing an expression` {
    @Test(arguments: [
        "${}", "${ }", "${a", "a ${", "${a}${", "${a b}", "${1 +}", "${+ 1}", "${a = 1}", "${a & b}", "${a | b}",
        "${(a}", "${a)}",
        "${a ? b}", "${a ? b :}", "${a.}", "${a.1}", "${a[}", "${a[1}", "${a.b(}", "${a.b(1,)}", "${'a}", "${\"a}",
        "${'\\n'}",
        "${'\\\"'}", "${a}#{b}", "#{a} ${b}", "${9223372036854775808}", "${99999999999999999999999}", "${a @ b}",
        "${a;b}",
        "${[1]}", "${{1}}", "${a -> b}", "${not}", "${empty}", "${a.true}", "${1 2}", "${a!b}",
    ])
    func `refuses bad syntax`(text: String) {
        #expect(throws: ExpressionSyntaxError.self) { try Expression.parse(text) }
    }

    @Test(arguments: [
        ("${S(x)}", "Unknown function 'S'", 2), ("a ${JSON('{}').prop('x')}", "Unknown function 'JSON'", 4),
        ("${XML(x)}", "Unknown function 'XML'", 2), ("${ foo() }", "Unknown function 'foo'", 3),
        ("${now(1)}", "The function 'now' takes no arguments", 2), ("${}", "Expected an expression, not '}'", 2),
        ("${a}#{b}", "${…} and #{…} cannot be mixed in one text", 4), ("${a = 1}", "Assignment is not supported", 4),
        ("${a", "The expression has no end: expected '}'", 3),
    ])
    func `says what is wrong and where`(text: String, reason: String, offset: Int) {
        #expect(throws: ExpressionSyntaxError(reason: reason, offset: offset)) { try Expression.parse(text) }
    }

    @Test(
        arguments: [
            ("plain", "plain", false), ("", "", false), ("\\${a}", "${a}", false), ("${a}", nil, true),
            ("#{a}", nil, true),
            (" ${a}", nil, false), ("${a}${b}", nil, false), ("{x}", "{x}", false), ("$ {x} #", "$ {x} #", false),
        ] as [(String, String?, Bool)]
    )
    func `tells literals, single and composite texts apart`(text: String, literal: String?, isSingle: Bool) throws {
        let expression = try Expression.parse(text)
        #expect(expression.text == text)
        #expect(expression.literalText == literal)
        #expect(expression.isLiteral == (literal != nil))
        #expect(expression.isSingle == isSingle)
    }

    @Test(
        arguments: [
            ("plain", [], false), ("${a + b.c[d] > e.f(g)}", ["a", "b", "d", "e", "g"], false),
            ("${a} ${now()} ${b}", ["a", "b"], false),
            ("${execution.getVariable('x-y')}", ["execution", "x-y"], false),
            ("${execution.hasVariable('x')}", ["execution", "x"], false),
            ("${execution.getVariableLocal(\"x\")}", ["execution", "x"], false),
            ("${execution.getVariable(a)}", ["execution", "a"], true),
            ("${execution.getVariable(1)}", ["execution", "1"], false), ("${execution.variables}", ["execution"], true),
            ("${execution.getVariables()}", ["execution"], true), ("${execution[a]}", ["execution", "a"], true),
            ("${execution.setVariable('x', y)}", ["execution", "y"], false),
            ("${(execution).variables}", ["execution"], true),
            ("${a ? b : !c}", ["a", "b", "c"], false), ("${execution.id}", ["execution"], false),
        ] as [(String, Set<String>, Bool)]
    )
    func `tells which variables are read`(text: String, names: Set<String>, any: Bool) throws {
        let expression = try Expression.parse(text)
        #expect(expression.referencedNames == names)
        #expect(expression.mayReadAnyVariable == any)
    }

    @Test func `bounds length and depth`() throws {
        let depth = ExpressionLimits.depth
        func nested(_ count: Int) -> String {
            "${" + String(repeating: "(", count: count) + "1" + String(repeating: ")", count: count) + "}"
        }
        #expect(try value(of: nested(depth - 1)) == .long(1))
        #expect(throws: ExpressionSyntaxError.self) { try Expression.parse(nested(depth)) }
        #expect(throws: ExpressionSyntaxError.self) { try Expression.parse(nested(30_000)) }
        #expect(try value(of: "${1" + String(repeating: "+1", count: depth - 1) + "}") == .long(Int64(depth)))
        for piece in ["+1", ".a", "[0]", "?1:1", ".a()", "&&1"] {
            let text = "${1" + String(repeating: piece, count: 10_000) + "}"
            #expect(throws: ExpressionSyntaxError.self) { try Expression.parse(text) }
        }
        for piece in ["-", "!", "not ", "empty ", "a[", "a.b(", "1?", "1+("] {
            let text = "${" + String(repeating: piece, count: 10_000) + "1}"
            #expect(throws: ExpressionSyntaxError.self) { try Expression.parse(text) }
        }
        let longest = String(repeating: "x", count: ExpressionLimits.textLength)
        #expect(try Expression.parse(longest).isLiteral)
        #expect(throws: ExpressionSyntaxError.self) { try Expression.parse(longest + "x") }
    }

    @Test func `and evaluating survives random input`() throws {
        let pieces = [
            "${", "#{", "}", "a", "b", "execution", ".", "[", "]", "(", ")", "'", "\"", "\\", "1", "2.5", "e", " ", "+",
            "-", "*",
            "/", "%", "==", "<", "&&", "||", "!", "not", "empty", "?", ":", ",", "null", "true", "size", "length",
            "getVariable",
            "substring", "now", "\u{0}", "é", "😀", "\u{301}", "div", "mod",
        ]
        var random = SplitMix(state: 1)
        for _ in 0..<20_000 {
            let length = Int.random(in: 1..<14, using: &random)
            let body = (0..<length).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            guard let expression = try? Expression.parse("${" + body + "}") else { continue }
            var scene = Scene(["a": .list([.integer(1), .string("x")]), "b": .string("12")])
            scene.objects[.execution] = ["id": .string("1")]
            _ = try? expression.evaluate(in: &scene)
        }
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = try? Expression.parse("${" + String(decoding: bytes, as: UTF8.self) + "}")
        }
    }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
