import ArgumentParser
import Foundation
import LabChecker
import Processes

/// Opens the lab, and judges what happened in it.
struct RunLab: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Breaks things for a while and judges the record; exit status 1 when a promise was broken.",
        discussion: "Faults:\n"
            + FaultKind.allCases.map { "  \($0.rawValue.padded(to: 18))\($0.explanation)" }.joined(separator: "\n")
    )

    @OptionGroup var options: LabOptions

    func run() async throws {
        let directory = options.directory ?? "/tmp/baton-lab-\(UUID().uuidString.prefix(8).lowercased())"
        // The database's user must be able to enter.
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755]
        )
        let timeline = Timeline()
        let recorder = try Recorder(path: directory + "/record.jsonl")
        timeline.say("Record and logs: \(directory)")
        var kinds: [FaultKind] = []
        var left: [String] = []
        for kind in try options.kinds {
            if let obstacle = await kind.obstacle() {
                left.append("\(kind.rawValue): \(obstacle)")
            } else {
                kinds.append(kind)
            }
        }
        for reason in left { timeline.say("Left out: \(reason)") }
        let lab = Lab(
            options: options,
            kinds: kinds,
            left: left,
            directory: directory,
            recorder: recorder,
            timeline: timeline,
            nodePorts: try options.port.map { first in (0..<options.nodes).map { first + $0 } }
                ?? FreePort.find(options.nodes)
        )
        let troubles = try await lab.run()
        try recorder.close()
        let history = try History(record: try Data(contentsOf: URL(fileURLWithPath: recorder.path)))
        let verdict = Verdict(history)
        Summary(verdict: verdict, run: history.run).tell(timeline.say)
        for trouble in troubles { timeline.say("BROKEN: \(trouble)") }
        timeline.say("Record: \(recorder.path)")
        guard verdict.isGood, troubles.isEmpty else { throw ExitCode(1) }
    }
}
