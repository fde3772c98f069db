import ArgumentParser
import Foundation
import Logging

/// The failure lab: real nodes, workers and databases, and everything that can happen to them.
@main struct BatonLab: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baton-lab",
        abstract: "Breaks Baton in every way it can, writes down what everybody saw, and judges that.",
        subcommands: [RunLab.self, CheckRecord.self, RunCrew.self]
    )

    /// Libraries have nothing to say here; what nodes log is kept by the lab.
    static let logger = Logger(label: "lab") { _ in SwiftLogNoOpLogHandler() }
}

/// Something without which the lab cannot go on; says what to do about it.
struct LabFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
