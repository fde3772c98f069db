import Expressions
import OrderedCollections

/// Variables and objects for an expression to see.
struct Scene: EvaluationContext {
    var variables: OrderedDictionary<String, Value> = [:]
    var locals: Set<String> = []
    var objects: [ImplicitObject: [String: Value]] = [:]
    var authenticatedUserID: String?
    var now = Instant(millisecondsSinceEpoch: 1_741_529_100_250)

    init(_ variables: OrderedDictionary<String, Value> = [:]) {
        self.variables = variables
    }

    func variable(_ name: String) -> Value? { variables[name] }

    func localVariable(_ name: String) -> Value? { locals.contains(name) ? variables[name] : nil }

    var visibleVariables: OrderedDictionary<String, Value> { variables }

    func has(_ object: ImplicitObject) -> Bool { objects[object] != nil }

    func property(_ name: String, of object: ImplicitObject) -> Value? { objects[object]?[name] }

    mutating func setVariable(_ name: String, to value: Value, locally: Bool) {
        variables[name] = value
        if locally { locals.insert(name) }
    }

    mutating func removeVariable(_ name: String, locally: Bool) {
        guard !locally || locals.contains(name) else { return }
        variables[name] = nil
        locals.remove(name)
    }
}

/// Parses and evaluates a text.
func value(of text: String, _ variables: OrderedDictionary<String, Value> = [:]) throws -> Value {
    var scene = Scene(variables)
    return try Expression.parse(text).evaluate(in: &scene)
}
