import Foundation
import Postgres
import TestSupport
import Testing

@Suite(.database(.items)) struct `A session` {
    @Test func `stays usable when its caller is cancelled`() async throws {
        let session = try await Database.current.connect()
        let processID = try #require(try await session.run(ProcessID()).first)
        let sleeping = Task { try await session.run(Sleep(seconds: 60)) }
        try await Database.current.pool.whenWaiting(processID)
        sleeping.cancel()
        let error = await #expect(throws: PostgresError.self) { try await sleeping.value }
        #expect(error?.kind == .cancelled)
        #expect(error?.isDefinitelyUndone == true)
        #expect(try await session.run(Divide(divisor: 1)) == [100])
        await session.close()
    }

    @Test func `does nothing for a caller that is cancelled already`() async throws {
        let session = try await Database.current.connect()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await session.run(Divide(divisor: 1))
        }
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        await session.close()
    }

    @Test func `ends a statement that runs too long`() async throws {
        var settings = Database.current.settings
        settings.statementTimeout = .milliseconds(20)
        let session = try await Session.connect(settings, logger: TestServer.logger)
        let error = try await #require(throws: PostgresError.self) { try await session.run(Sleep(seconds: 60)) }
        #expect(error.sqlState == .queryCanceled)
        #expect(error.statement == "Sleep")
        #expect(try await session.run(Divide(divisor: 1)) == [100])
        await session.close()
    }

    @Test func `gives up by its own clock when the database does not`() async throws {
        var settings = Database.current.settings
        settings.statementTimeout = .zero
        settings.operationTimeout = .milliseconds(50)
        let session = try await Session.connect(settings, logger: TestServer.logger)
        let error = try await #require(throws: PostgresError.self) { try await session.run(Sleep(seconds: 60)) }
        #expect(error.kind == .timeout)
        #expect(try await session.run(Divide(divisor: 1)) == [100])
        await session.close()
    }

    @Test func `ends a wait for a lock that takes too long`() async throws {
        let holder = try await Database.current.connect()
        try await holder.run(Insert(key: "lock", numbers: [1]))
        var begin = Pipeline()
        begin.begin()
        begin.add(Lock(key: "lock", number: 1))
        try await holder.execute(begin)
        var settings = Database.current.settings
        settings.lockTimeout = .milliseconds(20)
        let waiter = try await Session.connect(settings, logger: TestServer.logger)
        let error = try await #require(throws: PostgresError.self) {
            try await waiter.run(Lock(key: "lock", number: 1))
        }
        #expect(error.sqlState == .lockNotAvailable)
        await holder.close()
        await waiter.close()
    }

    @Test func `has the settings, the schema and the name that it was given`() async throws {
        var settings = Database.current.settings
        settings.applicationName = "a session"
        settings.schema = SQLIdentifier("odd \" name")
        settings.idleInTransactionTimeout = .seconds(3)
        settings.parameters = ["synchronous_commit": "off"]
        let session = try await Session.connect(settings, logger: TestServer.logger)
        #expect(try await session.run(Setting(name: "application_name")) == ["a session"])
        #expect(try await session.run(Setting(name: "search_path")) == ["\"odd \"\" name\""])
        #expect(try await session.run(Setting(name: "idle_in_transaction_session_timeout")) == ["3s"])
        #expect(try await session.run(Setting(name: "synchronous_commit")) == ["off"])
        await session.close()
    }

    @Test func `says that work is undone when the database ends it`() async throws {
        let session = try await Database.current.connect()
        let processID = try #require(try await session.run(ProcessID()).first)
        let sleeping = Task { try await session.run(Sleep(seconds: 60)) }
        try await Database.current.pool.whenWaiting(processID)
        try await Database.current.pool.run(Terminate(processID: processID))
        let error = await #expect(throws: PostgresError.self) { try await sleeping.value }
        // The database had time to say that it gave the statement up.
        #expect(error?.sqlState == .adminShutdown)
        #expect(error?.isConnectionLoss == true)
        #expect(error?.isDefinitelyUndone == true)
        let later = await #expect(throws: PostgresError.self) { try await session.run(Divide(divisor: 1)) }
        #expect(later?.kind == .connection)
        #expect(later?.isDefinitelyUndone == true)
    }

    @Test func `runs a script of several statements, all or nothing`() async throws {
        let session = try await Database.current.connect()
        try await session.run(
            SQLScript(name: "good", trusted: "create table script (n int); insert into script values (1), (2);")
        )
        let error = try await #require(throws: PostgresError.self) {
            try await session.run(SQLScript(name: "bad", trusted: "insert into script values (3); select 1 / 0;"))
        }
        #expect(error.statement == "bad")
        let count = DynamicQuery("Count", "select count(*) from script")
        #expect(try await session.run(count, rows: RowDecoder(Int64.self)) == [2])
        await session.close()
    }

    @Test func `is closed by a script that copies`() async throws {
        let session = try await Database.current.connect()
        try await session.run(SQLScript(name: "table", trusted: "create table copied (n int)"))
        let error = try await #require(throws: PostgresError.self) {
            try await session.run(SQLScript(name: "copy", trusted: "copy copied from stdin"))
        }
        #expect(error.kind == .connection)
    }

    @Test(arguments: [("08P01", PostgresError.Effect.inDoubt), ("57P01", .undone)])
    func `is in doubt about a commit when a pooler says that it lost the database`(
        state: String,
        effect: PostgresError.Effect
    ) async throws {
        let server = try LosingServer(sqlState: state)
        var settings = ConnectionSettings(server.conninfo, preparedStatements: false)
        settings.scope = .transaction
        let session = try await Session.connect(settings, logger: TestServer.logger)
        var pipeline = Pipeline()
        pipeline.begin()
        pipeline.add(ProcessID())
        pipeline.commit()
        let error = await #expect(throws: PostgresError.self) { try await session.execute(pipeline) }
        #expect(error?.isConnectionLoss == true)
        #expect(error?.effect == effect)
        await session.close()
    }

    @Test func `describes a statement without running it`() async throws {
        let description = try await Database.current.describe(Echo.self)
        #expect(description.parameters == Echo.parameterTypes)
        #expect(description.columns == Echo.columnTypes)
        #expect(Echo.columnTypes == [.int8, .text])
        #expect(Divide.columnTypes == [.int4])
        #expect(try await Database.current.describe(StatusOfTransaction.self).columns == [.text])
        #expect(try await Database.current.describe(CurrentTransactionID.self).columns == [.int8])
    }

    @Test func `cannot be opened where there is no database`() async throws {
        var settings = Database.current.settings
        settings.database = "no such database"
        let error = try await #require(throws: PostgresError.self) {
            try await Session.connect(settings, logger: TestServer.logger)
        }
        #expect(error.kind == .connection)
        #expect(!error.description.contains("no such database"))
        #expect(error.debugDescription.contains("no such database"))
    }

    @Test func `gives up connecting at once when its caller is cancelled`() async throws {
        let server = try SilentServer()
        let connecting = Task {
            try await Session.connect(ConnectionSettings(server.conninfo), logger: TestServer.logger)
        }
        await Task.yield()
        connecting.cancel()
        let error = await #expect(throws: PostgresError.self) { try await connecting.value }
        #expect(error?.kind == .cancelled)
    }

    @Test func `finds the host that answers among several`() async throws {
        var settings = Database.current.settings
        // A server that was given by a URL is left alone.
        guard settings.conninfo.hasPrefix("host=") else { return }
        let parts = settings.conninfo.split(separator: "host=", maxSplits: 1)
        let host = try #require(parts.last?.prefix { !$0.isWhitespace }.trimmingPrefix("'"))
        settings.conninfo = settings.conninfo.replacing(host, with: "/nowhere,\(host)")
        let session = try await Session.connect(settings, logger: TestServer.logger)
        #expect(try await session.run(Divide(divisor: 1)) == [100])
        await session.close()
    }

    @Test func `shows no values to strangers`() async throws {
        let pool = Database.current.pool
        let error = try await #require(throws: PostgresError.self) {
            try await pool.run(Insert(key: "a secret", numbers: [1, 1]))
        }
        #expect(!error.description.contains("secret"))
        #expect(error.debugDescription.contains("secret"))
    }

    @Test func `quotes identifiers and refuses those that cannot be any`() async throws {
        for name in ["", "a\0b", String(repeating: "x", count: 64)] { #expect(SQLIdentifier(name) == nil) }
        let name: SQLIdentifier = "a\"; drop table x; --"
        var query = DynamicQuery("Column", "select 1 as ")
        query.append("", identifier: name)
        #expect(try await Database.current.pool.run(query, rows: RowDecoder(Int32.self)) == [1])
    }
}

@Suite(.database(.items)) struct `A transaction` {
    @Test func `is committed when its body returns, and undone when it throws`() async throws {
        struct Stop: Error {}
        let pool = Database.current.pool
        try await pool.transaction { try await $0.run(Insert(key: "kept", numbers: [1])) }
        await #expect(throws: Stop.self) {
            try await pool.transaction { transaction in
                try await transaction.run(Insert(key: "kept", numbers: [2]))
                throw Stop()
            }
        }
        #expect(try await pool.run(Numbers(key: "kept")) == [1])
    }

    @Test func `refuses everything after an error, also when the error is swallowed`() async throws {
        let pool = Database.current.pool
        let error = try await #require(throws: PostgresError.self) {
            try await pool.transaction { transaction in
                try await transaction.run(Insert(key: "swallowed", numbers: [1]))
                _ = try? await transaction.run(Divide(divisor: 0))
                _ = try? await transaction.run(Insert(key: "swallowed", numbers: [2]))
            }
        }
        #expect(error.statement == "Divide")
        #expect(try await pool.run(Numbers(key: "swallowed")) == [])
    }

    @Test func `sends its last statements together with the commit`() async throws {
        let pool = Database.current.pool
        try await pool.transaction { transaction in
            _ = try await transaction.run(Numbers(key: "together"))
            var last = Pipeline()
            let token = last.add(Insert(key: "together", numbers: [1, 2]))
            let results = try await transaction.commit(after: last)
            #expect(results.affected(token) == 2)
        }
        #expect(try await pool.run(Numbers(key: "together")) == [1, 2])
    }

    @Test func `tells its number and what became of it`() async throws {
        let pool = Database.current.pool
        let committed = try await pool.transaction { try await $0.run(CurrentTransactionID()) }
        let now = PostgresTimestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        #expect(try await pool.status(of: try #require(committed.first), openAt: now) == .committed)
        let session = try await Database.current.connect()
        var begin = Pipeline()
        begin.begin()
        let number = begin.add(CurrentTransactionID())
        let open = try #require(try await session.execute(begin)[number].first)
        #expect(try await pool.status(of: open, openAt: now) == .inProgress)
        var rollback = Pipeline()
        rollback.rollback()
        try await session.execute(rollback)
        #expect(try await pool.status(of: open, openAt: now) == .aborted)
        await session.close()
    }

    @Test func `is done again after a deadlock`() async throws {
        var settings = Database.current.settings
        settings.parameters["deadlock_timeout"] = "20ms"
        let pool = Pool(settings, logger: TestServer.logger)
        try await pool.run(Insert(key: "deadlock", numbers: [1, 2]))
        let gate = Gate(count: 2)
        let attempts = try await withThrowingTaskGroup(of: Int.self) { group in
            for (first, second) in [(1, 2), (2, 1)] as [(Int64, Int64)] {
                group.addTask {
                    var attempts = 0
                    try await pool.transaction { transaction in
                        attempts += 1
                        try await transaction.run(Lock(key: "deadlock", number: first))
                        if attempts == 1 { await gate.arrive() }
                        try await transaction.run(Lock(key: "deadlock", number: second))
                    }
                    return attempts
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(attempts == 3)
        await pool.shutdown()
    }
}

/// Holds those who arrive until all have.
actor Gate {
    private var missing: Int
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(count: Int) { missing = count }

    func arrive() async {
        missing -= 1
        guard missing > 0 else {
            for waiter in waiters { waiter.resume() }
            waiters = []
            return
        }
        await withCheckedContinuation { waiters.append($0) }
    }
}
