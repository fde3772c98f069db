import Foundation
import LabChecker
import Processes

/// Breaks things at random, in two lanes: the nodes in one, workers and database in the other.
///
/// In a lane one fault follows the other. So two faults at a time are common, and no two work on the same thing.
/// Now and then both lanes rest, so that what must happen *in calm* can be judged.
struct FaultLanes: Sendable {
    let kinds: [FaultKind]
    let nodes: [LabNode]
    let crews: [LabCrew]
    let database: LabDatabase
    let bouncer: PgBouncer?
    let namespace: NetworkNamespace?
    let recorder: Recorder
    let timeline: Timeline
    let seed: UInt64
    let rhythm: Rhythm

    /// The time between two faults of a lane, in milliseconds.
    static let pauseMilliseconds: ClosedRange<Int64> = 500...3_000
    /// How long something is away, in milliseconds.
    static let awayMilliseconds: ClosedRange<Int64> = 100...2_500
    /// How long something stands still, in milliseconds: mostly longer than the longest lock.
    static let stillMilliseconds: ClosedRange<Int64> = 3_000...7_000

    /// Breaks things until `end`, and returns when everything is mended.
    func run(until end: ContinuousClock.Instant) async throws {
        try await withThrowingTaskGroup { group in
            for (name, kinds) in [("nodes", FaultKind.ofNodes), ("rest", FaultKind.ofTheRest)] {
                let kinds = kinds.filter(self.kinds.contains)
                guard !kinds.isEmpty else { continue }
                group.addTask { try await lane(name, kinds, until: end) }
            }
            try await group.waitForAll()
        }
        try await Task.sleep(until: end)
    }

    private func lane(
        _ name: String,
        _ kinds: [FaultKind],
        until end: ContinuousClock.Instant
    ) async throws {
        var dice = Dice(seed: seed, "lane of \(name)")
        while true {
            try await Task.sleep(for: .milliseconds(dice.number(Self.pauseMilliseconds)))
            if let left = rhythm.calmLeft() { try await Task.sleep(for: .seconds(left)) }
            guard ContinuousClock.now < end else { return }
            try await strike(dice.pick(kinds), &dice)
        }
    }

    private func strike(_ kind: FaultKind, _ dice: inout Dice) async throws {
        let away = Duration.milliseconds(dice.number(Self.awayMilliseconds))
        let still = Duration.milliseconds(dice.number(Self.stillMilliseconds))
        let node = dice.pick(nodes)
        let crew = dice.pick(crews)
        switch kind {
        case .killNode:
            try await fault(kind, node.name, "SIGKILL; back in \(away.seconds)") {
                await node.kill()
                try await Task.sleep(for: away)
                try await node.start()
            }
        case .stopNode:
            try await fault(kind, node.name, "SIGTERM; back in \(away.seconds)") {
                await node.stop()
                try await Task.sleep(for: away)
                try await node.start()
            }
        case .pauseNode:
            try await fault(kind, node.name, "SIGSTOP for \(still.seconds)") {
                if let process = node.processIdentifier { try await Pause.hold([process], for: still) }
            }
        case .killWorkers:
            try await fault(kind, crew.name, "SIGKILL; back in \(away.seconds)") {
                try await crew.kill()
                try await Task.sleep(for: away)
                try crew.start()
            }
        case .pauseWorkers:
            try await fault(kind, crew.name, "SIGSTOP for \(still.seconds)") {
                if let process = crew.processIdentifier { try await Pause.hold([process], for: still) }
            }
        case .restartDatabase:
            try await fault(kind, "database", "immediate restart; back in \(away.seconds)") {
                try await database.crash(downFor: away)
                try await database.waitUntilUsable()
            }
        case .killBackend:
            let isDone = database.killBackend(&dice)
            try await fault(kind, "database", "SIGKILL to one of its processes\(isDone ? "" : ": there was none")") {
                try await Task.sleep(for: .milliseconds(100))
                try await database.waitUntilUsable()
            }
        case .pgBouncer:
            guard let bouncer else { return }
            try await fault(kind, "pgbouncer", "SIGKILL; back in \(away.seconds)") {
                await bouncer.kill()
                try await Task.sleep(for: away)
                try bouncer.start()
            }
        case .failOver:
            try await fault(kind, "database", "is gone for good; the standby takes over") {
                try await database.failOver { try bouncer?.point(to: database.socketDirectory) }
                try await database.waitUntilUsable()
            }
        case .partition:
            guard let namespace, let node = nodes.first(where: { $0.settings.host == namespace.inside }) else { return }
            let extent = dice.pick(NetworkNamespace.Extent.allCases)
            try await fault(kind, node.name, "cut off \(extent.text) for \(still.seconds)") {
                try await namespace.cut(extent)
                try await Task.sleep(for: still)
                try await namespace.heal()
                try await node.waitUntilReady()
            }
        case .closedSockets, .slowClients, .fullPool, .clockSkew:
            preconditionFailure("\(kind) is there all the time")
        }
    }

    private func fault(
        _ kind: FaultKind,
        _ target: String,
        _ text: String,
        _ body: () async throws -> Void
    ) async throws {
        timeline.tell(target, text)
        try await recorder.fault(kind, target, body)
        timeline.tell(target, "is whole again")
    }
}

extension Duration {
    /// Seconds with one decimal, and the unit.
    var seconds: String {
        String(format: "%.1f s", Double(components.seconds) + Double(components.attoseconds) / 1e18)
    }
}
