/// The path of a request, read once: it decides who must say who it is, which engine is meant, and what is asked for.
struct RequestPath: Sendable {
    /// The path as it was sent.
    let text: String
    /// Its steps; nil for one that cannot be read, or that no name can be.
    private let steps: [String?]
    /// How many steps lead to the API's root; nil when the path leads elsewhere.
    private let rootLength: Int?

    /// Reads a path.
    ///
    /// - Parameters:
    ///   - text: The path, percent-encoded.
    ///   - root: The steps that lead to the API's root.
    init(_ text: String, root: [String]) {
        self.text = text
        steps = text.utf8.split(separator: UInt8(ascii: "/")).map { step in
            // No name can have the character NUL: the database could not keep it.
            Substring(step).percentDecoded.flatMap { $0.utf8.contains(0) ? nil : $0 }
        }
        rootLength = steps.starts(with: root.map(Optional.some)) ? root.count : nil
    }

    /// What follows `/health`; nil for other paths.
    var healthSteps: ArraySlice<String?>? { steps.first == "health" ? steps.dropFirst() : nil }

    /// Whether this is the page of metrics.
    ///
    /// It has one spelling, so that a balancer can keep it to itself by comparing paths.
    var isMetrics: Bool { text == "/metrics" }

    /// The engine that the path names, whatever comes after.
    var engineName: String? {
        guard let rootLength, steps.count > rootLength + 1, steps[rootLength] == "engine" else { return nil }
        return steps[rootLength + 1]
    }

    /// The steps of an operation, below the engine that the path names.
    ///
    /// - Throws: ``APIError`` when there cannot be one.
    func operationSteps() throws(APIError) -> [String] {
        let readable = steps.compactMap(\.self)
        guard let rootLength, readable.count == steps.count else { throw .unknownPath(text) }
        guard engineName != nil else { return Array(readable[rootLength...]) }
        // The list of engines is there without an engine only.
        let steps = Array(readable[(rootLength + 2)...])
        guard steps.first != "engine" else { throw .unknownPath(text) }
        return steps
    }
}
