import CLibpq

extension Connection {
    /// What was sent, in order; each gets one answer.
    private enum Sent {
        case preparation(PreparedStatement, name: String, entry: Int)
        case parameters
        case entry(Int)
        case end
    }

    /// Sends all statements, then receives all answers.
    ///
    /// After an error no transaction is open, and the connection is either usable or broken.
    func perform(
        _ pipeline: Pipeline,
        _ operation: Operation,
        timeout: Duration,
        inTransaction: Bool = false
    ) throws(PostgresError) -> PipelineResults {
        try check(pipeline, operation)
        guard !inTransaction || isInTransaction || pipeline.entries.first?.role == .begin else {
            throw PostgresError(.misuse, message: "The transaction was not begun.")
        }
        let commits = pipeline.entries.contains { $0.role == .commit }
        let isExplicit = isInTransaction || pipeline.entries.first?.role == .begin
        var answers = Answers(pipeline)
        let began = ContinuousClock.now
        var hasFailed = true
        defer { clock?.note(pipeline, ContinuousClock.now - began, hasFailed: hasFailed) }
        do throws(PostgresError) {
            _ = takeUnconfirmedCommit()
            answers.sent = try send(pipeline)
            let kind = try drive(operation, timeout: timeout) { answers.receive($0) }
            for (statement, name) in answers.prepared { prepared[statement] = name }
            guard var error = answers.error else {
                guard takeUnconfirmedCommit() else {
                    hasFailed = false
                    return PipelineResults(answers.answers)
                }
                throw PostgresError(
                    .timeout,
                    message: "The commit was not confirmed by the synchronous standby.",
                    effect: .inDoubt
                )
            }
            if let kind, error.sqlState == .queryCanceled { error.kind = kind }
            if answers.hasCommitted || answers.isComplete && !isInTransaction && !pipeline.endsUndone {
                error.effect = .committed
            }
            cleanUp(after: error)
            throw error
        } catch  where isBroken && error.effect == .undone {
            throw answers.outcome(of: error, isInDoubt: commits || !isExplicit)
        }
    }

    /// Refuses what must not be sent.
    private func check(_ pipeline: Pipeline, _ operation: Operation) throws(PostgresError) {
        notice()
        guard !isBroken else { throw PostgresError(.connection, message: "The connection is closed.") }
        guard !operation.isCancelled else { throw PostgresError(.cancelled, message: "Cancelled before it was sent.") }
        if let entry = pipeline.entries.first(where: \.isTooLarge) {
            throw PostgresError(.misuse, statement: entry.command.name, message: "The parameters are too large.")
        }
        var isOpen = isInTransaction
        for entry in pipeline.entries {
            switch entry.role {
            case .begin: isOpen = true
            case .rollback: isOpen = false
            case .commit where isOpen: isOpen = false
            case .commit: throw PostgresError(.misuse, message: "There is no open transaction to commit.")
            case .other: break
            }
        }
    }

    private func send(_ pipeline: Pipeline) throws(PostgresError) -> [Sent] {
        var sent: [Sent] = []
        sent.reserveCapacity(pipeline.count + 1)
        var pending: [PreparedStatement: String] = [:]
        let parameters = settings.scope == .transaction ? settings.sessionParameters : [:]
        if !parameters.isEmpty, !isInTransaction, pipeline.entries.first?.role != .begin {
            sent.append(try send(parameters))
        }
        for (index, entry) in pipeline.entries.enumerated() {
            if settings.preparedStatements, let statement = entry.command.prepared {
                var name = prepared[statement] ?? pending[statement]
                if name == nil {
                    let new = nextName(entry)
                    try sendPreparation(entry, as: new)
                    sent.append(.preparation(statement, name: new, entry: index))
                    pending[statement] = new
                    name = new
                }
                try send(entry, of: pipeline, preparedAs: name)
            } else {
                try send(entry, of: pipeline, preparedAs: nil)
            }
            sent.append(.entry(index))
            if entry.role == .begin, !parameters.isEmpty { sent.append(try send(parameters)) }
        }
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        sent.append(.end)
        return sent
    }

    private func send(_ parameters: [String: String]) throws(PostgresError) -> Sent {
        var pipeline = Pipeline()
        pipeline.add(SetParameters(parameters, onlyInTransaction: true))
        for entry in pipeline.entries { try send(entry, of: pipeline, preparedAs: nil) }
        return .parameters
    }

    private func nextName(_ entry: Pipeline.Entry) -> String {
        preparations += 1
        return "\(entry.command.name.prefix(40))_\(preparations)"
    }

    private func sendPreparation(_ entry: Pipeline.Entry, as name: String) throws(PostgresError) {
        let types = entry.command.parameterTypes.map(\.rawValue)
        guard PQsendPrepare(handle, name, entry.command.sql, Int32(types.count), types) == 1 else { throw lost() }
    }

    private func send(
        _ entry: Pipeline.Entry,
        of pipeline: Pipeline,
        preparedAs name: String?
    ) throws(PostgresError) {
        let isSent = parameterArrays.with(entry.parameters, of: pipeline.parameters) { values, lengths, formats in
            let count = Int32(entry.parameters.count)
            guard let name else {
                let types = entry.command.parameterTypes.map(\.rawValue)
                return PQsendQueryParams(handle, entry.command.sql, count, types, values, lengths, formats, 1)
            }
            return PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
        }
        guard isSent == 1 else { throw lost() }
    }

    /// Puts answers and statements together.
    private struct Answers {
        let pipeline: Pipeline
        var sent: [Sent] = []
        var position = 0
        var answers: [PipelineResults.Answer] = []
        var prepared: [(PreparedStatement, String)] = []
        var error: PostgresError?
        var hasCommitted = false
        /// Whether the database ran all statements.
        var isComplete = true
        /// Whether an answer came for what follows the last statement: the commit of an implicit transaction.
        var isAtEnd = false

        init(_ pipeline: Pipeline) {
            self.pipeline = pipeline
            answers.reserveCapacity(pipeline.count)
        }

        /// True when this was the last answer.
        mutating func receive(_ result: ResultSet?) -> Bool {
            guard let result else { return false }
            if result.status == PGRES_PIPELINE_SYNC { return true }
            guard position < sent.count else { return false }
            let item = sent[position]
            position += 1
            switch item {
            case .preparation(let statement, let name, let index):
                if accept(result, entry: index) { prepared.append((statement, name)) }
            case .parameters:
                accept(result, entry: nil)
            case .entry(let index):
                if accept(result, entry: index) { take(result, entry: index) }
            case .end:
                if error == nil { isAtEnd = true }
                accept(result, entry: nil)
            }
            return false
        }

        /// What is known of the work when the connection was lost in the middle of it.
        func outcome(of loss: PostgresError, isInDoubt: Bool) -> PostgresError {
            // What the database said last tells more than that the connection ended. A pooler says so itself, in the
            // database's place, when it loses the database: that is no refusal.
            let refusal = error?.sqlState.map { $0.category != "08" } ?? false ? error : nil
            var outcome = refusal ?? error ?? loss
            if hasCommitted {
                outcome.effect = .committed
            } else if refusal == nil || isAtEnd {
                outcome.effect = isInDoubt ? .inDoubt : .undone
            }
            return outcome
        }

        @discardableResult
        private mutating func accept(_ result: ResultSet, entry: Int?) -> Bool {
            switch result.status {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return true
            case PGRES_PIPELINE_ABORTED: break
            default:
                if error == nil { error = result.error(statement: entry.map { pipeline.entries[$0].command.name }) }
            }
            isComplete = false
            return false
        }

        private mutating func take(_ result: ResultSet, entry index: Int) {
            let entry = pipeline.entries[index]
            if entry.role == .commit {
                if result.command == "COMMIT" {
                    hasCommitted = true
                } else if error == nil {
                    error = PostgresError(
                        .server(.transactionRolledBack),
                        statement: entry.command.name,
                        message: "The transaction had failed before it was committed."
                    )
                    isComplete = false
                }
            }
            do throws(PostgresError) {
                answers.append(.init(rows: try entry.command.rows(of: result), affected: result.affected))
            } catch {
                answers.append(.init(rows: (), affected: 0))
                guard self.error == nil else { return }
                self.error = error
                self.error?.statement = entry.command.name
            }
        }
    }
}

extension Pipeline.Entry {
    /// Whether the protocol or our own bound forbids to send this.
    fileprivate var isTooLarge: Bool {
        parameters.count > ParameterWriter.maximumCount || byteCount > ParameterWriter.maximumBytes
    }
}

extension Pipeline {
    /// Whether the last that happens to a transaction is that it is rolled back.
    fileprivate var endsUndone: Bool { entries.last { $0.role != .other }?.role == .rollback }
}
