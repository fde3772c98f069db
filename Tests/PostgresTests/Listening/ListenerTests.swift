@testable import Postgres
import TestSupport
import Testing

@Suite(.database(.empty), .timeLimit(.minutes(1))) struct `A listener` {
    /// The backend that listens under this application name.
    private struct Listening: Statement {
        var applicationName: String
        static let sql: SQLText = "select pid from pg_stat_activity where application_name = $1"
        static let parameters = ParameterEncoder(\Self.applicationName)
        static let rows = RowDecoder(Int32.self)
    }

    private func listener(_ channel: String, heartbeat: Duration = .seconds(5)) throws -> Listener {
        var settings = Database.current.settings
        settings.applicationName = channel
        return Listener(
            settings,
            channel: try #require(SQLIdentifier(channel)),
            heartbeat: heartbeat,
            logger: TestServer.logger
        )
    }

    @Test func `hears what is told on its channel, in order`() async throws {
        let listener = try listener("Odd \"channel\"")
        let running = Task { await listener.run() }
        var events = listener.events.makeAsyncIterator()
        #expect(await events.next() == .listening)
        let other: SQLIdentifier = "other"
        let pool = Database.current.pool
        try await pool.run(Notify(other, ["not heard"]))
        try await pool.run(Notify(listener.channel, ["one", "two"]))
        try await pool.run(Notify(listener.channel, ["three"]))
        for payload in ["one", "two", "three"] { #expect(await events.next() == .notification(payload: payload)) }
        running.cancel()
        await running.value
        #expect(await events.next() == nil)
    }

    @Test func `sets nothing on a session that a transaction pooler may give to others, and hears all the same`()
        async throws
    {
        let channel: SQLIdentifier = "pooled"
        var settings = Database.current.settings
        settings.preparedStatements = false
        let listener = Listener(settings, channel: channel, logger: TestServer.logger)
        // What is set for a transaction ends with it.
        #expect(listener.settings.scope == .transaction)
        // And it listens as well.
        let running = Task { await listener.run() }
        var events = listener.events.makeAsyncIterator()
        #expect(await events.next() == .listening)
        try await Database.current.pool.run(Notify(channel, ["heard"]))
        #expect(await events.next() == .notification(payload: "heard"))
        running.cancel()
        await running.value
    }

    @Test func `comes back when its connection is ended, and says that it must be looked at again`() async throws {
        let listener = try listener("ended")
        let running = Task { await listener.run() }
        var events = listener.events.makeAsyncIterator()
        #expect(await events.next() == .listening)
        let pool = Database.current.pool
        let backend = try #require(try await pool.run(Listening(applicationName: "ended")).first)
        try await pool.run(Terminate(processID: backend))
        guard case .lost(let error) = await events.next() else {
            Issue.record("expected to be lost")
            return
        }
        #expect(error.isConnectionLoss)
        #expect(await events.next() == .listening)
        try await pool.run(Notify(listener.channel, ["after"]))
        #expect(await events.next() == .notification(payload: "after"))
        running.cancel()
        await running.value
    }

    @Test func `stays connected while its heartbeats come back, and shows them to nobody`() async throws {
        let listener = try listener("beating", heartbeat: .milliseconds(10))
        let watcher = try await Database.current.connect()
        var listen = DynamicQuery("Listen")
        listen.append("listen ", identifier: listener.channel)
        try await watcher.run(listen)
        let running = Task { await listener.run() }
        var events = listener.events.makeAsyncIterator()
        #expect(await events.next() == .listening)
        var beats = 0
        while beats < 5 {
            let heard = try await watcher.notifications(until: .now.advanced(by: .seconds(10)))
            #expect(heard.allSatisfy { $0.payload.hasPrefix(Listener.heartbeatPrefix) })
            beats += heard.count
        }
        try await Database.current.pool.run(Notify(listener.channel, ["real"]))
        #expect(await events.next() == .notification(payload: "real"))
        running.cancel()
        await running.value
        await watcher.close()
    }

    @Test func `is lost when a heartbeat does not come back`() throws {
        let start = ContinuousClock.now
        var pulse = Heartbeat(interval: .seconds(5), now: start)
        #expect(pulse.beat(heard: ["x"], now: start) == .wait)
        guard case .send(let payload) = pulse.beat(heard: [], now: start.advanced(by: .seconds(5))) else {
            Issue.record("expected a heartbeat")
            return
        }
        var other = pulse
        #expect(pulse.beat(heard: [payload], now: start.advanced(by: .seconds(6))) == .wait)
        guard case .send = pulse.beat(heard: [], now: start.advanced(by: .seconds(10))) else {
            Issue.record("expected another heartbeat")
            return
        }
        #expect(other.beat(heard: [], now: start.advanced(by: .seconds(9))) == .wait)
        #expect(other.beat(heard: [], now: start.advanced(by: .seconds(10))) == .lost)
    }
}
