import EngineStore
import JSON

extension [VariableFilter] {
    /// The most conditions on variables of one kind that a query may have.
    static var maximumCount: Int { 100 }

    /// Refuses more conditions than a query may have.
    ///
    /// - Throws: ``APIError`` that names the parameter.
    func checkCount(of parameter: String) throws(APIError) {
        guard count > Self.maximumCount else { return }
        throw .invalidRequest("\(parameter) has more than \(Self.maximumCount) conditions")
    }
}

extension Filters {
    /// The conditions on variables: `name_operator_value`, comma-separated, in a query string; objects in a body.
    ///
    /// - Throws: ``APIError`` for one that cannot be read, and for more than there may be.
    func variables(_ name: String) throws(APIError) -> [VariableFilter] {
        let ignoresNameCase = try flag("variableNamesIgnoreCase")
        let ignoresValueCase = try flag("variableValuesIgnoreCase")
        var conditions: [VariableCondition]
        switch source {
        case .query(let parameters):
            guard let text = parameters[name] else { return [] }
            conditions = try VariableCondition.list(text, parameter: name)
        case .body(let body):
            conditions = []
            for entry in try body.list(name) ?? [] { conditions.append(try VariableCondition(entry)) }
        }
        var filters: [VariableFilter] = []
        for condition in conditions {
            var filter = try condition.filter(of: VariableCondition.noun(of: name))
            filter.ignoresNameCase = ignoresNameCase
            filter.ignoresValueCase = ignoresValueCase
            filters.append(filter)
        }
        try filters.checkCount(of: name)
        return filters
    }
}

/// A condition on a variable as a client wrote it.
struct VariableCondition: Sendable, Hashable {
    var name: String?
    var comparison: String?
    var value: JSONValue

    init(name: String?, comparison: String?, value: JSONValue) {
        self.name = name
        self.comparison = comparison
        self.value = value
    }

    /// Reads a condition of a body; the value may be of any type here.
    init(_ fields: JSONFields?) throws(APIError) {
        guard let fields else { throw .nullPointer("A condition on a variable is null") }
        name = try fields.string("name")
        comparison = try fields.string("operator")
        value = fields.value("value") ?? .null
    }

    /// Reads the conditions of a query string.
    ///
    /// Names and values cannot have an underscore or a comma; values are text.
    static func list(_ text: String, parameter: String) throws(APIError) -> [VariableCondition] {
        guard !text.utf8.contains(0) else {
            throw .invalidRequest("Cannot set query parameter '\(parameter)': its value has the character U+0000")
        }
        var conditions: [VariableCondition] = []
        for part in text.parts(",") {
            let parts = part.parts("_")
            guard parts.count == 3 else {
                throw .unsettable(
                    parameter,
                    text,
                    because: "variable query parameter has to have format KEY_OPERATOR_VALUE."
                )
            }
            conditions.append(
                VariableCondition(
                    name: String(parts[0]),
                    comparison: String(parts[1]),
                    value: .string(String(parts[2]))
                )
            )
        }
        return conditions
    }

    /// What errors call the variables of a filter.
    static func noun(of filter: String) -> String {
        switch filter {
        case "processVariables": "process variable"
        case "taskVariables": "task variable"
        default: "variable"
        }
    }

    /// The condition as the store wants it.
    ///
    /// - Throws: ``APIError`` when the operator is none, or cannot be used with the value.
    func filter(of noun: String) throws(APIError) -> VariableFilter {
        guard let comparison else { throw .nullPointer("The operator of a condition on a variable is null") }
        guard let comparison = VariableFilter.Comparison(rawValue: comparison) else {
            throw .invalidRequest("Invalid \(noun) comparator specified: \(comparison)")
        }
        guard let name else { throw .missing("name") }
        let comparand = try comparand
        if let phrase = comparison.phrase, comparand == .null || comparand.isBoolean {
            throw .engine("Booleans and null cannot be used in '\(phrase)' condition")
        }
        return VariableFilter(name: name, comparison: comparison, value: comparand)
    }

    private var comparand: VariableFilter.Comparand {
        get throws(APIError) {
            switch value {
            case .null: return .null
            case .boolean(let boolean): return .boolean(boolean)
            case .integer(let number): return .whole(number)
            case .number(let number): return .fraction(number)
            case .bigInteger(let digits): return .fraction(Double(digits) ?? .infinity)
            case .string(let text):
                guard !text.utf8.contains(0) else { throw .unstorable }
                return ContractDate.parse(text).map { .date($0) } ?? .text(text)
            case .array, .object: throw .engine("Object values cannot be used to query")
            }
        }
    }
}

extension VariableFilter.Comparison {
    /// What errors call a comparison that needs an order or text; nil for those that work with every value.
    fileprivate var phrase: String? {
        switch self {
        case .equal, .notEqual: nil
        case .greater: "greater than"
        case .greaterOrEqual: "greater than or equal"
        case .less: "less than"
        case .lessOrEqual: "less than or equal"
        case .like: "like"
        case .notLike: "not like"
        }
    }
}

extension VariableFilter.Comparand {
    fileprivate var isBoolean: Bool {
        if case .boolean = self { true } else { false }
    }
}

extension StringProtocol {
    /// The parts between separators, without empty ones at the end.
    fileprivate func parts(_ separator: Character) -> [SubSequence] {
        var parts = split(separator: separator, omittingEmptySubsequences: false)
        while let last = parts.last, last.isEmpty { parts.removeLast() }
        return parts
    }
}
