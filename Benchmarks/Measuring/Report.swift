import Foundation
import Synchronization

/// What a program prints: notes while it works, and results that can be compared between runs.
enum Report {
    /// A value beside what it is meant to be.
    struct Bar: Sendable {
        var program: String
        var name: String
        var value: String
        var bar: String
        var isMet: Bool
    }

    private struct State {
        var program = ""
        var bars: [Bar] = []
    }

    private static let state = Mutex(State())

    /// The bars that were measured so far.
    static var bars: [Bar] { state.withLock(\.bars) }

    /// A step, or a setting.
    static func note(_ text: String) { write("  \(text)") }

    /// The beginning of a program.
    static func title(_ text: String) {
        state.withLock { $0.program = text }
        write("\n\(text)\n\(String(repeating: "─", count: text.count))")
    }

    /// A measured value.
    static func result(_ name: String, _ value: String) {
        write("  \(name.padded(to: 34)) \(value)")
    }

    /// A value beside what it is meant to be.
    static func bar(_ name: String, _ value: String, _ bar: String, isMet: Bool) {
        state.withLock { state in
            let name = name.trimmingCharacters(in: .whitespaces)
            state.bars.append(Bar(program: state.program, name: name, value: value, bar: bar, isMet: isMet))
        }
        result(name, "\(value)   [bar: \(bar)] \(isMet ? "met" : "MISSED")")
    }

    /// All bars that were measured, one below the other.
    static func summarize() {
        title("Bars")
        let bars = bars.map { [$0.isMet ? "met" : "MISSED", $0.program, $0.name, $0.value, $0.bar] }
        let rows = [["", "program", "what", "measured", "bar"]] + bars
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            note(zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  "))
        }
    }

    private static func write(_ line: String) {
        state.withLock { _ in FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
    }
}

extension String {
    /// Filled up with spaces; never shortened.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
