@testable import Postgres
import Testing

@Suite struct `The state of a pool` {
    @Test func `opens sessions up to its bound, then lets callers wait`() {
        var state = PoolState(maximum: 2, maximumWaiters: 1)
        #expect(state.acquire(1) == .connect(1))
        #expect(state.acquire(2) == .connect(2))
        #expect(state.acquire(3) == .wait)
        #expect(state.acquire(4) == .full)
    }

    @Test func `hands a session to the one who waited longest`() {
        var state = PoolState(maximum: 1, maximumWaiters: 9)
        #expect(state.acquire(1) == .connect(1))
        #expect(state.acquire(2) == .wait)
        #expect(state.acquire(3) == .wait)
        #expect(state.release(1, isUsable: true) == .init(offer: (2, .lease(1))))
        #expect(state.release(1, isUsable: true) == .init(offer: (3, .lease(1))))
        #expect(state.release(1, isUsable: true) == .init())
        #expect(state.acquire(4) == .lease(1))
    }

    @Test func `lets a waiter open a session in place of a broken one`() {
        var state = PoolState(maximum: 1, maximumWaiters: 9)
        #expect(state.acquire(1) == .connect(1))
        #expect(state.acquire(2) == .wait)
        #expect(state.release(1, isUsable: false) == .init(close: 1, offer: (2, .connect(2))))
        #expect(state.count == 1)
        #expect(state.release(2, isUsable: false) == .init(close: 2))
        #expect(state.count == 0)
    }

    @Test func `forgets a waiter that gave up, unless it was offered something already`() {
        var state = PoolState(maximum: 1, maximumWaiters: 9)
        #expect(state.acquire(1) == .connect(1))
        #expect(state.acquire(2) == .wait)
        #expect(state.withdraw(2) == true)
        #expect(state.withdraw(2) == false)
        #expect(state.release(1, isUsable: true) == .init())
    }

    @Test func `uses the session that was used last, and takes out those idle longest`() {
        var state = PoolState(maximum: 3, maximumWaiters: 9)
        for waiter in 1...3 { _ = state.acquire(waiter) }
        for session in 1...3 { _ = state.release(session, isUsable: true) }
        let spare = state.trim(toMinimum: 2) { _ in true }
        #expect(spare == [1])
        #expect(state.acquire(4) == .lease(3))
        let none = state.trim(toMinimum: 0) { $0 != 2 }
        #expect(none == [])
    }

    @Test func `is drained when the last session comes back after it was closed`() {
        var state = PoolState(maximum: 2, maximumWaiters: 9)
        for waiter in 1...3 { _ = state.acquire(waiter) }
        let closing = state.close()
        #expect(closing.waiters == [3])
        #expect(!closing.isDrained)
        #expect(state.acquire(4) == .closed)
        #expect(state.release(1, isUsable: true) == .init(close: 1))
        #expect(state.release(2, isUsable: true) == .init(close: 2, isDrained: true))
        #expect(state.release(2, isUsable: true) == .init())
    }

    @Test func `never has more sessions than its bound, whatever happens`() {
        var random = SystemRandomNumberGenerator()
        var state = PoolState(maximum: 3, maximumWaiters: 5)
        var held: Set<Int> = []
        var waiting: Set<Int> = []
        for step in 0..<20_000 {
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                switch state.acquire(step) {
                case .lease(let id), .connect(let id): #expect(held.insert(id).inserted)
                case .wait: waiting.insert(step)
                case .full: #expect(waiting.count == 5)
                case .closed: Issue.record("not closed")
                }
            case 1:
                guard let id = held.randomElement() else { continue }
                held.remove(id)
                if let offer = state.release(id, isUsable: Bool.random()).offer {
                    #expect(waiting.remove(offer.waiter) != nil)
                    switch offer.what {
                    case .lease(let id), .connect(let id): #expect(held.insert(id).inserted)
                    }
                }
            default:
                guard let waiter = waiting.randomElement() else { continue }
                #expect(state.withdraw(waiter) == true)
                waiting.remove(waiter)
            }
            #expect(state.busy == held)
            #expect(state.count <= 3)
            #expect(waiting.isEmpty || held.count == 3)
        }
    }

    @Test func `waits longer after each failure, within bounds`() {
        var backoff = Backoff(first: .milliseconds(100), longest: .seconds(1))
        #expect(backoff.delay() == .zero)
        for most in [100, 200, 400, 800, 1000, 1000] {
            backoff.failed()
            let delay = backoff.delay()
            #expect(delay >= .milliseconds(most) / 2 && delay <= .milliseconds(most))
        }
        backoff.succeeded()
        #expect(backoff.delay() == .zero)
    }
}
