import OrderedCollections

/// Equality and order: BPMN reference, section 14.3.
enum Comparison {
    /// Whether the values are equal after coercion: to Double, Long, Boolean or text, in this order, if one is such.
    static func areEqual(_ left: Value, _ right: Value) throws(EvaluationFailure) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.null, _), (_, .null): return false
        case (.double, _), (_, .double):
            return areSame(try left.coercedToDouble(), try right.coercedToDouble())
        case (.short, _), (.integer, _), (.long, _), (_, .short), (_, .integer), (_, .long):
            return try left.coercedToLong() == right.coercedToLong()
        case (.boolean, _), (_, .boolean):
            return try left.coercedToBoolean() == right.coercedToBoolean()
        case (.string, _), (_, .string):
            return areSame(left.coercedToText(), right.coercedToText())
        default: return areSame(left, right)
        }
    }

    /// Whether the values are equal and of one type, as the method `equals` has it.
    static func areSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.double(let left), .double(let right)): areSame(left, right)
        case (.string(let left), .string(let right)): areSame(left, right)
        case (.list(let left), .list(let right)):
            left.count == right.count && zip(left, right).allSatisfy { areSame($0, $1) }
        case (.map(let left), .map(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in right[key].map { areSame(value, $0) } ?? false }
        default: left == right
        }
    }

    /// Whether `left` comes before `right`; never when one is null.
    static func isLess(_ left: Value, _ right: Value) throws(EvaluationFailure) -> Bool {
        if case .null = left { return false }
        if case .null = right { return false }
        if left.isDouble || right.isDouble { return try left.coercedToDouble() < right.coercedToDouble() }
        return try order(left, right) < 0
    }

    /// Whether `left` comes before `right` or both are null.
    static func isLessOrEqual(_ left: Value, _ right: Value) throws(EvaluationFailure) -> Bool {
        if case (.null, .null) = (left, right) { return true }
        if case .null = left { return false }
        if case .null = right { return false }
        if left.isDouble || right.isDouble { return try left.coercedToDouble() <= right.coercedToDouble() }
        return try order(left, right) <= 0
    }

    /// Negative, zero or positive as `left` comes before, with or after `right`.
    private static func order(_ left: Value, _ right: Value) throws(EvaluationFailure) -> Int {
        if left.isWhole || right.isWhole {
            return order(try left.coercedToLong(), try right.coercedToLong())
        }
        switch (left, right) {
        case (.string, _), (_, .string): return order(left.coercedToText(), right.coercedToText())
        case (.date(let left), .date(let right)): return order(left, right)
        case (.boolean(let left), .boolean(let right)): return order(left ? 1 : 0, right ? 1 : 0)
        default: throw .failed(cause: "Cannot compare \(left.className) with \(right.className)")
        }
    }

    private static func order<T: Comparable>(_ left: T, _ right: T) -> Int {
        left < right ? -1 : left == right ? 0 : 1
    }

    /// Texts are ordered by their UTF-16 code units.
    private static func order(_ left: String, _ right: String) -> Int {
        if areSame(left, right) { return 0 }
        return left.utf16.lexicographicallyPrecedes(right.utf16) ? -1 : 1
    }

    /// Every NaN is the same; 0.0 and -0.0 are not.
    private static func areSame(_ left: Double, _ right: Double) -> Bool {
        left.isNaN ? right.isNaN : left == right && left.sign == right.sign
    }

    private static func areSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }
}

extension Value {
    fileprivate var isDouble: Bool {
        guard case .double = self else { return false }
        return true
    }

    /// Whether this is null, "", or a list or map without elements.
    var isEmpty: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .list(let values): values.isEmpty
        case .map(let map): map.isEmpty
        case .boolean, .short, .integer, .long, .double, .date, .bytes, .opaque: false
        }
    }
}
