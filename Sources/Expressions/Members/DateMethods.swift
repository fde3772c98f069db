/// The methods of dates, both of the plain ones and of those that `dateTime()` yields.
struct DateMethods {
    private let date: Instant

    init(_ date: Instant) {
        self.date = date
    }

    /// The result, or nil when there is no such method.
    func call(_ name: String, _ arguments: [Value]) throws(EvaluationFailure) -> Value? {
        switch arguments.count {
        case 0: call(name)
        case 1: try call(name, arguments[0])
        default: nil
        }
    }

    private func call(_ name: String) -> Value? {
        switch name {
        case "getTime", "getMillis": .long(date.millisecondsSinceEpoch)
        case "toDate": .date(date)
        default: nil
        }
    }

    private func call(_ name: String, _ argument: Value) throws(EvaluationFailure) -> Value? {
        if let other = try compared(name, argument) { return other }
        if name.hasPrefix("plus") { return try moved(by: argument, String(name.dropFirst(4)), sign: 1) }
        if name.hasPrefix("minus") { return try moved(by: argument, String(name.dropFirst(5)), sign: -1) }
        return nil
    }

    private func compared(_ name: String, _ argument: Value) throws(EvaluationFailure) -> Value? {
        let isBefore = name == "before" || name == "isBefore"
        guard isBefore || name == "after" || name == "isAfter" else { return nil }
        guard case .date(let other) = argument else { throw .cannotCoerce(argument, to: "class java.util.Date") }
        return .boolean(isBefore ? date < other : other < date)
    }

    private func moved(by argument: Value, _ unit: String, sign: Int64) throws(EvaluationFailure) -> Value? {
        let count = sign * Int64(try argument.coercedToInteger())
        let moved: Instant?
        switch unit {
        case "Years": moved = date.adding(months: count * 12)
        case "Months": moved = date.adding(months: count)
        case "Weeks": moved = date.adding(count, .weeks)
        case "Days": moved = date.adding(count, .days)
        case "Hours": moved = date.adding(count, .hours)
        case "Minutes": moved = date.adding(count, .minutes)
        case "Seconds": moved = date.adding(count, .seconds)
        case "Millis": moved = date.adding(count, .milliseconds)
        default: return nil
        }
        guard let moved else { throw .failed(cause: "No date is that far away") }
        return .date(moved)
    }
}
