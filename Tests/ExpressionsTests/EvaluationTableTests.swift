import Expressions
import OrderedCollections
import Testing

private typealias Variables = OrderedDictionary<String, Value>

/// The evaluation table of the BPMN reference, section 14.3.
@Suite struct `Evaluating` {
    @Test(
        arguments: [
            ("1+1", [:], .long(2)),
            ("a+b", ["a": .integer(1), "b": .long(2)], .long(3)),
            ("a+b", ["a": .string("1"), "b": .string("2")], .long(3)),
            ("a+b", ["a": .string("1.5"), "b": .string("2")], .double(3.5)),
            ("a+b", ["a": .string("1e1"), "b": .integer(2)], .double(12)),
            ("a+1", ["a": .null], .long(1)),
            ("a+a", ["a": .null], .long(0)),
            ("a/a", ["a": .null], .long(0)),
            ("a+1", ["a": .string("")], .long(1)),
            ("1 + 1.5", [:], .double(2.5)),
            ("5 - 7", [:], .long(-2)),
            ("5-7", [:], .long(-2)),
            ("2*3", [:], .long(6)),
            ("a*2", ["a": .short(3)], .long(6)),
            ("a*2", ["a": .double(1.5)], .double(3)),
            ("7/2", [:], .double(3.5)),
            ("7 div 2", [:], .double(3.5)),
            ("6/2", [:], .double(3)),
            ("1/0", [:], .double(.infinity)),
            ("7%2", [:], .long(1)),
            ("7 mod 2", [:], .long(1)),
            ("-7 % 2", [:], .long(-1)),
            ("7.5 % 2", [:], .double(1.5)),
            ("9223372036854775807 + 1", [:], .long(.min)),
            ("a - 1", ["a": .long(.min)], .long(.max)),
            ("a * 2", ["a": .long(.max)], .long(-2)),
            ("a % b", ["a": .long(.min), "b": .long(-1)], .long(0)),
            ("-a", ["a": .integer(5)], .integer(-5)),
            ("-a", ["a": .short(5)], .short(-5)),
            ("-a", ["a": .long(.min)], .long(.min)),
            ("-a", ["a": .double(5)], .double(-5)),
            ("-a", ["a": .string("5")], .long(-5)),
            ("-a", ["a": .string("5.0")], .double(-5)),
            ("-a", ["a": .null], .long(0)),
            ("--a", ["a": .integer(5)], .integer(5)),
        ] as [(String, Variables, Value)]
    )
    private func `numbers yields`(text: String, variables: Variables, result: Value) throws {
        #expect(try value(of: "${\(text)}", variables) == result)
    }

    @Test(
        arguments: [
            ("a==b", ["a": .integer(1), "b": .long(1)], true),
            ("a==b", ["a": .integer(1), "b": .double(1)], true),
            ("a eq b", ["a": .long(1), "b": .short(1)], true),
            ("a=='1'", ["a": .integer(1)], true),
            ("a=='1.0'", ["a": .double(1)], true),
            ("a=='x'", ["a": .string("x")], true),
            ("a==\"x\"", ["a": .string("y")], false),
            ("a==true", ["a": .string("true")], true),
            ("a==true", ["a": .string("yes")], false),
            ("a==null", ["a": .null], true),
            ("null==a", ["a": .integer(0)], false),
            ("a!=b", ["a": .integer(1), "b": .null], true),
            ("a ne b", ["a": .null, "b": .null], false),
            ("a==a", ["a": .double(.nan)], true),
            ("a==b", ["a": .double(0), "b": .double(-0.0)], false),
            ("a==b", ["a": .list([.integer(1)]), "b": .list([.integer(1)])], true),
            ("a==b", ["a": .list([.integer(1)]), "b": .list([.long(1)])], false),
            ("a==b", ["a": .map(["k": .null]), "b": .map(["k": .null])], true),
            ("a=='[1, 2]'", ["a": .list([.integer(1), .integer(2)])], true),
            ("a==b", ["a": .string("é"), "b": .string("e\u{301}")], false),
            ("a>'0'", ["a": .integer(1)], true),
            ("a > b", ["a": .string("10"), "b": .string("9")], false),
            ("a > 9", ["a": .string("10")], true),
            ("a < 9.5", ["a": .string("9")], true),
            ("a lt b", ["a": .string("a"), "b": .string("b")], true),
            ("a < null", ["a": .integer(1)], false),
            ("null <= null", [:], true),
            ("null >= null", [:], true),
            ("null < null", [:], false),
            ("a >= null", ["a": .integer(1)], false),
            ("1 le 1", [:], true),
            ("2 ge 3", [:], false),
            ("2 gt 1", [:], true),
            ("a < b", ["a": .boolean(false), "b": .boolean(true)], true),
            (
                "a < b", ["a": .date(.init(millisecondsSinceEpoch: 1)), "b": .date(.init(millisecondsSinceEpoch: 2))],
                true
            ),
            ("a <= a", ["a": .double(.nan)], false),
            ("empty a", ["a": .null], true),
            ("empty a", ["a": .string("")], true),
            ("empty a", ["a": .list([])], true),
            ("empty a", ["a": .map([:])], true),
            ("empty a", ["a": .integer(0)], false),
            ("not empty a", ["a": .string("x")], true),
            ("!empty a", ["a": .list([.null])], true),
            ("a && b", ["a": .boolean(true), "b": .null], false),
            ("a and b", ["a": .boolean(true), "b": .string("TRUE")], true),
            ("a || b", ["a": .null, "b": .boolean(true)], true),
            ("a or b", ["a": .string(""), "b": .string("no")], false),
            ("a || missing", ["a": .boolean(true)], true),
            ("a && missing", ["a": .boolean(false)], false),
            ("!a", ["a": .null], true),
            ("not a", ["a": .string("true")], false),
            ("a.equals(1)", ["a": .long(1)], true),
            ("a.equals(1)", ["a": .integer(1)], false),
        ] as [(String, Variables, Bool)]
    )
    private func `truth yields`(text: String, variables: Variables, result: Bool) throws {
        #expect(try value(of: "${\(text)}", variables) == .boolean(result))
    }

    @Test(
        arguments: [
            ("${a ? 1 : 2}", ["a": .string("true")], .long(1)),
            ("${a ? 1 : 2}", ["a": .null], .long(2)),
            ("${a.b}", ["a": .null], .null),
            ("${a.b.c}", ["a": .map([:])], .null),
            ("${a.k}", ["a": .map(["k": .integer(7)])], .integer(7)),
            ("${a['k']}", ["a": .map(["k": .integer(7)])], .integer(7)),
            ("${a[b]}", ["a": .map(["k": .integer(7)]), "b": .string("k")], .integer(7)),
            ("${a.x}", ["a": .map(["k": .integer(7)])], .null),
            ("${a[0]}", ["a": .list([.string("x")])], .string("x")),
            ("${a['0']}", ["a": .list([.string("x")])], .string("x")),
            ("${a[1]}", ["a": .list([.string("x")])], .null),
            ("${a[-1]}", ["a": .list([.string("x")])], .null),
            ("${a[0][1].k}", ["a": .list([.list([.null, .map(["k": .boolean(true)])])])], .boolean(true)),
            ("${a}", ["a": .date(.init(millisecondsSinceEpoch: 5))], .date(.init(millisecondsSinceEpoch: 5))),
            ("#{a}", ["a": .short(5)], .short(5)),
            ("x ${a} y", ["a": .integer(5)], .string("x 5 y")),
            ("${a}${b}", ["a": .integer(5), "b": .null], .string("5")),
            (" ${a}", ["a": .integer(5)], .string(" 5")),
            ("#{a}-#{b}", ["a": .double(5), "b": .boolean(true)], .string("5.0-true")),
            ("${a}|", ["a": .double(1e10)], .string("1.0E10|")),
            ("${a}|", ["a": .list([.integer(1), .null, .string("x")])], .string("[1, null, x]|")),
            ("${a}|", ["a": .map(["k": .integer(1), "l": .list([])])], .string("{k=1, l=[]}|")),
            (
                "${a}|", ["a": .date(.init(millisecondsSinceEpoch: 1_741_529_100_250))],
                .string("Sun Mar 09 14:05:00 UTC 2025|")
            ),
            ("plain", [:], .string("plain")),
            ("", [:], .string("")),
            ("\\${a}", [:], .string("${a}")),
            ("\\#{a} ${b}", ["b": .integer(1)], .string("#{a} 1")),
            ("a\\b \\\\${c", [:], .string("a\\b \\${c")),
            ("{\"a\": \"$5 #1\"}", [:], .string("{\"a\": \"$5 #1\"}")),
            ("${'it\\'s \\\\ \"}\"'}", [:], .string("it's \\ \"}\"")),
            ("${\"a'b\"}", [:], .string("a'b")),
            ("${1.5e2}", [:], .double(150)), ("${.5}", [:], .double(0.5)), ("${1.}", [:], .double(1)),
            ("${1e2}", [:], .double(100)),
            ("${null}", [:], .null), ("${ true }", [:], .boolean(true)), ("${(1)}", [:], .long(1)),
            ("${grün_1 + $x}", ["grün_1": .integer(1), "$x": .integer(2)], .long(3)),
        ] as [(String, Variables, Value)]
    )
    private func `access and text yields`(text: String, variables: Variables, result: Value) throws {
        #expect(try value(of: text, variables) == result)
    }

    @Test(
        arguments: [
            ("1+2*3", .long(7)), ("(1+2)*3", .long(9)), ("10-2-3", .long(5)), ("8/4/2", .double(1)),
            ("-2*3", .long(-6)),
            ("1+1==2", .boolean(true)), ("1<2==true", .boolean(true)), ("true||true&&false", .boolean(true)),
            ("true or true and false", .boolean(true)), ("!true||true", .boolean(true)),
            ("not false and false", .boolean(false)),
            ("false ? 1 : true ? 2 : 3", .long(2)), ("true ? false ? 1 : 2 : 3", .long(2)),
            ("1 == 1 ? 'a' : 'b'", .string("a")),
            ("empty '' && true", .boolean(true)), ("- 'abc'.length()", .integer(-3)),
            ("1+2>2 && 3 != 4", .boolean(true)),
            ("5 mod 3 + 1", .long(3)), ("2 * 7 div 2", .double(7)), ("true==false||true", .boolean(true)),
        ] as [(String, Value)]
    )
    func `binds operators as closely as they should`(text: String, result: Value) throws {
        #expect(try value(of: "${\(text)}") == result)
    }
}
