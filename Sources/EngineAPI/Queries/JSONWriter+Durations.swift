import Expressions
import JSON

extension JSONWriter {
    /// Writes how many milliseconds lie between two moments; null when there is no end yet.
    mutating func duration(_ name: String, from start: Instant, to end: Instant?) {
        member(name, end.map { $0.millisecondsSinceEpoch - start.millisecondsSinceEpoch })
    }
}
