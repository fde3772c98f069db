/// How values become what an operation needs: BPMN reference, section 14.3.
extension Value {
    /// null and "" are 0, text must be a whole number, a fraction is cut off.
    func coercedToLong() throws(EvaluationFailure) -> Int64 {
        switch self {
        case .null: return 0
        case .short(let value): return Int64(value)
        case .integer(let value): return Int64(value)
        case .long(let value): return value
        case .double(let value): return Int64(saturating: value)
        case .string(let text):
            if text.isEmpty { return 0 }
            if let value = Int64(text) { return value }
        case .boolean, .date, .bytes, .list, .map, .opaque: break
        }
        throw .cannotCoerce(self, to: "class java.lang.Long")
    }

    /// null and "" are 0, text must be a number.
    func coercedToDouble() throws(EvaluationFailure) -> Double {
        switch self {
        case .null: return 0
        case .short(let value): return Double(value)
        case .integer(let value): return Double(value)
        case .long(let value): return Double(value)
        case .double(let value): return value
        case .string(let text):
            if text.isEmpty { return 0 }
            if let value = Double(decimal: text) { return value }
        case .boolean, .date, .bytes, .list, .map, .opaque: break
        }
        throw .cannotCoerce(self, to: "class java.lang.Double")
    }

    /// null and "" are false, of other texts only "true" in any case is true; numbers are no Booleans.
    func coercedToBoolean() throws(EvaluationFailure) -> Bool {
        switch self {
        case .null: return false
        case .boolean(let value): return value
        case .string(let text): return text.utf8.count == 4 && text.lowercased() == "true"
        case .short, .integer, .long, .double, .date, .bytes, .list, .map, .opaque:
            throw .cannotCoerce(self, to: "class java.lang.Boolean")
        }
    }

    /// null is "", everything else its text.
    func coercedToText() -> String { text ?? "" }

    /// Whether arithmetic with this value is that of Doubles: a Double, or text with a point or an exponent.
    var countsAsDouble: Bool {
        switch self {
        case .double: true
        case .string(let text): text.utf8.contains { ".eE".utf8.contains($0) }
        default: false
        }
    }
}

extension Int64 {
    /// The whole part, as near as 64 bits come; 0 for what is not a number.
    init(saturating value: Double) {
        if value.isNaN {
            self = 0
        } else {
            self = Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
        }
    }
}

extension Double {
    /// Reads decimal digits with an optional sign, point and exponent, `NaN` or `Infinity`, white space around it.
    init?(decimal text: String) {
        let trimmed = text.trimmingControlCharactersAndSpaces()
        let isSpecial = ["NaN", "+NaN", "-NaN", "Infinity", "+Infinity", "-Infinity"].contains(trimmed)
        guard isSpecial || trimmed.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) else { return nil }
        self.init(trimmed)
    }
}
