/// Statements that are sent together and answered together: one flush, one thread hop, one round trip.
///
/// Without ``begin()`` the statements are one implicit transaction: all of them or none. With it, the transaction
/// stays open after the pipeline, until one with ``commit()`` or ``rollback()``. When a statement fails, those after
/// it are not run, and an open transaction is rolled back.
package struct Pipeline: Sendable {
    /// Where to find the result of one statement.
    package struct Token<Row: Sendable>: Sendable {
        let index: Int
    }

    /// What is special about an entry.
    enum Role: Sendable { case begin, commit, rollback, other }

    struct Entry: Sendable {
        var name: @Sendable () -> String
        var prepared: PreparedStatement?
        var sql: @Sendable () -> String
        var parameters: ParameterWriter
        var role: Role
        var decode: @Sendable (ResultSet) throws(PostgresError) -> any Sendable
    }

    private(set) var entries: [Entry] = []

    /// No statements yet.
    package init() {}

    /// The number of statements.
    package var count: Int { entries.count }
    /// Whether there is nothing to send.
    package var isEmpty: Bool { entries.isEmpty }

    /// Adds a statement.
    @discardableResult
    package mutating func add<S: Statement>(_ statement: S) -> Token<S.Row> {
        add(statement, role: .other)
    }

    /// Adds a query that was put together while the program runs.
    @discardableResult
    package mutating func add<Row>(_ query: DynamicQuery, rows: RowDecoder<Row>) -> Token<Row> {
        append(
            Entry(
                name: { query.name },
                sql: { query.sql },
                parameters: query.parameters,
                role: .other,
                decode: { (result) throws(PostgresError) in try rows.rows(of: result, statement: query.name) }
            )
        )
    }

    /// Opens a transaction.
    package mutating func begin() { _ = add(Begin(), role: .begin) }

    /// Commits the open transaction.
    package mutating func commit() { _ = add(Commit(), role: .commit) }

    /// Rolls the open transaction back.
    package mutating func rollback() { _ = add(Rollback(), role: .rollback) }

    private mutating func add<S: Statement>(_ statement: S, role: Role) -> Token<S.Row> {
        var parameters = ParameterWriter()
        S.parameters.bind(statement, into: &parameters)
        return append(
            Entry(
                name: { S.name },
                prepared: PreparedStatement(S.self),
                sql: { "\(S.sql)" },
                parameters: parameters,
                role: role,
                decode: { (result) throws(PostgresError) in try S.rows.rows(of: result, statement: S.name) }
            )
        )
    }

    private mutating func append<Row>(_ entry: Entry) -> Token<Row> {
        entries.append(entry)
        return Token(index: entries.count - 1)
    }

    /// Puts `entry`'s statements before the others; tokens that were handed out no longer fit.
    func preceded(by first: Pipeline) -> Pipeline {
        var all = first
        all.entries += entries
        return all
    }
}

/// What the statements of a pipeline answered.
package struct PipelineResults: Sendable {
    struct Answer: Sendable {
        var rows: any Sendable
        var affected: Int
    }

    let answers: [Answer]
    /// The number of answers that were added before those of the caller's own pipeline.
    let offset: Int

    init(_ answers: [Answer], offset: Int = 0) {
        self.answers = answers
        self.offset = offset
    }

    /// The rows of one statement.
    ///
    /// The token must be of the pipeline that was executed.
    package subscript<Row>(token: Pipeline.Token<Row>) -> [Row] {
        guard let rows = answer(token).rows as? [Row] else {
            preconditionFailure("The token belongs to another pipeline.")
        }
        return rows
    }

    /// The number of rows that one statement inserted, updated, deleted or returned.
    package func affected<Row>(_ token: Pipeline.Token<Row>) -> Int { answer(token).affected }

    private func answer<Row>(_ token: Pipeline.Token<Row>) -> Answer {
        precondition(answers.indices.contains(token.index + offset), "The token belongs to another pipeline.")
        return answers[token.index + offset]
    }
}
