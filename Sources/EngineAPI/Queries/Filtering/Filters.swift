import EngineStore
import Expressions
import HTTPTypes
import JSON

/// The filters of a list, from the query string of a GET or the body of a POST: the same names, the same meaning.
///
/// What is absent or null does not restrict. Unknown names are nobody's business.
struct Filters: Sendable {
    enum Source: Sendable {
        case query(QueryParameters)
        case body(JSONFields)
    }

    let source: Source

    init(_ parameters: QueryParameters) { source = .query(parameters) }
    init(_ body: JSONFields) { source = .body(body) }

    /// A text.
    func text(_ name: String) throws(APIError) -> String? {
        switch source {
        case .query(let parameters): try Self.storable(parameters[name], name)
        case .body(let body): try body.string(name)
        }
    }

    /// The texts of a list.
    ///
    /// - Throws: ``APIError`` when the list has a null.
    func texts(_ name: String) throws(APIError) -> [String]? {
        switch source {
        case .query(let parameters):
            guard let texts = parameters.strings(name) else { return nil }
            for text in texts { _ = try Self.storable(text, name) }
            return texts
        case .body(let body):
            guard let texts = try body.strings(name) else { return nil }
            guard !texts.contains(nil) else {
                throw APIError(
                    .internalServerError,
                    "NullValueException",
                    "\(name) contains null value",
                    code: 0
                )
            }
            return texts.compactMap(\.self)
        }
    }

    /// Whether a switch is on; `false` is the same as absent.
    func flag(_ name: String) throws(APIError) -> Bool {
        switch source {
        case .query(let parameters): try parameters.bool(name) ?? false
        case .body(let body): try body.optionalBool(name) ?? false
        }
    }

    /// Whether a switch is on, off, or absent.
    func optionalFlag(_ name: String) throws(APIError) -> Bool? {
        switch source {
        case .query(let parameters): try parameters.bool(name)
        case .body(let body): try body.optionalBool(name)
        }
    }

    /// A whole number.
    func int64(_ name: String) throws(APIError) -> Int64? {
        switch source {
        case .query(let parameters): try parameters.int64(name)
        case .body(let body): try body.optionalInt64(name)
        }
    }

    /// A whole number of 32 bits.
    func int32(_ name: String) throws(APIError) -> Int64? {
        switch source {
        case .query(let parameters): try parameters.int32(name).map(Int64.init)
        case .body(let body): try body.optionalInt32(name).map(Int64.init)
        }
    }

    /// A moment that the database can compare with.
    func date(_ name: String) throws(APIError) -> Instant? {
        switch source {
        case .query(let parameters): try parameters.date(name)
        case .body(let body): try body.date(name)
        }
    }

    /// Whether one of these filters is set.
    ///
    /// A switch that is off and an empty list are not.
    func has(_ names: String...) -> Bool { names.contains { isSet($0) } }

    private func isSet(_ name: String) -> Bool {
        switch source {
        case .query(let parameters): parameters[name].map { $0 != "false" } ?? false
        case .body(let body): body.value(name).map { $0 != .boolean(false) && $0 != .array([]) } ?? false
        }
    }

    /// Refuses filters of the contract that this server cannot honour yet: ignoring them would give another list than
    /// the one that was asked for.
    func refuse(_ names: String...) throws(APIError) {
        for name in names where isSet(name) {
            throw .invalidRequest("The filter '\(name)' is not supported yet.")
        }
    }

    private static func storable(_ text: String?, _ name: String) throws(APIError) -> String? {
        guard let text, text.utf8.contains(0) else { return text }
        throw .invalidRequest("Cannot set query parameter '\(name)': its value has the character U+0000")
    }
}

// MARK: Groups of filters that several lists have

extension Filters {
    /// The filters by tenant; `including` is the list's name for *also what belongs to no tenant*.
    func tenants(including: String? = nil) throws(APIError) -> TenantFilter {
        var filter = TenantFilter()
        filter.tenantIDIn = try texts("tenantIdIn") ?? []
        filter.withoutTenantID = try flag("withoutTenantId")
        if let including { filter.includesWithoutTenantID = try flag(including) }
        return filter
    }

    /// The filters by open incident.
    func incidents() throws(APIError) -> IncidentFilter {
        var filter = IncidentFilter()
        filter.exists = try flag("withIncident")
        filter.id = try text("incidentId")
        filter.type = try text("incidentType")
        filter.message = try text("incidentMessage")
        filter.messageLike = try text("incidentMessageLike")
        return filter
    }

    /// The filters by a moment, by the names that the list has for them.
    func moment(
        at: String? = nil,
        before: String? = nil,
        after: String? = nil,
        missing: String? = nil
    ) throws(APIError) -> MomentFilter {
        var filter = MomentFilter()
        if let at { filter.at = try date(at) }
        if let before { filter.before = try date(before) }
        if let after { filter.after = try date(after) }
        if let missing { filter.isMissing = try flag(missing) }
        return filter
    }
}
