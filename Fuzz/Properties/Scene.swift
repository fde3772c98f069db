import Expressions
import OrderedCollections
import Synchronization

/// Variables of every type for expressions to see, and a record of which were read.
struct Scene: EvaluationContext {
    private(set) var variables: OrderedDictionary<String, Value>
    private var locals: Set<String> = ["local", "text"]
    private let reading = Reading()

    let authenticatedUserID: String? = "ann"
    let authenticatedGroupIDs: [String]? = ["staff", "audit"]
    let now = Instant(millisecondsSinceEpoch: 1_741_529_100_250)

    /// All variables, or those with these names.
    init(only names: Set<String>? = nil) {
        variables = names.map { names in Self.all.filter { names.contains($0.key) } } ?? Self.all
    }

    /// The variables that were asked for, be they there or not.
    var namesRead: Set<String> { reading.names.withLock(\.self) }

    private static let all: OrderedDictionary<String, Value> = [
        "a": .long(7), "b": .boolean(true), "d": .double(-2.5), "e": .string(""), "i": .integer(.max), "n": .null,
        "l": .list([.long(1), .string("two"), .null, .list([.boolean(false)])]),
        "m": .map(["key": .string("value"), "a": .map(["b": .list([.double(.nan), .double(.infinity)])])]),
        "s": .short(-1), "t": .date(Instant(millisecondsSinceEpoch: 951_782_400_000)), "y": .bytes([0, 127, 255]),
        "o": .opaque(typeName: "Json", text: "{}"), "min": .long(.min), "local": .string("Ünï 👩‍🚀 e\u{301}"),
        "text": .string("The quick brown fox"), "number": .string(" 12e3 "),
    ]

    func variable(_ name: String) -> Value? {
        reading.names.withLock { _ = $0.insert(name) }
        return variables[name]
    }

    func localVariable(_ name: String) -> Value? { locals.contains(name) ? variable(name) : nil }

    var visibleVariables: OrderedDictionary<String, Value> { variables }

    func has(_ object: ImplicitObject) -> Bool { object != .task }

    func property(_ name: String, of object: ImplicitObject) -> Value? {
        ["id": .string("1"), "processBusinessKey": .null, "priority": .long(50), "canceled": .boolean(false)][name]
    }

    mutating func setVariable(_ name: String, to value: Value, locally: Bool) {
        variables[name] = value
        if locally { locals.insert(name) }
    }

    mutating func removeVariable(_ name: String, locally: Bool) {
        guard !locally || locals.contains(name) else { return }
        variables[name] = nil
        locals.remove(name)
    }

    private final class Reading: Sendable {
        let names = Mutex<Set<String>>([])
    }
}
