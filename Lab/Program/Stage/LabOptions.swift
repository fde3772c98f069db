import ArgumentParser
import Foundation

/// What can be chosen of a lab.
struct LabOptions: ParsableArguments {
    @Option(help: "How long to break things, in seconds.") var seconds = 60
    @Option(help: "Brings the same choices back; their effects also depend on what the machine does.") var seed:
        UInt64 = 1
    @Option(help: "What to do, separated by commas; everything when not given.") var faults: String?
    @Option(help: "Nodes on the database.") var nodes = 3
    @Option(help: "Processes of workers.") var crews = 2
    @Option(help: "Workers in each process.") var workers = 16
    @Option(help: "Instances that each process of workers starts in a second.") var startsPerSecond = 2.5
    @Option(help: "The port of the first node; the next ones follow. Free ones are chosen when not given.") var port:
        Int?
    @Option(help: "The `baton` to break; the one built beside this program when not given.") var baton: String?
    @Option(help: "Where record and logs go; a new folder in /tmp when not given.") var directory: String?

    func validate() throws {
        guard 1...86_400 ~= seconds else { throw ValidationError("--seconds must be from 1 to 86400.") }
        guard 1...20 ~= nodes else { throw ValidationError("--nodes must be from 1 to 20.") }
        guard 1...20 ~= crews else { throw ValidationError("--crews must be from 1 to 20.") }
        guard 1...500 ~= workers else { throw ValidationError("--workers must be from 1 to 500.") }
        guard startsPerSecond > 0, startsPerSecond <= 1000 else {
            throw ValidationError("--starts-per-second must be above 0 and at most 1000.")
        }
        _ = try kinds
    }

    /// The command that brings the same choices back.
    func command(_ kinds: [FaultKind]) -> String {
        "scripts/chaos --seconds \(seconds) --seed \(seed) --nodes \(nodes) --crews \(crews) --workers \(workers) "
            + "--starts-per-second \(startsPerSecond) --faults \(kinds.map(\.rawValue).joined(separator: ","))"
    }

    /// The faults that were asked for.
    var kinds: [FaultKind] {
        get throws {
            guard let faults else { return FaultKind.allCases }
            return try faults.split(separator: ",").map { name in
                guard let kind = FaultKind(rawValue: name.trimmingCharacters(in: .whitespaces)) else {
                    let all = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("There is no fault \(name); there are \(all).")
                }
                return kind
            }
        }
    }
}
