package import OrderedCollections

/// What an evaluation sees and may change.
package protocol EvaluationContext {
    /// The value of the visible variable with this name; nil when there is none.
    func variable(_ name: String) -> Value?

    /// The value of the variable with this name in the innermost scope; nil when there is none.
    func localVariable(_ name: String) -> Value?

    /// All visible variables, of several with one name the innermost.
    var visibleVariables: OrderedDictionary<String, Value> { get }

    /// Whether expressions can name this object here.
    func has(_ object: ImplicitObject) -> Bool

    /// A property such as `processBusinessKey`; nil when the object has none of this name.
    ///
    /// Also asked for `getProcessBusinessKey()` and `isCanceled()`, without `get` and `is`.
    func property(_ name: String, of object: ImplicitObject) -> Value?

    /// Who runs the command; nil when nobody is authenticated.
    var authenticatedUserID: String? { get }

    /// The groups of who runs the command; nil when nobody is authenticated.
    var authenticatedGroupIDs: [String]? { get }

    /// The moment that `now()` and `dateTime()` yield.
    var now: Instant { get }

    /// Sets a variable: in the innermost scope, or where it exists.
    mutating func setVariable(_ name: String, to value: Value, locally: Bool)

    /// Removes a variable, if it exists: from the innermost scope, or from the nearest that has it.
    mutating func removeVariable(_ name: String, locally: Bool)
}

extension EvaluationContext {
    package var authenticatedGroupIDs: [String]? { nil }
}

/// An object that expressions can name although it is no variable.
package enum ImplicitObject: String, Sendable, Hashable, CaseIterable {
    case execution
    case externalTask
    case task
}
