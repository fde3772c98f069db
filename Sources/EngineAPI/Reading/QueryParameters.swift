import EngineStore
import Expressions
import HTTPTypes
import JSON

/// The parameters of a query string.
///
/// Of a repeated one the first counts; unknown ones are nobody's business.
struct QueryParameters: Sendable {
    private var values: [String: String] = [:]

    /// Reads a query string as it stands in the URI, without its question mark.
    init(_ query: String?) {
        guard let query, !query.isEmpty else { return }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].queryDecoded ?? String(parts[0])
            guard values[name] == nil else { continue }
            values[name] = parts.count > 1 ? parts[1].queryDecoded ?? String(parts[1]) : ""
        }
    }

    /// The text of a parameter.
    subscript(_ name: String) -> String? { values[name] }

    /// The parts of a comma-separated list.
    ///
    /// Empty text is a list of one empty text.
    func strings(_ name: String) -> [String]? {
        guard let text = values[name] else { return nil }
        var parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        while parts.count > 1, parts.last == "" { parts.removeLast() }
        return parts
    }

    /// `true` or `false`.
    ///
    /// - Throws: ``APIError`` for any other text.
    func bool(_ name: String) throws(APIError) -> Bool? {
        try converted(name, to: "java.lang.Boolean") { (value: JSONValue) throws(APIError) in try value.coercedToBool()
        }
    }

    /// A whole number of 32 bits.
    ///
    /// - Throws: ``APIError`` for any other text.
    func int32(_ name: String) throws(APIError) -> Int32? {
        try converted(name, to: "java.lang.Integer") { (value: JSONValue) throws(APIError) in
            try value.coercedToInteger()
        }
    }

    /// A whole number of 64 bits.
    ///
    /// - Throws: ``APIError`` for any other text.
    func int64(_ name: String) throws(APIError) -> Int64? {
        try converted(name, to: "java.lang.Long") { (value: JSONValue) throws(APIError) in try value.coercedToInteger()
        }
    }

    /// A moment in the contract's form.
    ///
    /// - Throws: ``APIError`` for any other text.
    func date(_ name: String) throws(APIError) -> Instant? {
        guard let text = values[name] else { return nil }
        if text.hasPrefix("\"") || text.hasSuffix("\"") {
            throw .unsettable(
                name,
                text,
                because: "Cannot convert value \(text) to java type java.util.Date because of double quotes"
            )
        }
        guard !text.isEmpty else { return nil }
        guard let date = ContractDate.parse(text) else {
            throw .unsettable(name, text, because: "Cannot convert value \"\(text)\" to java type java.util.Date")
        }
        return date
    }

    /// A switch of the kind that never fails: `true` in any case is true, all other text is false.
    func flag(_ name: String, default missing: Bool = false) -> Bool {
        values[name].map { $0.lowercased() == "true" } ?? missing
    }

    /// Which part of a list is asked for.
    ///
    /// - Throws: ``APIError`` with 404 for text that is no whole number of 32 bits, as the contract has it.
    func page() throws(APIError) -> Page {
        Page(firstResult: try whole("firstResult"), maxResults: try whole("maxResults"))
    }

    private func whole(_ name: String) throws(APIError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let value = Int32(text) else {
            throw APIError(
                .notFound,
                "NotFoundException",
                "Unable to read query parameter '\(name)': '\(text)' is no whole number"
            )
        }
        return Int(value)
    }

    private func converted<Value>(
        _ name: String,
        to type: String,
        _ convert: (JSONValue) throws(APIError) -> Value?
    ) throws(APIError) -> Value? {
        guard let text = values[name] else { return nil }
        if let json = try? JSONParser.parse(text, trailing: .ignored), let value = try? convert(json) { return value }
        throw .unsettable(name, text, because: "Cannot convert value \(text) to java type \(type)")
    }
}

extension APIError {
    /// A query parameter whose value cannot be used: `Cannot set query parameter 'locked' to value 'x': …`.
    static func unsettable(_ parameter: String, _ value: String, because reason: String? = nil) -> APIError {
        let text = "Cannot set query parameter '\(parameter)' to value '\(value)'"
        return .invalidRequest(reason.map { "\(text): \($0)" } ?? text)
    }
}
