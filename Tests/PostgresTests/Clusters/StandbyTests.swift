import EmbeddedPostgres
import Foundation
import Postgres
import TestSupport
import Testing

@Suite(.serialized) struct `A server with a synchronous standby` {
    private func settings(_ name: String) -> PrivateCluster.Settings {
        var settings = PrivateCluster.Settings.disposable
        settings.directory += name
        settings.isDurable = true
        settings.isRemovedAtEnd = false
        settings.parameters["synchronous_standby_names"] = "*"
        return settings
    }

    private func connect(_ cluster: PrivateCluster, patience: Duration = .seconds(60)) async throws -> Session {
        var settings = ConnectionSettings(cluster.databaseURL())
        settings.operationTimeout = patience
        return try await Session.connect(settings, logger: TestServer.logger)
    }

    @Test(.timeLimit(.minutes(2)))
    func `does not say that something was committed before the standby has it`() async throws {
        // Given a primary whose standby is gone, so that a commit hangs
        let primary = try await PrivateCluster.start(settings("-primary"), logger: TestServer.logger)
        let standby = try await primary.startStandby(settings("-standby"))
        defer {
            for cluster in [primary, standby] {
                try? FileManager.default.removeItem(atPath: cluster.settings.directory)
            }
        }
        let watcher = try await connect(primary)
        try await watcher.run(CreateTable())
        let moment = PostgresTimestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        await standby.stop()
        let writer = try await connect(primary)
        let processID = try #require(try await writer.run(ProcessID()).first)
        let (numbers, number) = AsyncStream.makeStream(of: TransactionID.self)
        let commit = Task {
            try await writer.transaction { transaction in
                try await transaction.run(Insert(key: "a", numbers: [1]))
                if let id = try await transaction.run(CurrentTransactionID()).first { number.yield(id) }
                number.finish()
            }
        }
        let transaction = try #require(await numbers.first { _ in true })
        while try await watcher.run(CountHanging()).first == 0 { await Task.yield() }
        // when its session is ended, whereby others see what it did
        try await watcher.run(Terminate(processID: processID))
        let doubt = await #expect(throws: PostgresError.self) { try await commit.value }
        #expect(doubt?.effect == .inDoubt)
        #expect(try await watcher.run(Numbers(key: "a")) == [1])
        // then the server does not answer before it is sure
        let hasty = try await connect(primary, patience: .milliseconds(500))
        await #expect(throws: PostgresError.self) { try await hasty.status(of: transaction, openAt: moment) }
        await #expect(throws: PostgresError.self) { try await hasty.confirmWhatWasRead() }
        // and a commit that gives up waiting for the standby is no success
        let impatient = await #expect(throws: PostgresError.self) {
            try await hasty.transaction { try await $0.run(Insert(key: "b", numbers: [2])) }
        }
        #expect(impatient?.effect == .inDoubt)
        // but when the standby has it.
        let next = try await PrivateCluster.start(standby.settings, logger: TestServer.logger)
        #expect(try await watcher.status(of: transaction, openAt: moment) == .committed)
        try await watcher.confirmWhatWasRead()
        for session in [writer, watcher, hasty] { await session.close() }
        await next.stop()
        await primary.stop()
    }
}

private struct CountHanging: Statement {
    static let sql: SQLText = "select count(*) from pg_stat_activity where wait_event = 'SyncRep'"
    static let rows = RowDecoder<Int64> { (count: Int64) in count }
}
