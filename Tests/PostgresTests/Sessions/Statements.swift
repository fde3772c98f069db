import Postgres
import TestSupport

extension DatabaseTemplate {
    /// A table of items, with none in it.
    static let items = DatabaseTemplate(name: "items") { settings in
        let session = try await Session.connect(settings, logger: TestServer.logger)
        try await session.run(CreateTable())
        await session.close()
    }
}

/// Gives its parameters back.
struct Echo: Statement {
    var number: Int64
    var text: String?

    struct Row: Sendable, Hashable {
        var number: Int64
        var text: String?
    }

    static let sql: SQLText = "select $1, $2"
    static let parameters = ParameterEncoder(\Self.number, \.text)
    static let rows = RowDecoder(Row.init)
}

/// Divides by a number that may be zero.
struct Divide: Statement {
    var divisor: Int32

    static let sql: SQLText = "select 100 / $1"
    static let parameters = ParameterEncoder(\Self.divisor)
    static let rows = RowDecoder(Int32.self)
}

/// Makes the table that the tests write to; each test has its own key.
struct CreateTable: Statement {
    static let sql: SQLText = """
        create table item (
            key text not null,
            number int8 not null,
            constraint item_is_unique primary key (key, number) deferrable initially deferred
        )
        """
}

struct Insert: Statement {
    var key: String
    var numbers: [Int64]

    static let sql: SQLText = "insert into item (key, number) select $1, number from unnest($2) as t (number)"
    static let parameters = ParameterEncoder(\Self.key, \.numbers)
}

struct Numbers: Statement {
    var key: String

    static let sql: SQLText = "select number from item where key = $1 order by number"
    static let parameters = ParameterEncoder(\Self.key)
    static let rows = RowDecoder(Int64.self)
}

struct Lock: Statement {
    var key: String
    var number: Int64

    static let sql: SQLText = "select number from item where key = $1 and number = $2 for update"
    static let parameters = ParameterEncoder(\Self.key, \.number)
    static let rows = RowDecoder(Int64.self)
}

struct Sleep: Statement {
    var seconds: Double

    static let sql: SQLText = "select pg_sleep($1)"
    static let parameters = ParameterEncoder(\Self.seconds)
}

struct Text: Statement {
    var length: Int32

    static let sql: SQLText = "select repeat('x', $1)"
    static let parameters = ParameterEncoder(\Self.length)
    static let rows = RowDecoder(String.self)
}

/// Sends much and gets little.
struct Length: Statement {
    var text: String

    static let sql: SQLText = "select length($1)"
    static let parameters = ParameterEncoder(\Self.text)
    static let rows = RowDecoder(Int32.self)
}

struct ProcessID: Statement {
    static let sql: SQLText = "select pg_backend_pid()"
    static let rows = RowDecoder(Int32.self)
}

struct Terminate: Statement {
    var processID: Int32

    static let sql: SQLText = "select pg_terminate_backend($1, 5000)"
    static let parameters = ParameterEncoder(\Self.processID)
    static let rows = RowDecoder(Bool.self)
}

struct Setting: Statement {
    var name: String

    static let sql: SQLText = "select current_setting($1)"
    static let parameters = ParameterEncoder(\Self.name)
    static let rows = RowDecoder(String.self)
}

/// Whether a backend is waiting for a lock or sleeping, as the activity view tells.
struct Waits: Statement {
    var processID: Int32

    static let sql: SQLText = """
        select wait_event_type in ('Lock', 'Timeout') from pg_stat_activity where pid = $1 and state = 'active'
        """
    static let parameters = ParameterEncoder(\Self.processID)
    static let rows = RowDecoder(Bool?.self)
}

extension StatementRunner {
    /// Returns when the backend waits for a lock or sleeps.
    func whenWaiting(_ processID: Int32) async throws {
        while try await run(Waits(processID: processID)).first != true { await Task.yield() }
    }
}
