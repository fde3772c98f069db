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
    let network: SlowNetwork?
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
        case .rollingRestart:
            try await fault(kind, "all nodes", "SIGTERM, one after the other") {
                for node in nodes {
                    await node.stop()
                    try await node.start()
                }
            }
        case .fewDescriptors:
            try await fault(kind, node.name, "no further files and sockets for \(still.seconds)") {
                guard let process = node.processIdentifier else { return }
                try await Descriptors.forbidMore(to: process, for: still)
                try await node.waitUntilReady()
            }
        case .slowNetwork:
            guard let network else { return }
            let (way, text) = network.pick(&dice)
            try await fault(kind, network.node, "\(text) for \(still.seconds)") {
                try await network.suffer(way, for: still)
            }
        case .orderlyRestart:
            try await fault(kind, "database", "orderly restart; back in \(away.seconds)") {
                try await database.restart(downFor: away)
                try await database.waitUntilUsable()
            }
        case .terminateSessions:
            let count = dice.number(1...20)
            try await fault(kind, "database", "up to \(count) sessions are ended") {
                await database.terminateSessions(count)
                try await Task.sleep(for: .milliseconds(100))
                try await database.waitUntilUsable()
            }
        case .heldRows:
            let script = Burden.holdRows(milliseconds: still.milliseconds)
            try await fault(kind, "database", "some rows are held for \(still.seconds)") {
                await database.suffer(script)
            }
        case .lockedTable:
            let table = dice.pick(Burden.tables)
            let script = Burden.lock(table: table, milliseconds: still.milliseconds / 2)
            try await fault(kind, "database", "\(table) is locked for \((still / 2).seconds)") {
                await database.suffer(script)
            }
        case .standbyCut:
            let isLost = dice.chance(0.3) && kinds.contains(.failOver)
            let count: Int64? = dice.chance(0.6) ? dice.number(5...30) : nil
            let text = "the standby hears nothing for \(still.seconds)"
            try await fault(kind, "database", text + (isLost ? ", and then takes over" : "")) {
                database.cutStandby()
                try await Task.sleep(for: still / 2)
                if let count { await database.terminateSessions(count) }
                try await Task.sleep(for: still / 2)
                if isLost { try await database.failOver { try bouncer?.point(to: database.socketDirectory) } }
                database.healStandby()
                try await database.waitUntilUsable()
            }
        case .fullDisk:
            try await fault(kind, "database", "its disk is full for \(still.seconds)") {
                try await database.fillDisk(for: still)
                try await database.waitUntilUsable()
            }
        case .closedSockets, .slowClients, .fullPool, .clockSkew, .lockStorms:
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
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }

    /// Seconds with one decimal, and the unit.
    var seconds: String {
        String(format: "%.1f s", Double(components.seconds) + Double(components.attoseconds) / 1e18)
    }
}
