import Foundation
import LabChecker

/// Where a crew writes down what it asks and hears: standard output, one whole line with one call.
///
/// A pipe takes up to 4,096 bytes whole or not at all, so a crew that is killed leaves no half line behind.
struct CrewRecord: Sendable {
    /// Writes an entry; a crew that cannot write has no lab any more, and ends.
    func write(_ entry: Entry) {
        guard var line = try? entry.line() else { preconditionFailure("Every entry can be written.") }
        line.append(UInt8(ascii: "\n"))
        let written = line.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        if written != line.count { exit(1) }
    }
}
