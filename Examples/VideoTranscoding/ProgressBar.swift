import Foundation

/// A bar on the terminal; lines, one for each tenth, when the output goes elsewhere.
struct ProgressBar {
    let title: String
    let total: Int
    private var lastTenth = -1
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private static let width = 40

    init(title: String, total: Int) {
        self.title = title
        self.total = max(1, total)
    }

    /// Shows how much is done, 0 to the total.
    mutating func show(_ done: Int) {
        let percent = done * 100 / total
        if isTerminal {
            let full = done * Self.width / total
            let bar = String(repeating: "█", count: full) + String(repeating: "░", count: Self.width - full)
            write("\r\(title) \(bar) \(percent) %")
        } else if percent / 10 > lastTenth {
            lastTenth = percent / 10
            write("\(title): \(percent) %\n")
        }
    }

    /// Leaves the line.
    func end() {
        if isTerminal { write("\n") }
    }

    private func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
