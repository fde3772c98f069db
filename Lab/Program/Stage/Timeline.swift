import Foundation
import LabChecker
import Synchronization

/// Prints what happens, with the seconds since the lab was opened.
final class Timeline: Sendable {
    private let beginning = LabMoment.now
    private let printing = Mutex(())

    func tell(_ who: String, _ what: String) {
        let seconds = String(format: "%8.2f s", Double(LabMoment.now - beginning) / 1e6)
        say("\(seconds)  \(who.padded(to: 11)) \(what)")
    }

    func say(_ line: String) {
        printing.withLock { _ in FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
    }
}

extension String {
    /// Filled up with spaces; never shortened.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
