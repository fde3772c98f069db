import EngineCore
import FoundationEssentials

// A list inside a row that is inserted through `unnest` travels as text: arrays of arrays would be flattened.

extension [ExecutionID] {
    /// A path as comma-separated text; nil for that of most rows, which has only the root.
    var column: String? { count == 1 ? nil : lazy.map(\.description).joined(separator: ",") }
}

extension [String] {
    /// Activity ids, which are XML names and hold no line breaks, one a line; nil when there are none.
    var column: String? { isEmpty ? nil : joined(separator: "\n") }
}

extension Place {
    /// The root process instance.
    var root: UUID { path[0].rawValue }
}
