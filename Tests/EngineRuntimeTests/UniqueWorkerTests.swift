import EngineCore
import EngineStore
import TestSupport
import Testing

@testable import EngineRuntime

extension WaiterList {
    fileprivate static var unique: WaiterList {
        var limits = WaiterList.Limits()
        limits.onePerWorker = true
        return WaiterList(limits: limits, seed: 1)
    }

    fileprivate mutating func arrived(by worker: WorkerID, topic: String = "a") -> WaiterID {
        let arrival = arrive(worker: worker, topics: [topic], isFiltered: false, deadline: .seconds(1000))
        guard case .fetching(let id) = arrival else {
            Issue.record("The poll was not taken in.")
            return WaiterID(0)
        }
        return id
    }

    fileprivate mutating func parked(by worker: WorkerID, topic: String = "a") -> (WaiterID, [Action]) {
        let id = arrived(by: worker, topic: topic)
        return (id, foundNothing(id, now: .zero))
    }
}

private func poll(_ worker: WorkerID, _ id: WaiterID) -> WorkerPoll { WorkerPoll(worker: worker, id: id) }

@Suite struct `When a worker may have one poll that waits, a newer one` {
    @Test func `takes the place of the older as soon as it waits, whatever their topics`() {
        var list = WaiterList.unique
        let (older, _) = list.parked(by: "w", topic: "a")
        let (other, _) = list.parked(by: "x", topic: "a")
        let (newer, actions) = list.parked(by: "w", topic: "b")
        #expect(actions == [.supersede(older), .announce(poll("w", newer))])
        #expect(!list.contains(older) && list.contains(newer) && list.contains(other))
    }

    @Test func `supersedes nobody when it finds work at once`() {
        var list = WaiterList.unique
        let (older, _) = list.parked(by: "w")
        let newer = list.arrived(by: "w")
        #expect(list.foundWork(newer, isFull: false).isEmpty)
        #expect(list.contains(older))
    }

    @Test func `leaves an older one that is fetching what it finds, and ends it when it finds nothing`() {
        var list = WaiterList.unique
        let (finder, _) = list.parked(by: "w")
        #expect(list.workAppeared("a", count: 1, now: .zero) == [.fetch(finder)])
        let (newer, actions) = list.parked(by: "w")
        #expect(actions == [.announce(poll("w", newer))])
        #expect(list.foundNothing(finder, now: .zero).contains(.supersede(finder)))
        #expect(!list.contains(finder) && list.contains(newer))
    }

    @Test func `waits beside the older when workers may have many`() {
        var list = WaiterList(seed: 1)
        let (older, actions) = list.parked(by: "w")
        #expect(actions.isEmpty)
        #expect(list.parked(by: "w").1.isEmpty)
        #expect(list.contains(older))
        #expect(list.heard(poll("w", WaiterID(9)), isOwn: false).isEmpty)
    }

    @Test func `on another node takes the place of one that all had heard of, not of one that is newer still`() {
        var list = WaiterList.unique
        let (mine, _) = list.parked(by: "w")
        let elsewhere = poll("w", WaiterID(77))
        #expect(list.heard(elsewhere, isOwn: false).isEmpty)
        #expect(list.heard(poll("w", mine), isOwn: true).isEmpty)
        #expect(list.heard(poll("x", WaiterID(78)), isOwn: false).isEmpty)
        #expect(list.heard(elsewhere, isOwn: false) == [.supersede(mine)])
    }

    @Test func `with the same name on another node is another poll`() {
        var list = WaiterList.unique
        let (mine, _) = list.parked(by: "w")
        _ = list.heard(poll("w", mine), isOwn: true)
        #expect(list.heard(poll("w", mine), isOwn: false) == [.supersede(mine)])
    }

    @Test func `is announced again while not all have heard of it`() {
        var list = WaiterList.unique
        let (mine, _) = list.parked(by: "w")
        #expect(list.unheard() == [.announce(poll("w", mine))])
        _ = list.heard(poll("w", mine), isOwn: true)
        #expect(list.unheard().isEmpty)
    }
}

@Suite(.database, .timeLimit(.minutes(1))) struct `Polls of one worker on two nodes` {
    @Test func `leave one that waits`() async throws {
        let first = Node(Database.current) { $0.onePerWorker = true }
        let second = Node(Database.current) { $0.onePerWorker = true }
        try await first.running {
            try await second.running {
                await withThrowingTaskGroup { group in
                    for node in [first, second] {
                        group.addTask { _ = try await node.fetch("a", by: "w", wait: .seconds(100)) }
                    }
                    await #expect(throws: PollRefusal.superseded) { try await group.next() }
                    #expect(first.longPoll.parkedCount + second.longPoll.parkedCount == 1)
                    group.cancelAll()
                }
            }
        }
    }
}
