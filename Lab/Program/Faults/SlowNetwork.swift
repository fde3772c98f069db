/// What lies between one node and its neighbours: the database on one side, workers on the other.
struct SlowNetwork: Sendable {
    /// Whom it concerns.
    let node: String
    let database: Proxy
    let workers: Proxy

    /// What happens to connections.
    enum Way: CaseIterable {
        case slow, still, cut, halfClosed
    }

    /// Something that happens to one of the sides.
    struct Event {
        var proxy: Proxy
        var way: Way
        var delay: UInt32
    }

    func pick(_ dice: inout Dice) -> (Event, String) {
        let isDatabase = dice.chance(0.6)
        let way = dice.pick(Way.allCases)
        let event = Event(proxy: isDatabase ? database : workers, way: way, delay: UInt32(dice.number(5...150)))
        let side = isDatabase ? "the database" : "workers"
        let text =
            switch way {
            case .slow: "what it exchanges with \(side) takes \(event.delay) ms a piece"
            case .still: "nothing is exchanged with \(side)"
            case .cut: "connections with \(side) break again and again"
            case .halfClosed: "connections with \(side) are closed on one side"
            }
        return (event, text)
    }

    func suffer(_ event: Event, for duration: Duration) async throws {
        switch event.way {
        case .slow:
            event.proxy.set(.slow(milliseconds: event.delay, slice: 1_400))
            try await Task.sleep(for: duration)
        case .still:
            event.proxy.set(.still)
            try await Task.sleep(for: duration)
        case .cut:
            for _ in 0..<5 {
                event.proxy.cut()
                try await Task.sleep(for: duration / 5)
            }
        case .halfClosed:
            event.proxy.halfClose()
            try await Task.sleep(for: duration)
        }
        event.proxy.set(.fair)
    }
}
