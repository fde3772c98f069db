import EmbeddedPostgres
import EngineStore
import Foundation
import Logging
import Postgres
import TestSupport
import Testing
import sql

@testable import EngineRuntime

@Suite(.timeLimit(.minutes(2))) struct `An engine is ready` {
    @Test(.database) func `when its database answers, its schema fits and heartbeats arrive`() async throws {
        try await RunningEngine.one { engine in
            let readiness = await engine.readiness()
            #expect(readiness.isReady)
            #expect(readiness.life == .running)
            #expect(readiness.database.milliseconds != nil)
            #expect(readiness.wakeUps.milliseconds != nil)
        }
    }

    @Test func `not before it runs`() async throws {
        let nowhere = ConnectionSettings("host=127.0.0.1 port=1 connect_timeout=1")
        let engine = Engine(configuration: Engine.Configuration(database: nowhere), logger: TestServer.logger)
        let readiness = await engine.readiness()
        #expect(!readiness.isReady)
        #expect(readiness.life == .starting)
        #expect(readiness.wakeUps == Readiness.Finding(isUp: false, note: "Not listening."))
    }

    @Test(.database) func `not when it drains`() async throws {
        try await RunningEngine.one { engine in
            engine.drainPolls()
            let readiness = await engine.readiness()
            #expect(!readiness.isReady)
            #expect(readiness.life == .draining)
        }
    }

    @Test(.database) func `not when its listener was thrown out, and again when it is back`() async throws {
        try await RunningEngine.one { engine in
            try await Database.current.pool.run(EndListeners())
            while await engine.isReady() { await Task.yield() }
            await engine.untilReady()
        }
    }

    @Test(.database) func `not when somebody took the record of migrations away`() async throws {
        try await RunningEngine.one { engine in
            try await Database.current.pool.run(DynamicQuery("Rename", "alter table migration rename to gone"))
            while await engine.isReady() { await Task.yield() }
            let readiness = await engine.readiness()
            #expect(readiness.database.isUp)
            #expect(readiness.schema == Readiness.Finding(isUp: false, note: "There are no tables."))
        }
    }

    @Test func `with a schema of its own version, or a newer one that it can work with`() {
        let all = Migration.all.map(\.record)
        #expect(Readiness.Finding(of: all) == Readiness.Finding(isUp: true))
        let next = Int32(all.count)
        let additive = RecordedMigration(number: next, name: "more", checksum: "1", isAdditive: true)
        #expect(Readiness.Finding(of: all + [additive]).isUp)
        let breaking = RecordedMigration(number: next, name: "other", checksum: "1", isAdditive: false)
        #expect(!Readiness.Finding(of: all + [breaking]).isUp)
        let older = Readiness.Finding(of: Array(all.dropLast()))
        #expect(older == Readiness.Finding(isUp: false, note: "Migration 0001_schema.sql is missing."))
    }
}

/// Ends the sessions that listen.
private struct EndListeners: Statement {
    static let sql: SQLText = """
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'listen %' or query like '%pg_notify%' and pid <> pg_backend_pid()
        """
    static let rows = RowDecoder(Bool.self)
}

/// A server whose processes stand still, and so do the answers.
@Suite(.timeLimit(.minutes(2))) struct `An engine whose database hangs` {
    @Test func `says so at once or after a moment, however often it is asked, and comes back with it`() async throws {
        let cluster = try await PrivateCluster.start(.disposable, logger: TestServer.logger)
        var configuration = Engine.Configuration(database: ConnectionSettings(cluster.databaseURL()))
        configuration.poolSize = 3
        let engine = Engine(configuration: configuration, logger: TestServer.logger)
        let running = Task { try await engine.run() }
        await engine.untilReady()
        let server = try #require(cluster.serverProcess)
        let processes = [server] + children(of: server)
        for process in processes { kill(process, SIGSTOP) }
        // Whatever was known a moment ago holds for a moment.
        while await engine.isReady() { await Task.yield() }
        await withTaskGroup(of: Readiness.self) { group in
            for _ in 0..<200 { group.addTask { await engine.readiness() } }
            for await readiness in group {
                #expect(!readiness.isReady)
                #expect(!readiness.database.isUp)
                // Nothing was found to be wrong with it.
                #expect(readiness.schema.isUp)
            }
        }
        for process in processes.reversed() { kill(process, SIGCONT) }
        await engine.untilReady()
        engine.drain()
        running.cancel()
        _ = await running.result
        await cluster.stop()
    }

    private func children(of parent: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { process in
            guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")")
            else { return false }
            return text[text.index(after: end)...].split(separator: " ").dropFirst().first == Substring("\(parent)")
        }
    }
}
