import Expressions
import JSON

extension Filters {
    /// Bounds of a moment, both exclusive.
    struct MomentBounds: Sendable {
        var before: [Instant] = []
        var after: [Instant] = []
    }

    /// Conditions on a moment: `operator_date`, comma-separated, in a query string; objects with `operator` and `value`
    /// in a body.
    ///
    /// `noun`: What errors call the moment.
    /// - Throws: ``APIError`` for other operators than `gt` and `lt`, and for what is no date.
    func bounds(_ name: String, of noun: String) throws(APIError) -> MomentBounds {
        var bounds = MomentBounds()
        for (comparison, instant) in try conditions(name) {
            switch comparison {
            case "gt": bounds.after.append(instant)
            case "lt": bounds.before.append(instant)
            default: throw .invalidRequest("Invalid \(noun) comparator specified: \(comparison)")
            }
        }
        return bounds
    }

    private func conditions(_ name: String) throws(APIError) -> [(String, Instant)] {
        var conditions: [(String, Instant)] = []
        switch source {
        case .query(let parameters):
            for text in parameters.strings(name) ?? [] {
                let parts = text.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, let instant = ContractDate.parse(String(parts[1])) else {
                    throw .unsettable(name, text, because: "a condition has to have the format OPERATOR_VALUE.")
                }
                conditions.append((String(parts[0]), instant))
            }
        case .body(let body):
            for entry in try body.list(name) ?? [] {
                guard let entry else { throw .nullPointer("A condition of '\(name)' is null") }
                guard let instant = try entry.date("value") else { throw .nullPointer("A value of '\(name)' is null") }
                conditions.append((try entry.required("operator"), instant))
            }
        }
        return conditions
    }
}
