import Expressions
import OrderedCollections
import Testing

private typealias Variables = OrderedDictionary<String, Value>

@Suite struct `A failing evaluation` {
    @Test(
        arguments: [
            (
                "${missing}", [:],
                "Unknown property used in expression: ${missing}. Cause: Cannot resolve identifier 'missing'"
            ),
            (
                "${empty o}", [:],
                "Unknown property used in expression: ${empty o}. Cause: Cannot resolve identifier 'o'"
            ),
            (
                "${o == null}", [:],
                "Unknown property used in expression: ${o == null}. Cause: Cannot resolve identifier 'o'"
            ),
            (
                "alert-${o}", [:],
                "Unknown property used in expression: alert-${o}. Cause: Cannot resolve identifier 'o'"
            ),
            (
                "${execution.id}", [:],
                "Unknown property used in expression: ${execution.id}. Cause: Cannot resolve identifier 'execution'"
            ),
            (
                "${a.b}", ["a": .string("x")],
                "Unknown property used in expression: ${a.b}. Cause: Could not find property b in class java.lang.String"
            ),
            (
                "${a.b()}", ["a": .null],
                "Unknown property used in expression: ${a.b()}. Cause: 'a' is null, so it has no methods"
            ),
            (
                "${a.b()}", ["a": .string("x")],
                "Unknown method used in expression: ${a.b()}. "
                    + "Cause: Could not find method b with 0 arguments in class java.lang.String"
            ),
            (
                "${a == 1}", ["a": .boolean(true)],
                "Error while evaluating expression: ${a == 1}. "
                    + "Cause: Cannot coerce from class java.lang.Boolean to class java.lang.Long"
            ),
            ("${1%0}", [:], "Error while evaluating expression: ${1%0}. Cause: Division by zero"),
        ] as [(String, Variables, String)]
    )
    private func `says what was wrong`(text: String, variables: Variables, message: String) throws {
        var scene = Scene(variables)
        let expression = try Expression.parse(text)
        let error = #expect(throws: EvaluationError.self) { try expression.evaluate(in: &scene) }
        #expect(error?.message == message)
    }

    @Test func `tells the unknown name`() throws {
        var scene = Scene()
        let expression = try Expression.parse("${o == 1 || q == 1}")
        let error = EvaluationError.unknownProperty(
            expression: "${o == 1 || q == 1}",
            name: "o",
            cause: "Cannot resolve identifier 'o'"
        )
        #expect(throws: error) { try expression.evaluate(in: &scene) }
    }

    @Test(
        arguments: [
            ("'x' + 'y'", [:]), ("a + 1", ["a": .boolean(true)]), ("a > 'abc'", ["a": .integer(1)]),
            ("-a", ["a": .list([])]),
            ("-a", ["a": .boolean(true)]), ("a ? 1 : 2", ["a": .integer(1)]), ("a && true", ["a": .long(1)]),
            ("!a", ["a": .date(.init(millisecondsSinceEpoch: 0))]),
            ("a < b", ["a": .list([]), "b": .list([])]), ("a < b", ["a": .boolean(true), "b": .map([:])]),
            ("a == 1", ["a": .string("abc")]), ("a == 1", ["a": .string("1.5")]), ("a == 1.5", ["a": .string("inf")]),
            ("a + 1.0", ["a": .string("0x10")]), ("a[b]", ["a": .list([]), "b": .string("x")]),
            ("a.get(3)", ["a": .list([])]),
            ("a.substring(2)", ["a": .string("x")]), ("a.substring(-1)", ["a": .string("x")]),
            ("a.substring(1, 0)", ["a": .string("x")]),
            ("a.concat(null)", ["a": .string("x")]),
            ("a.plusYears(2000000000)", ["a": .date(.init(millisecondsSinceEpoch: 0))]),
            ("a.replace('', 'x')", ["a": .string("x")]),
        ] as [(String, Variables)]
    )
    private func `has a cause`(text: String, variables: Variables) throws {
        var scene = Scene(variables)
        let expression = try Expression.parse("${\(text)}")
        let error = #expect(throws: EvaluationError.self) { try expression.evaluate(in: &scene) }
        guard case .failed = error else {
            Issue.record("not a failure: \(String(describing: error))")
            return
        }
    }

    @Test func `does not grow texts without bound`() throws {
        let doubling = "${execution.setVariable('x', x.concat(x))}"
        let expression = try Expression.parse(String(repeating: doubling, count: 64))
        var scene = Scene(["x": .string("0123456789")])
        scene.objects[.execution] = [:]
        #expect(throws: EvaluationError.self) { try expression.evaluate(in: &scene) }
        let composite = try Expression.parse(String(repeating: "${y}", count: 64))
        scene.variables["y"] = .string(String(repeating: "y", count: 100_000))
        #expect(throws: EvaluationError.self) { try composite.evaluate(in: &scene) }
        let replacing = try Expression.parse("${y.replace('y', y)}")
        #expect(throws: EvaluationError.self) { try replacing.evaluate(in: &scene) }
    }
}

@Suite struct `A condition` {
    @Test(
        arguments: [
            ("${a}", ["a": .boolean(true)], true), (" \n ${a == 1}\t", ["a": .integer(1)], true),
            ("${!a}", ["a": .boolean(true)], false),
        ] as [(String, Variables, Bool)]
    )
    private func `is a Boolean`(text: String, variables: Variables, isTrue: Bool) throws {
        var scene = Scene(variables)
        #expect(try Expression.parseCondition(text).evaluateCondition(in: &scene) == isTrue)
    }

    @Test(
        arguments: [
            ("${a}", ["a": .null], "condition expression returns null: ${a}"),
            ("${a}", ["a": .string("true")], "condition expression returns non-Boolean: ${a}"),
            ("${1}", [:], "condition expression returns non-Boolean: ${1}"),
            ("true", [:], "condition expression returns non-Boolean: true"),
            ("${true} ", [:], nil),
            ("${a}", [:], "Unknown property used in expression: ${a}. Cause: Cannot resolve identifier 'a'"),
        ] as [(String, Variables, String?)]
    )
    private func `is refused when it yields anything else`(text: String, variables: Variables, message: String?) throws
    {
        var scene = Scene(variables)
        var found: String?
        do {
            _ = try Expression.parseCondition(text).evaluateCondition(in: &scene)
        } catch let error as EvaluationError {
            found = error.message
        }
        #expect(found == message)
    }
}
