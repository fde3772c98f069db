import ArgumentParser
import Foundation
import LabChecker

/// Judges a record.
struct CheckRecord: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Judges a record of the lab; exit status 1 when a promise was broken, 2 when it cannot be judged."
    )

    @Argument(help: "The record.") var record: String

    func run() throws {
        let history: History
        do {
            history = try History(record: try Data(contentsOf: URL(fileURLWithPath: record), options: .mappedIfSafe))
        } catch {
            FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
            throw ExitCode(2)
        }
        let verdict = Verdict(history)
        Summary(verdict: verdict, run: history.run).tell { print($0) }
        guard verdict.isGood else { throw ExitCode(1) }
    }
}
