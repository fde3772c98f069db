package import Expressions
import Postgres

/// A condition on the value of a variable, as queries have it.
///
/// See the REST reference, *Filters*.
package struct VariableFilter: Sendable, Hashable {
    package var name: String
    package var comparison: Comparison
    package var value: Comparand
    package var ignoresNameCase: Bool
    package var ignoresValueCase: Bool

    /// How a variable's value is compared; the raw values are the contract's.
    package enum Comparison: String, Sendable, Hashable, CaseIterable {
        case equal = "eq"
        case notEqual = "neq"
        case greater = "gt"
        case greaterOrEqual = "gteq"
        case less = "lt"
        case lessOrEqual = "lteq"
        case like
        case notLike
    }

    /// What a variable's value is compared with.
    ///
    /// A number meets numbers of any type.
    package enum Comparand: Sendable, Hashable {
        case null
        case boolean(Bool)
        case whole(Int64)
        case fraction(Double)
        case text(String)
        case date(Instant)
    }

    package init(
        name: String,
        comparison: Comparison,
        value: Comparand,
        ignoresNameCase: Bool = false,
        ignoresValueCase: Bool = false
    ) {
        self.name = name
        self.comparison = comparison
        self.value = value
        self.ignoresNameCase = ignoresNameCase
        self.ignoresValueCase = ignoresValueCase
    }
}

extension VariableFilter {
    /// Appends the condition on the variable's row, which is called `v`.
    func append(to query: inout DynamicQuery) {
        guard name.isStorable else { return query.append("false") }
        if ignoresNameCase {
            query.append("lower(v.name) = lower(", name, ")")
        } else {
            query.append("v.name = ", name)
        }
        // A null in the row makes a comparison unknown; unknown is not equal.
        query.append(isNegated ? " and not coalesce((" : " and coalesce((")
        appendValue(to: &query)
        query.append("), false)")
    }

    /// Unequal is what is not equal, also when it has another type.
    private var isNegated: Bool { comparison == .notEqual || comparison == .notLike }

    private var symbol: StaticString {
        switch comparison {
        case .equal, .notEqual: " = "
        case .greater: " > "
        case .greaterOrEqual: " >= "
        case .less: " < "
        case .lessOrEqual: " <= "
        case .like, .notLike: " like "
        }
    }

    private var isPattern: Bool { comparison == .like || comparison == .notLike }

    private func appendValue(to query: inout DynamicQuery) {
        switch value {
        case .text(let text): return appendText(text, to: &query)
        case .null, .boolean, .whole, .fraction, .date:
            // Patterns are for text.
            guard !isPattern else { return query.append("false") }
        }
        switch value {
        case .null: query.append("v.type = 'Null'")
        case .boolean(let value): append("v.type = 'Boolean' and v.long_value", Int64(value ? 1 : 0), to: &query)
        case .date(let value): append("v.type = 'Date' and v.long_value", value.millisecondsSinceEpoch, to: &query)
        case .whole(let value):
            append("v.type in ('Short', 'Integer', 'Long') and v.long_value", value, to: &query)
            append(" or v.type = 'Double' and v.double_value", Double(value), to: &query)
        case .fraction(let value):
            append("v.type in ('Short', 'Integer', 'Long') and v.long_value::double precision", value, to: &query)
            append(" or v.type = 'Double' and v.double_value", value, to: &query)
        case .text: break
        }
    }

    private func appendText(_ text: String, to query: inout DynamicQuery) {
        guard text.isStorable else { return query.append("false") }
        query.append("v.type = 'String' and ")
        let operand = isPattern ? Conditions.closed(text) : text
        if ignoresValueCase {
            query.append("lower(v.text_value)")
            query.append(symbol)
            query.append("lower(", operand, ")")
        } else {
            query.append("v.text_value")
            query.append(symbol)
            query.append("", operand)
        }
    }

    private func append(_ column: StaticString, _ value: some PostgresEncodable, to query: inout DynamicQuery) {
        query.append(column)
        query.append(symbol)
        query.append("", value)
    }
}
