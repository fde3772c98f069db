import Foundation
import Synchronization

/// What a program prints: notes while it works, and results that can be compared between runs.
enum Report {
    private static let output = Mutex(())

    /// A step, or a setting.
    static func note(_ text: String) { write("  \(text)") }

    /// The beginning of a program.
    static func title(_ text: String) { write("\n\(text)\n\(String(repeating: "─", count: text.count))") }

    /// A measured value.
    static func result(_ name: String, _ value: String) {
        write("  \(name.padding(toLength: max(34, name.count), withPad: " ", startingAt: 0)) \(value)")
    }

    /// A value beside what it is meant to be.
    static func bar(_ name: String, _ value: String, _ bar: String, isMet: Bool) {
        result(name, "\(value)   [bar: \(bar)] \(isMet ? "met" : "MISSED")")
    }

    private static func write(_ line: String) {
        output.withLock { _ in FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
    }
}
