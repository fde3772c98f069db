import Expressions

@testable import EngineAPI

/// A path, a question mark and a query string: names are decoded as they are encoded, filters are read or refused, and
/// what is read of dates and Base64 can be written again.
enum Addresses {
    static func check(_ input: [UInt8]) throws(Violation) {
        let text = String(decoding: input, as: UTF8.self)
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        try checkPath(String(parts[0]))
        let parameters = QueryParameters(parts.count > 1 ? String(parts[1]) : nil)
        _ = try Bodies.accepted { () throws(APIError) in try Bodies.readFilters(Filters(parameters)) }
        if let page = try Bodies.accepted({ () throws(APIError) in try parameters.page() }) {
            try expect(page == page, "A page is read")
        }
        try checkDecoding(text)
        if let value = parameters["value"] {
            try checkDate(value)
            try checkBase64(value)
        }
    }

    private static func checkPath(_ text: String) throws(Violation) {
        let path = RequestPath(text, root: ["engine-rest"])
        let steps = try Bodies.accepted { () throws(APIError) in try path.operationSteps() }
        for step in steps ?? [] {
            try expect(!step.utf8.contains(0), "No step has the character NUL")
        }
        if path.healthSteps != nil { try expect(steps == nil, "What is below /health is no operation") }
    }

    private static func checkDecoding(_ text: String) throws(Violation) {
        let encoded = text.utf8.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "%0\(digits)" : "%\(digits)"
        }
        try expect(isSame(encoded.joined().percentDecoded, text), "What is encoded is decoded as the same")
        try expect(isSame(encoded.joined().uppercased().queryDecoded, text), "In upper case as well")
        if let decoded = text.percentDecoded {
            try expect(decoded.utf8.count <= text.utf8.count, "What is decoded is not longer")
        }
    }

    private static func isSame(_ one: String?, _ other: String) -> Bool {
        one.map { $0.utf8.elementsEqual(other.utf8) } ?? false
    }

    private static func checkDate(_ text: String) throws(Violation) {
        for moment in [ContractDate.parse(text), Instant(iso8601: text)].compactMap(\.self) {
            let written = ContractDate.format(moment)
            // The contract has no years before the first.
            guard let again = ContractDate.parse(written), !moment.iso8601.hasPrefix("-") else { continue }
            try expect(again == moment, "\(moment) is written as the same moment, not as \(written)")
            try expect(ContractDate.format(again) == written, "\(written) is written the same")
        }
        let start = Instant(millisecondsSinceEpoch: 0)
        if let end = start.adding(iso8601Duration: text) {
            try expect(end >= start, "A duration does not lead back")
        }
    }

    private static func checkBase64(_ text: String) throws(Violation) {
        let bytes = Array(text.utf8)
        let encoded = String(decoding: Base64.encode(bytes), as: UTF8.self)
        for tolerance in [Base64.Tolerance.whiteSpace, .everything] {
            try expect(Base64.decode(encoded, tolerating: tolerance) == bytes, "What is encoded is decoded as the same")
        }
        guard let strict = Base64.decode(text, tolerating: .whiteSpace) else { return }
        try expect(Base64.decode(text, tolerating: .everything) == strict, "Tolerance changes nothing that is right")
    }
}
