import Expressions
import JSON

/// The text of a value whose JSON type is not that of its variable: the contract reads such a value from its text.
struct ValueText: Sendable {
    /// What reading a text came to.
    enum Reading<Value> {
        case value(Value)
        /// Empty text.
        case null
        case refused

        fileprivate init(_ value: Value?) {
            self = value.map { .value($0) } ?? .refused
        }
    }

    private let json: JSONValue
    /// The value as text; lists and maps as Java writes them.
    let text: String

    init(_ json: JSONValue) {
        self.json = json
        text = Self.text(of: json)
    }

    /// `true` and `false`, also as text; no number.
    var boolean: Reading<Bool> {
        switch json {
        case .boolean(let value): return .value(value)
        case .string(let text):
            switch text.trimmingSpaces {
            case "true", "True", "TRUE": return .value(true)
            case "false", "False", "FALSE": return .value(false)
            case "": return .null
            default: return .refused
            }
        case .null, .integer, .number, .bigInteger, .array, .object: return .refused
        }
    }

    /// A whole number, also as text; no fraction, not even of zero.
    func integer<Number: FixedWidthInteger>() -> Reading<Number> {
        switch json {
        case .integer(let value): return Reading(Number(exactly: value))
        case .string(let text):
            let text = text.trimmingSpaces
            return text.isEmpty ? .null : Reading(Number(text))
        case .null, .boolean, .number, .bigInteger, .array, .object: return .refused
        }
    }

    /// Any number, also as text.
    var double: Reading<Double> {
        switch json {
        case .string(let text):
            let text = text.trimmingSpaces
            return text.isEmpty ? .null : Reading(Self.double(String(text)))
        case .integer, .number, .bigInteger: return Reading(json.doubleValue)
        case .null, .boolean, .array, .object: return .refused
        }
    }

    /// A moment as text; no number.
    var date: Reading<Instant> {
        guard case .string(let text) = json else { return .refused }
        return text.isEmpty ? .null : Reading(ContractDate.parse(text))
    }

    /// Bytes in Base64; a number is read as its text.
    var bytes: Reading<[UInt8]> {
        switch json {
        case .string, .integer: Reading(Base64.decode(text, tolerating: .whiteSpace))
        case .null, .boolean, .number, .bigInteger, .array, .object: .refused
        }
    }

    private static func double(_ text: String) -> Double? {
        switch text {
        case "NaN": return .nan
        case "Infinity", "INF": return .infinity
        case "-Infinity", "-INF": return -.infinity
        default:
            guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) else { return nil }
            return Double(text)
        }
    }

    private static func text(of json: JSONValue) -> String {
        switch json {
        case .null: "null"
        case .boolean, .integer: json.text
        case .bigInteger(let digits): digits
        case .number(let value): value.javaText
        case .string(let text): text
        case .array(let elements): "[\(elements.map(text).joined(separator: ", "))]"
        case .object(let object):
            "{\(object.map { "\($0.key)=\(text(of: $0.value))" }.joined(separator: ", "))}"
        }
    }
}

extension Double {
    /// The number as Java writes it: with an exponent below a thousandth and from ten million on.
    fileprivate var javaText: String {
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
        guard self != 0, magnitude < 1e-3 || magnitude >= 1e7 else { return description }
        // All digits, without the dot and the exponent that description may have chosen.
        let parts = magnitude.description.split(separator: "e")
        let number = parts[0].split(separator: ".")
        let whole = number[0]
        let fraction = number.count > 1 && number[1] != "0" ? number[1] : ""
        let digits = (whole + fraction).drop { $0 == "0" }
        let leadingZeros = (whole + fraction).count - digits.count
        let exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.count - 1 - leadingZeros
        var rest = digits.dropFirst()
        while rest.last == "0" { rest.removeLast() }
        return "\(self < 0 ? "-" : "")\(digits.prefix(1)).\(rest.isEmpty ? "0" : rest)E\(exponent)"
    }
}
