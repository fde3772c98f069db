/// A kind of content, without parameters.
enum MediaType: String, Sendable, Hashable, CustomStringConvertible {
    case json = "application/json"
    case hal = "application/hal+json"
    case text = "text/plain"
    case xml = "application/xml"
    case bytes = "application/octet-stream"
    case form = "multipart/form-data"

    var description: String { rawValue }

    /// Whether a Content-Type header names this kind, whatever its parameters.
    func matches(contentType: String) -> Bool {
        if contentType == rawValue { return true }
        let kind = contentType.prefix { $0 != ";" }
        return kind.trimmingSpaces.lowercased() == rawValue
    }
}

/// What a client is willing to read.
struct AcceptHeader: Sendable {
    private struct Range {
        var kind: Substring
        var weight: Double
    }

    private var ranges: [Range] = []

    /// Reads the header; nil and empty text accept everything.
    init(_ header: String?) {
        guard let header, header != "*/*", !header.trimmingSpaces.isEmpty else { return }
        ranges = header.split(separator: ",").map { entry in
            let parts = entry.split(separator: ";", omittingEmptySubsequences: false)
            let weight = parts.dropFirst().map(\.trimmingSpaces).first { $0.hasPrefix("q=") || $0.hasPrefix("Q=") }
            return Range(
                kind: Substring((parts.first ?? "").trimmingSpaces.lowercased()),
                weight: weight.flatMap { Double($0.dropFirst(2)) } ?? 1
            )
        }
    }

    /// The kind that the client likes best, the first of those it likes equally well; nil when it takes none.
    func best(of kinds: [MediaType]) -> MediaType? {
        guard !ranges.isEmpty else { return kinds.first }
        var best: MediaType?
        var bestWeight = 0.0
        for kind in kinds {
            let weight = weight(of: kind)
            guard weight > bestWeight else { continue }
            best = kind
            bestWeight = weight
        }
        return best
    }

    /// The weight that the most specific range gives to a kind; 0 when none matches.
    private func weight(of kind: MediaType) -> Double {
        let family = kind.rawValue.prefix { $0 != "/" } + "/*"
        for name in [Substring(kind.rawValue), family, "*/*", "*"] {
            if let range = ranges.first(where: { $0.kind == name }) { return range.weight }
        }
        return 0
    }
}

extension StringProtocol {
    /// The text without blanks and tabs at its ends.
    var trimmingSpaces: SubSequence {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return self[startIndex..<startIndex]
        }
        return self[first...last]
    }
}
