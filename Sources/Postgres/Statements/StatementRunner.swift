/// What statements can be run on: a session, a transaction or a pool.
package protocol StatementRunner: Sendable {
    /// Sends all statements of a pipeline and returns all answers; one round trip.
    ///
    /// - Parameters:
    ///   - pipeline: What to send.
    ///   - timeout: The longest the round trip may take; by default what the settings say.
    /// - Returns: The answers, which the pipeline's tokens find.
    /// - Throws: The first error, which names its statement; nothing after it was run.
    @discardableResult
    func execute(_ pipeline: Pipeline, timeout: Duration?) async throws(PostgresError) -> PipelineResults
}

extension StatementRunner {
    /// Sends all statements of a pipeline and returns all answers; one round trip.
    @discardableResult
    package func execute(_ pipeline: Pipeline) async throws(PostgresError) -> PipelineResults {
        try await execute(pipeline, timeout: nil)
    }

    /// Runs one statement; alone it is a transaction of its own.
    @discardableResult
    package func run<S: Statement>(_ statement: S) async throws(PostgresError) -> [S.Row] {
        var pipeline = Pipeline()
        let token = pipeline.add(statement)
        return try await execute(pipeline)[token]
    }

    /// Runs one statement and returns how many rows it inserted, updated, deleted or returned.
    package func affected(by statement: some Statement) async throws(PostgresError) -> Int {
        var pipeline = Pipeline()
        let token = pipeline.add(statement)
        return try await execute(pipeline).affected(token)
    }

    /// Runs a query that was put together while the program runs.
    @discardableResult
    package func run<Row>(_ query: DynamicQuery, rows: RowDecoder<Row>) async throws(PostgresError) -> [Row] {
        var pipeline = Pipeline()
        let token = pipeline.add(query, rows: rows)
        return try await execute(pipeline)[token]
    }

    /// Runs a query that was put together while the program runs; `read` takes the columns of each row in order.
    package func run<Row: Sendable>(
        _ query: DynamicQuery,
        reading read: @escaping @Sendable (inout RowReader) throws(PostgresError) -> Row
    ) async throws(PostgresError) -> [Row] {
        try await run(query, rows: RowDecoder(reading: read))
    }

    /// Runs a query whose rows nobody reads.
    package func run(_ query: DynamicQuery) async throws(PostgresError) {
        try await run(query, rows: RowDecoder<Void>.none)
    }

    /// What became of a transaction that was open at a moment; nil when that cannot be known.
    package func status(
        of transaction: TransactionID,
        openAt moment: PostgresTimestamp
    ) async throws(PostgresError) -> TransactionStatus? {
        try await run(StatusOfTransaction(transaction, openAt: moment)).first ?? nil
    }

    /// Returns when all that could be read before is durable, with a synchronous standby there, too.
    ///
    /// A commit that waits for the standby becomes visible without it when its session is ended, and is gone when the
    /// standby takes over. Whoever answers by what is *not* there, and writes nothing, has to be sure of that first.
    package func confirmWhatWasRead() async throws(PostgresError) {
        try await run(ConfirmWhatWasRead())
    }
}
