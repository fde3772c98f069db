import ArgumentParser
import Postgres

/// Whether somebody else's open transaction slows the queue down.
struct HeldTransaction: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A held transaction: full cycles before and while somebody keeps a transaction open.",
        discussion: """
            While a transaction is open that has a snapshot, no dead row can be removed; queues in tables usually get \
            slower by the second. Full cycles run all the time, in slices; the transaction is opened after the first \
            ones and closed before the last ones. The bar compares the last slice that was spent with the transaction \
            with those before it.
            """
    )

    @OptionGroup var stage: StageOptions
    @Option(help: "Seconds for which the transaction is held; the bar is meant for 600.") var seconds = 60
    @Option(help: "Seconds of a slice.") var slice = 5
    @Option(help: "Slices before the transaction is opened, and after it was closed.") var slicesAround = 3
    @Option(help: "Clients that start instances, and as many workers.") var clients = 64
    @Option(help: "Seconds that are not measured, at the beginning.") var warmUp = 5
    @Flag(help: "Hold nothing: shows what time alone does to the rate.") var withoutHolding = false

    func validate() throws {
        guard 1...600 ~= slice, slice...86_400 ~= seconds else {
            throw ValidationError("--slice must be from 1 to 600, and --seconds from that to 86400.")
        }
        guard 1...100 ~= slicesAround else { throw ValidationError("--slices-around must be from 1 to 100.") }
        guard 1...2000 ~= clients else { throw ValidationError("--clients must be from 1 to 2000.") }
        guard 0...600 ~= warmUp else { throw ValidationError("--warm-up must be from 0 to 600.") }
    }

    func run() async throws {
        Report.title("Held transaction")
        try await Stage.with(stage) { stage in
            let thread = LoadThread()
            let client = try await Client(thread, port: stage.ports[0])
            try await client.deploy(Models.oneTask)
            var settings = CycleLoad.Settings(ports: stage.ports)
            settings.starters = clients
            settings.workers = clients
            settings.unfinished = clients * 10
            Report.note("\(clients) starters, \(clients) workers, \(seconds) s held, slices of \(slice) s")
            let slices = try await SlicedCycles.begin(settings, thread)
            try await Task.sleep(for: .seconds(warmUp))
            let before = try await measure(slicesAround, "before", slices, stage)
            let during =
                withoutHolding
                ? try await measure(seconds / slice, "not held", slices, stage)
                : try await stage.holdingTransaction { try await measure(seconds / slice, "held", slices, stage) }
            _ = try await measure(slicesAround, "after", slices, stage)
            try await slices.end()
            let rateBefore = before.reduce(0, +) / Double(before.count)
            let share = (during.last ?? 0) / rateBefore
            Report.bar(
                "rate at the end ÷ before",
                "\((during.last ?? 0).text) ÷ \(rateBefore.text) /s = \((share * 100).text) %",
                "≥ 90 %",
                isMet: share >= 0.9
            )
            await client.close()
            await thread.shutdown()
        }
    }

    /// Prints slices as they end; returns their rates.
    private func measure(
        _ count: Int,
        _ name: String,
        _ slices: SlicedCycles,
        _ stage: Stage
    ) async throws -> [Double] {
        var rates: [Double] = []
        for number in 0..<count {
            let result = try await slices.slice(.seconds(slice))
            let dead = try await stage.pool.run(DeadRows()).first ?? 0
            Report.result(
                "  \(name), from second \(number * slice)",
                "\(result.rate.text) instances/s, cycle \(result.cycle.summary), \(dead) dead rows"
            )
            rates.append(result.rate)
        }
        return rates
    }
}

extension Stage {
    /// Calls `body` while a session of our own holds a transaction with a number and a snapshot, and does nothing.
    func holdingTransaction<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        var settings = database
        settings.idleInTransactionTimeout = .zero
        settings.applicationName = "held"
        let session = try await Session.connect(settings, logger: Self.logger)
        let transaction = SQLScript(
            name: "hold",
            trusted: "begin isolation level repeatable read; select pg_current_xact_id(), count(*) from external_task"
        )
        do {
            try await session.run(transaction)
            let value = try await body()
            guard try await pool.run(HeldTransactions()).first == 1 else {
                throw BenchmarkFailure("The transaction was not held to the end.")
            }
            await session.close()
            return value
        } catch {
            await session.close()
            throw error
        }
    }
}

private struct HeldTransactions: Statement {
    static let sql: SQLText = """
        select count(*) from pg_stat_activity
        where application_name = 'held' and state = 'idle in transaction' and backend_xid is not null
            and backend_xmin is not null
        """
    static let rows = RowDecoder(Int64.self)
}

private struct DeadRows: Statement {
    static let sql: SQLText = "select n_dead_tup from pg_stat_user_tables where relname = 'external_task'"
    static let rows = RowDecoder(Int64.self)
}
