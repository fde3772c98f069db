import Expressions
import OrderedCollections
import Testing

private typealias Variables = OrderedDictionary<String, Value>

@Suite struct `Members` {
    @Test(
        arguments: [
            ("s.length()", .integer(5)), ("s.isEmpty()", .boolean(false)), ("s.concat('!')", .string("hello!")),
            ("s.concat(1)", .string("hello1")), ("s.substring(3)", .string("lo")), ("s.substring(1,3)", .string("el")),
            ("s.substring('1', 2.9)", .string("e")), ("s.toString()", .string("hello")),
            ("s.contains('ell')", .boolean(true)),
            ("s.contains('')", .boolean(true)), ("s.contains('elo')", .boolean(false)),
            ("s.startsWith('he')", .boolean(true)),
            ("s.endsWith('lo')", .boolean(true)), ("s.endsWith('hello!')", .boolean(false)),
            ("s.toUpperCase()", .string("HELLO")),
            ("s.toUpperCase().toLowerCase()", .string("hello")), ("' a '.trim()", .string("a")),
            ("s.indexOf('l')", .integer(2)),
            ("s.indexOf('x')", .integer(-1)), ("s.replace('l', 'LL')", .string("heLLLLo")),
            ("s.equals('hello')", .boolean(true)),
            ("s.equals(null)", .boolean(false)), ("s.equalsIgnoreCase('HELLO')", .boolean(true)),
            ("s['length']()", .integer(5)),
            ("'😀x'.length()", .integer(3)), ("'😀x'.indexOf('x')", .integer(2)), ("'😀x'.substring(2)", .string("x")),
            ("'aaab'.indexOf('aab')", .integer(1)), ("'aaaa'.replace('aa', 'b')", .string("bb")),
            ("'abab'.replace('b', '')", .string("aa")),
            ("l.size()", .integer(2)), ("l.get(0)", .integer(1)), ("l.isEmpty()", .boolean(false)),
            ("l.contains(1)", .boolean(false)),
            ("l.contains('x')", .boolean(true)), ("l.indexOf('x')", .integer(1)), ("l.indexOf('y')", .integer(-1)),
            ("l.toString()", .string("[1, x]")), ("m.size()", .integer(1)), ("m.get('k')", .string("v")),
            ("m.get('x')", .null),
            ("m.containsKey('k')", .boolean(true)), ("m.containsValue('v')", .boolean(true)),
            ("m.keySet()", .list([.string("k")])),
            ("m.values()", .list([.string("v")])), ("m.isEmpty()", .boolean(false)), ("m.toString()", .string("{k=v}")),
            ("d.getTime()", .long(86_400_000)), ("d.time", .long(86_400_000)), ("d.before(now())", .boolean(true)),
            ("d.after(now())", .boolean(false)), ("d.plusDays(1).getTime()", .long(172_800_000)),
            ("d.minusDays(1).getTime()", .long(0)), ("d.plusMonths(1).getTime()", .long(32 * 86_400_000)),
            ("dateTime().plusHours(1).toDate()", .date(.init(millisecondsSinceEpoch: 1_741_532_700_250))),
            ("i.intValue()", .integer(5)), ("i.longValue()", .long(5)), ("i.doubleValue()", .double(5)),
            ("i.toString()", .string("5")),
            ("2.9.intValue()", .integer(2)), ("1e300.intValue()", .integer(.max)), ("true.toString()", .string("true")),
            ("now()", .date(.init(millisecondsSinceEpoch: 1_741_529_100_250))), ("currentUser()", .null),
        ] as [(String, Value)]
    )
    func `of values yield`(text: String, result: Value) throws {
        let variables: Variables = [
            "s": .string("hello"), "l": .list([.integer(1), .string("x")]), "m": .map(["k": .string("v")]),
            "d": .date(.init(millisecondsSinceEpoch: 86_400_000)), "i": .integer(5),
        ]
        #expect(try value(of: "${\(text)}", variables) == result)
    }

    @Test(
        arguments: [
            ("execution.id", .string("e-1")), ("execution.getId()", .string("e-1")),
            ("execution['id']", .string("e-1")),
            ("execution.getProcessBusinessKey()", .string("order-1")), ("execution.isEnded()", .boolean(false)),
            ("execution.getVariable('a')", .integer(1)), ("execution.getVariable('x')", .null),
            ("execution.getVariableLocal('a')", .null), ("execution.getVariableLocal('b')", .integer(2)),
            ("execution.hasVariable('a')", .boolean(true)), ("execution.hasVariable('x')", .boolean(false)),
            ("execution.hasVariableLocal('a')", .boolean(false)),
            ("execution.variables", .map(["a": .integer(1), "b": .integer(2)])),
            ("execution.getVariables().size()", .integer(2)), ("execution.variablesLocal", .map(["b": .integer(2)])),
            ("execution.variables.a", .integer(1)),
            ("execution.getVariableNames()", .list([.string("a"), .string("b")])),
            ("externalTask.getRetries()", .integer(3)), ("externalTask.errorMessage", .null),
            ("authenticatedUserId", .string("mary")),
            ("currentUser()", .string("mary")), ("currentUserGroups()", .null), ("(execution).id", .string("e-1")),
        ] as [(String, Value)]
    )
    func `of implicit objects yield`(text: String, result: Value) throws {
        var scene = Scene.ofAnExternalTask
        #expect(try Expression.parse("${\(text)}").evaluate(in: &scene) == result)
    }

    @Test(arguments: [
        "execution.nothing", "execution.getNothing()", "execution.getVariable()", "externalTask.getVariable('a')",
        "externalTask.setVariable('a', 1)", "task.id", "execution.end('x')", "execution.getVariable('a').b()",
    ])
    func `that do not exist are errors`(text: String) throws {
        var scene = Scene.ofAnExternalTask
        let expression = try Expression.parse("${\(text)}")
        let error = #expect(throws: EvaluationError.self) { try expression.evaluate(in: &scene) }
        if case .failed = error { Issue.record("should be unknown: \(text)") }
    }

    @Test func `set and remove variables`() throws {
        var scene = Scene.ofAnExternalTask
        #expect(try Expression.parse("${execution.setVariable('c', a + 1)}").evaluate(in: &scene) == .null)
        #expect(scene.variables["c"] == .long(2))
        _ = try Expression.parse("${execution.setVariableLocal('d', 'x')}").evaluate(in: &scene)
        #expect(scene.localVariable("d") == .string("x"))
        _ = try Expression.parse("${execution.removeVariable('c')}").evaluate(in: &scene)
        #expect(scene.variables["c"] == nil)
    }

    @Test func `of a variable win over those of the implicit object with its name`() throws {
        var scene = Scene.ofAnExternalTask
        scene.variables["execution"] = .map(["id": .string("mine")])
        #expect(try Expression.parse("${execution.id}").evaluate(in: &scene) == .string("mine"))
    }
}

extension Scene {
    static var ofAnExternalTask: Scene {
        var scene = Scene(["a": .integer(1), "b": .integer(2)])
        scene.locals = ["b"]
        scene.authenticatedUserID = "mary"
        scene.objects[.execution] = [
            "id": .string("e-1"), "processBusinessKey": .string("order-1"), "ended": .boolean(false),
        ]
        scene.objects[.externalTask] = ["retries": .integer(3), "errorMessage": .null]
        return scene
    }
}
