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
        let command: PipelineCommand
        let role: Role
        /// Where its parameters stand among those of the pipeline.
        let parameters: Range<Int>
        /// The number of bytes of its parameters.
        let byteCount: Int
    }

    private(set) var entries: [Entry] = []
    /// The parameters of all entries.
    private(set) var parameters = ParameterWriter()

    /// What it is for, as measures call it; nil for the name of its last statement.
    package var name: String?

    /// No statements yet.
    package init() {}

    /// No statements yet; what they are for.
    package init(named name: String) { self.name = name }

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
        append(.query(query, rows: { (result) throws(PostgresError) in try rows.rows(of: result) }), role: .other) {
            $0.append(query.parameters)
        }
    }

    /// Opens a transaction.
    package mutating func begin() { _ = add(Begin(), role: .begin) }

    /// Commits the open transaction.
    package mutating func commit() { _ = add(Commit(), role: .commit) }

    /// Rolls the open transaction back.
    package mutating func rollback() { _ = add(Rollback(), role: .rollback) }

    private mutating func add<S: Statement>(_ statement: S, role: Role) -> Token<S.Row> {
        append(.statement(S.self), role: role) { S.parameters.bind(statement, into: &$0) }
    }

    private mutating func append<Row>(
        _ command: PipelineCommand,
        role: Role,
        binding: (inout ParameterWriter) -> Void
    ) -> Token<Row> {
        let (first, start) = (parameters.count, parameters.byteCount)
        binding(&parameters)
        entries.append(
            Entry(
                command: command,
                role: role,
                parameters: first..<parameters.count,
                byteCount: parameters.byteCount - start
            )
        )
        return Token(index: entries.count - 1)
    }

    /// Opens a transaction before all that was added; tokens that were handed out no longer fit.
    mutating func beginFirst() {
        begin()
        entries.insert(entries.removeLast(), at: 0)
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
