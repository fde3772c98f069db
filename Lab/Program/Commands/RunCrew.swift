import ArgumentParser
import Foundation
import LabChecker

/// A process of workers, which the lab starts, pauses and kills.
struct RunCrew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crew",
        abstract: "Workers in a process of their own; started by the lab.",
        shouldDisplay: false
    )

    @Option var name: String
    @Option var life: String
    @Option var seed: UInt64
    @Option var node: [String]
    @Option var workers: Int
    @Option var startsPerSecond: Double
    /// When the first storm begins, on the lab's clock; polite workers have none.
    @Option var storms: Int64?
    @Flag var rude = false
    @Flag var slow = false
    @Flag var stormy = false
    @Option var clerks: Int

    func run() throws {
        let settings = CrewSettings(
            name: name,
            life: life,
            seed: seed,
            nodes: node.compactMap(NodeAddress.init),
            workers: workers,
            startsPerSecond: startsPerSecond,
            rhythm: storms.map { Rhythm(opening: LabMoment(rawValue: $0)) },
            areRude: rude,
            areSlow: slow,
            areStormy: stormy,
            clerks: clerks
        )
        signal(SIGPIPE, SIG_IGN)
        for number in 1...workers {
            Thread.detachNewThread {
                Worker(client: Client("\(settings.name)-\(number)", settings, CrewRecord()), settings: settings).work()
            }
        }
        for number in 1...clerks {
            Thread.detachNewThread {
                Clerk(client: Client("\(settings.name)-clerk\(number)", settings, CrewRecord()), settings: settings)
                    .work()
            }
        }
        if startsPerSecond > 0 {
            Thread.detachNewThread { start(Client("\(settings.name)-starter", settings, CrewRecord()), settings) }
        }
        // Standard input ends with the lab, and this process with it.
        var byte: UInt8 = 0
        while read(STDIN_FILENO, &byte, 1) > 0 {}
    }

    /// Starts instances; who does not know whether a start worked starts another one, under another key.
    private func start(_ client: Client, _ settings: CrewSettings) {
        var number = 0
        while true {
            number += 1
            let process = client.throwing { $0.chance(0.6) ? LabModel.key : ErrandModel.key }
            _ = client.ask(.start(businessKey: "\(settings.life)-\(number)", process: process))
            let pause = 1_000_000 / settings.startsPerSecond
            usleep(UInt32(client.throwing { Double.random(in: 0...2, using: &$0) } * pause))
        }
    }
}
