import EngineCore
import EngineStore
import Testing

@testable import EngineRuntime

private typealias Action = WaiterList.Action

extension Duration {
    fileprivate static let start = Duration.zero
    fileprivate static let later = Duration.seconds(10)
}

extension WaiterList {
    fileprivate init() { self.init(seed: 1) }

    /// A poll that found nothing at first and is parked.
    fileprivate mutating func parked(
        _ topics: String...,
        filtered: Bool = false,
        deadline: Duration = .seconds(1000),
        now: Duration = .start
    ) -> WaiterID {
        let id = arrived(topics, filtered: filtered, deadline: deadline)
        _ = foundNothing(id, now: now)
        for topic in topics { learned(topic, next: nil, now: now) }
        return id
    }

    /// A poll that is at its first fetch.
    fileprivate mutating func arrived(
        _ topics: [String],
        filtered: Bool = false,
        deadline: Duration = .seconds(1000)
    ) -> WaiterID {
        let arrival = arrive(worker: "w", topics: topics, isFiltered: filtered, deadline: deadline)
        guard case .fetching(let id) = arrival else {
            Issue.record("The poll was not taken in.")
            return WaiterID(0)
        }
        return id
    }
}

@Suite struct `Work that appears` {
    @Test func `wakes as many polls as there are tasks, the oldest first`() {
        var list = WaiterList()
        let first = list.parked("a")
        let second = list.parked("a")
        _ = list.parked("a")
        _ = list.parked("b")
        #expect(list.workAppeared("a", count: 2, now: .later) == [.fetch(first), .fetch(second)])
        #expect(list.parked == 2)
    }

    @Test func `does nothing when nobody waits for the topic`() {
        var list = WaiterList()
        _ = list.parked("a")
        #expect(list.workAppeared("b", count: 1, now: .later).isEmpty)
        #expect(list.workAppeared("a", count: 0, now: .later).isEmpty)
        #expect(list.workAppeared("a", count: -1, now: .later).isEmpty)
    }

    @Test func `wakes a poll once even when it waits for two topics that gain work`() {
        var list = WaiterList()
        let poll = list.parked("a", "b")
        #expect(list.workAppeared("a", count: 1, now: .later) == [.fetch(poll)])
        #expect(list.workAppeared("b", count: 1, now: .later).isEmpty)
    }

    @Test func `during a fetch makes the poll fetch again instead of parking`() {
        var list = WaiterList()
        let poll = list.arrived(["a"])
        #expect(list.workAppeared("a", count: 1, now: .start).isEmpty)
        #expect(list.foundNothing(poll, now: .start) == [.fetch(poll)])
        #expect(list.foundNothing(poll, now: .start).isEmpty)
        #expect(list.parked == 1)
    }

    @Test func `during a fetch that finds other work wakes another poll`() {
        var list = WaiterList()
        let busy = list.arrived(["a"])
        _ = list.workAppeared("a", count: 1, now: .start)
        let other = list.parked("a")
        #expect(list.foundWork(busy, isFull: false) == [.fetch(other)])
    }

    @Test func `is handed on once by a poll that found nothing`() {
        var list = WaiterList()
        let polls = [list.parked("a"), list.parked("a"), list.parked("a")]
        #expect(list.workAppeared("a", count: 1, now: .later) == [.fetch(polls[0])])
        #expect(list.foundNothing(polls[0], now: .later) == [.fetch(polls[1])])
        #expect(list.foundNothing(polls[1], now: .later).isEmpty)
        #expect(list.parked == 3)
    }

    @Test func `is handed on by a poll whose client has gone`() {
        var list = WaiterList()
        let polls = [list.parked("a"), list.parked("a"), list.parked("a")]
        _ = list.workAppeared("a", count: 1, now: .later)
        #expect(list.gone(polls[0]) == [.fetch(polls[1])])
        #expect(list.gone(polls[1]) == [.fetch(polls[2])])
        #expect(list.gone(polls[2]).isEmpty)
        #expect(list.count == 0)
    }

    @Test func `wakes one more poll when a fetch took all it may`() {
        var list = WaiterList()
        let polls = [list.parked("a"), list.parked("a")]
        _ = list.workAppeared("a", count: 1, now: .later)
        #expect(list.foundWork(polls[0], isFull: true) == [.fetch(polls[1])])
    }

    @Test func `leaves a poll parked at its place when it fetched in vain`() {
        var list = WaiterList()
        let first = list.parked("a")
        let second = list.parked("a")
        _ = list.workAppeared("a", count: 1, now: .later)
        _ = list.foundNothing(first, now: .later)
        _ = list.foundNothing(second, now: .later)
        #expect(list.workAppeared("a", count: 1, now: .later) == [.fetch(first)])
    }
}

@Suite struct `Filtered polls` {
    @Test func `are all woken, beside the unfiltered ones`() {
        var list = WaiterList()
        let filtered = [list.parked("a", filtered: true), list.parked("a", filtered: true)]
        let plain = list.parked("a")
        let actions = list.workAppeared("a", count: 1, now: .later)
        #expect(actions == [.fetch(plain), .fetch(filtered[0]), .fetch(filtered[1])])
    }

    @Test func `are woken at most once per interval, and then for what came meanwhile`() {
        var list = WaiterList()
        let poll = list.parked("a", filtered: true)
        #expect(list.workAppeared("a", count: 1, now: .later) == [.fetch(poll)])
        #expect(list.foundNothing(poll, now: .later).isEmpty)
        for milliseconds in [1, 2, 9] {
            #expect(list.workAppeared("a", count: 5, now: .later + .milliseconds(milliseconds)).isEmpty)
        }
        #expect(list.nextMoment.map { $0 <= .later + .milliseconds(10) } == true)
        #expect(list.timePassed(now: .later + .milliseconds(9)).filter { $0 == .fetch(poll) }.isEmpty)
        #expect(list.timePassed(now: .later + .milliseconds(10)).contains(.fetch(poll)))
    }
}

@Suite struct `A deadline` {
    @Test func `causes one last fetch and then the empty answer`() {
        var list = WaiterList()
        let poll = list.parked("a", deadline: .seconds(1))
        #expect(list.timePassed(now: .milliseconds(999)).isEmpty)
        #expect(list.timePassed(now: .seconds(1)) == [.fetch(poll)])
        #expect(list.foundNothing(poll, now: .seconds(1)) == [.answerEmpty(poll)])
        #expect(list.count == 0)
    }

    @Test func `that has passed already ends the poll with its first fetch`() {
        var list = WaiterList()
        let poll = list.arrived(["a"], deadline: .start)
        #expect(list.foundNothing(poll, now: .start) == [.answerEmpty(poll)])
    }

    @Test func `that passes during a fetch ends the poll with it`() {
        var list = WaiterList()
        let poll = list.parked("a", deadline: .seconds(1))
        _ = list.workAppeared("a", count: 1, now: .milliseconds(900))
        #expect(list.timePassed(now: .seconds(1)).isEmpty)
        #expect(list.foundNothing(poll, now: .seconds(1)) == [.answerEmpty(poll)])
    }

    @Test func `is kept by polls without topics`() {
        var list = WaiterList()
        let poll = list.parked(deadline: .seconds(1))
        #expect(list.nextMoment == .seconds(1))
        #expect(list.timePassed(now: .seconds(1)) == [.fetch(poll)])
    }

    @Test func `is kept through many arrivals and departures`() {
        var list = WaiterList()
        let last = list.parked("a", deadline: .seconds(1))
        for _ in 0..<5000 {
            let poll = list.parked("a", deadline: .seconds(900))
            _ = list.gone(poll)
        }
        #expect(list.timePassed(now: .seconds(1)) == [.fetch(last)])
        #expect(list.count == 1)
    }
}

@Suite struct `The next claimable moment` {
    @Test func `wakes one poll of the topic and has to be learned anew`() {
        var list = WaiterList()
        let polls = [list.parked("a"), list.parked("a")]
        list.learned("a", next: .milliseconds(500), now: .start)
        #expect(list.nextMoment == .milliseconds(500))
        #expect(list.topicsToLearn(for: polls[0]).isEmpty)
        #expect(list.timePassed(now: .milliseconds(500)) == [.fetch(polls[0])])
        #expect(list.topicsToLearn(for: polls[0]) == ["a"])
    }

    @Test func `is the earliest that anybody told`() {
        var list = WaiterList()
        let poll = list.parked("a")
        list.learned("a", next: .milliseconds(500), now: .start)
        list.workWillAppear("a", at: .milliseconds(200))
        list.workWillAppear("a", at: .milliseconds(300))
        #expect(list.timePassed(now: .milliseconds(199)).isEmpty)
        #expect(list.timePassed(now: .milliseconds(200)) == [.fetch(poll)])
    }

    @Test func `is never at once, so that a lock that cannot be swept yet is not asked for in a loop`() {
        var list = WaiterList()
        let poll = list.parked("a")
        list.learned("a", next: .milliseconds(400), now: .milliseconds(500))
        #expect(list.nextMoment == .milliseconds(510))
        #expect(list.timePassed(now: .milliseconds(510)) == [.fetch(poll)])
    }

    @Test func `is forgotten with the last poll of the topic`() {
        var list = WaiterList()
        let poll = list.parked("a")
        list.learned("a", next: .milliseconds(500), now: .start)
        _ = list.gone(poll)
        list.workWillAppear("a", at: .milliseconds(100))
        #expect(list.timePassed(now: .milliseconds(500)).isEmpty)
    }
}

@Suite struct `The safety check` {
    @Test func `asks once for all topics that polls are parked for, every two seconds or so`() {
        var list = WaiterList()
        _ = list.parked("b")
        _ = list.parked("a")
        _ = list.parked("a", "b")
        #expect(list.timePassed(now: .milliseconds(1599)).isEmpty)
        #expect(list.timePassed(now: .milliseconds(2400)) == [.check(["a", "b"])])
        #expect(list.timePassed(now: .milliseconds(2410)).isEmpty)
        #expect(list.checkFinished([], now: .milliseconds(2410)).isEmpty)
        #expect(list.timePassed(now: .milliseconds(4000)).isEmpty)
        #expect(list.timePassed(now: .milliseconds(4810)) == [.check(["a", "b"])])
    }

    @Test func `leaves a database alone that needs long for it`() {
        var list = WaiterList()
        _ = list.parked("a")
        #expect(list.timePassed(now: .seconds(10)) == [.check(["a"])])
        #expect(list.timePassed(now: .seconds(20)).isEmpty)
        #expect(list.checkFinished([], now: .seconds(20)).isEmpty)
        #expect(list.timePassed(now: .seconds(69)).isEmpty)
        #expect(list.timePassed(now: .seconds(70)) == [.check(["a"])])
    }

    @Test func `wakes a poll of every topic that has work`() {
        var list = WaiterList()
        let a = list.parked("a")
        let b = list.parked("b")
        _ = list.timePassed(now: .seconds(3))
        let states = [
            TopicState(topic: "a", hasReadyTasks: true, nextInMilliseconds: nil),
            TopicState(topic: "b", hasReadyTasks: false, nextInMilliseconds: 100),
            TopicState(topic: "gone", hasReadyTasks: true, nextInMilliseconds: 100),
        ]
        #expect(list.checkFinished(states, now: .seconds(3)) == [.fetch(a)])
        #expect(list.timePassed(now: .milliseconds(3100)) == [.fetch(b)])
    }

    @Test func `does not happen while no poll is parked`() {
        var list = WaiterList()
        let poll = list.parked("a")
        _ = list.gone(poll)
        #expect(list.timePassed(now: .seconds(3)).isEmpty)
        #expect(list.timePassed(now: .seconds(6)).isEmpty)
    }

    @Test func `happens at once when wake-ups may have been lost, also during another`() {
        var list = WaiterList()
        _ = list.parked("a")
        list.wakeUpsMayBeLost(now: .milliseconds(5))
        #expect(list.timePassed(now: .milliseconds(5)) == [.check(["a"])])
        list.wakeUpsMayBeLost(now: .milliseconds(6))
        #expect(list.timePassed(now: .milliseconds(6)).isEmpty)
        #expect(list.checkFinished(nil, now: .milliseconds(7)).isEmpty)
        #expect(list.timePassed(now: .milliseconds(7)) == [.check(["a"])])
    }
}

@Suite struct `A node's limits` {
    @Test func `refuse a poll beyond the most that may wait`() {
        var limits = WaiterList.Limits()
        limits.waiters = 1
        var list = WaiterList(limits: limits, seed: 1)
        let poll = list.parked("a")
        #expect(list.arrive(worker: "w", topics: ["a"], isFiltered: false, deadline: .later) == .full)
        _ = list.gone(poll)
        #expect(list.arrive(worker: "w", topics: ["a"], isFiltered: false, deadline: .later) != .full)
    }

    @Test func `end every parked poll when it stops`() {
        var list = WaiterList()
        let parked = [list.parked("a"), list.parked("b", filtered: true)]
        let fetching = list.arrived(["a"])
        #expect(list.drain() == parked.map(WaiterList.Action.answerEmpty))
        #expect(list.foundNothing(fetching, now: .start) == [.answerEmpty(fetching)])
        #expect(list.arrive(worker: "w", topics: ["a"], isFiltered: false, deadline: .later) == .draining)
        #expect(list.count == 0)
    }

    @Test func `let ten thousand polls wait without anything to do but the safety check`() {
        var list = WaiterList()
        for _ in 0..<10_000 { _ = list.parked("a") }
        #expect(list.parked == 10_000)
        #expect(list.timePassed(now: .milliseconds(1599)).isEmpty)
        #expect(list.workAppeared("a", count: 3, now: .seconds(1)).count == 3)
    }
}
