import Postgres
import TestSupport
import Testing

@Suite(.database(.items)) struct `A pipeline` {
    @Test func `answers each statement in its own type`() async throws {
        let session = try await Database.current.connect()
        var pipeline = Pipeline()
        let echo = pipeline.add(Echo(number: 7, text: nil))
        let division = pipeline.add(Divide(divisor: 3))
        let again = pipeline.add(Echo(number: 8, text: "x"))
        for _ in 1...2 {
            let results = try await session.execute(pipeline)
            #expect(results[echo] == [Echo.Row(number: 7, text: nil)])
            #expect(results[division] == [33])
            #expect(results[again] == [Echo.Row(number: 8, text: "x")])
            #expect(results.affected(again) == 1)
        }
        await session.close()
    }

    @Test func `names the statement that failed and undoes those before it`() async throws {
        var pipeline = Pipeline()
        pipeline.add(Insert(key: "implicit", numbers: [1]))
        pipeline.add(Divide(divisor: 0))
        pipeline.add(Insert(key: "implicit", numbers: [2]))
        let session = try await Database.current.connect()
        let error = try await #require(throws: PostgresError.self) { try await session.execute(pipeline) }
        #expect(error.statement == "Divide")
        #expect(error.sqlState?.rawValue == "22012")
        #expect(error.isDefinitelyUndone)
        #expect(try await session.run(Numbers(key: "implicit")) == [])
        #expect(try await session.run(Divide(divisor: 50)) == [2])
        await session.close()
    }

    @Test func `leaves no transaction open when it fails inside one`() async throws {
        let session = try await Database.current.connect()
        var first = Pipeline()
        first.begin()
        first.add(Insert(key: "explicit", numbers: [1]))
        try await session.execute(first)
        var second = Pipeline()
        second.add(Divide(divisor: 0))
        second.commit()
        let error = try await #require(throws: PostgresError.self) { try await session.execute(second) }
        #expect(error.statement == "Divide")
        #expect(error.effect == .undone)
        #expect(try await session.run(Numbers(key: "explicit")) == [])
        await session.close()
    }

    @Test func `is refused when it would commit what was not begun`() async throws {
        let session = try await Database.current.connect()
        var pipeline = Pipeline()
        pipeline.add(Divide(divisor: 1))
        pipeline.commit()
        let error = try await #require(throws: PostgresError.self) { try await session.execute(pipeline) }
        #expect(error.kind == .misuse)
        await session.close()
    }

    @Test func `says so when a statement after its commit fails`() async throws {
        let session = try await Database.current.connect()
        var pipeline = Pipeline()
        pipeline.begin()
        pipeline.add(Insert(key: "committed", numbers: [1]))
        pipeline.commit()
        pipeline.add(Divide(divisor: 0))
        let error = try await #require(throws: PostgresError.self) { try await session.execute(pipeline) }
        #expect(error.effect == .committed)
        #expect(!error.isDefinitelyUndone)
        #expect(try await session.run(Numbers(key: "committed")) == [1])
        await session.close()
    }

    @Test(arguments: [false, true])
    func `is undone when its commit is refused`(explicitly: Bool) async throws {
        let session = try await Database.current.connect()
        let key = "deferred \(explicitly)"
        var pipeline = Pipeline()
        if explicitly { pipeline.begin() }
        pipeline.add(Insert(key: key, numbers: [1, 1]))
        if explicitly { pipeline.commit() }
        let error = try await #require(throws: PostgresError.self) { try await session.execute(pipeline) }
        #expect(error.sqlState == .uniqueViolation)
        #expect(error.constraint == "item_is_unique")
        #expect(error.isDefinitelyUndone)
        #expect(try await session.run(Numbers(key: key)) == [])
        await session.close()
    }

    @Test func `fails when a row has another form than it says`() async throws {
        struct Wrong: Statement {
            static let sql: SQLText = "select 1, 2"
            static let rows = RowDecoder(Int32.self)
        }
        let session = try await Database.current.connect()
        let error = try await #require(throws: PostgresError.self) { try await session.run(Wrong()) }
        #expect(error.kind == .decoding(.wrongColumnCount(2, expected: 1)))
        #expect(error.statement == "Wrong")
        #expect(try await session.run(Divide(divisor: 1)) == [100])
        await session.close()
    }

    @Test func `of ten thousand statements comes back`() async throws {
        let session = try await Database.current.connect()
        var pipeline = Pipeline()
        let tokens = (0..<10_000).map { pipeline.add(Echo(number: $0, text: "text \($0)")) }
        let results = try await session.execute(pipeline)
        for (number, token) in tokens.enumerated() {
            #expect(results[token].first?.number == Int64(number))
        }
        await session.close()
    }

    @Test func `with fifty megabytes each way does not jam`() async throws {
        let session = try await Database.current.connect()
        let large = String(repeating: "y", count: 1_000_000)
        var pipeline = Pipeline()
        let tokens = (0..<50).map { _ in (pipeline.add(Text(length: 1_000_000)), pipeline.add(Length(text: large))) }
        let results = try await session.execute(pipeline)
        for (text, length) in tokens {
            #expect(results[text].first?.utf8.count == 1_000_000)
            #expect(results[length] == [1_000_000])
        }
        await session.close()
    }

    @Test func `works unprepared, with its settings in each transaction`() async throws {
        var settings = Database.current.settings
        settings.preparedStatements = false
        settings.statementTimeout = .milliseconds(4321)
        let session = try await Session.connect(settings, logger: TestServer.logger)
        #expect(try await session.run(Setting(name: "statement_timeout")) == ["4321ms"])
        try await session.transaction { transaction in
            let timeout = try await transaction.run(Setting(name: "statement_timeout"))
            #expect(timeout == ["4321ms"])
            let echo = try await transaction.run(Echo(number: 1, text: "a"))
            #expect(echo == [Echo.Row(number: 1, text: "a")])
        }
        let prepared = try await session.run(
            DynamicQuery("Prepared", "select count(*) from pg_prepared_statements"),
            rows: RowDecoder(Int64.self)
        )
        #expect(prepared == [0])
        await session.close()
    }

    @Test func `prepares again what no longer fits the schema`() async throws {
        struct Wide: Statement {
            static let sql: SQLText = "select * from widening"
            static let rows = RowDecoder { (number: Int32) in number }
        }
        let session = try await Database.current.connect()
        try await session.run(DynamicQuery("Create", "create table widening (number int4)"))
        _ = try await session.run(Wide())
        try await session.run(DynamicQuery("Alter", "alter table widening add text text"))
        let stale = try await #require(throws: PostgresError.self) { try await session.run(Wide()) }
        #expect(stale.sqlState == .featureNotSupported)
        #expect(stale.isRetryable)
        try await session.run(DynamicQuery("Alter", "alter table widening drop text"))
        #expect(try await session.run(Wide()) == [])
        await session.close()
    }
}
