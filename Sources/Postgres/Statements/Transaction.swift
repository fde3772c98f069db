import Synchronization

/// An open transaction on one session.
///
/// It begins with its first statement, in the same round trip. After an error it is rolled back and refuses all else.
package final class Transaction: StatementRunner {
    /// new → open → over; new → over.
    private enum State {
        case new
        case open
        case over(PostgresError)
    }

    private let session: Session
    private let state = Mutex(State.new)

    init(_ session: Session) { self.session = session }

    /// Sends all statements of a pipeline and returns all answers; one round trip.
    ///
    /// The pipeline must not begin or end transactions.
    @discardableResult
    package func execute(_ pipeline: Pipeline, timeout: Duration?) async throws(PostgresError) -> PipelineResults {
        guard !pipeline.isEmpty else { return PipelineResults([]) }
        guard pipeline.entries.allSatisfy({ $0.role == .other }) else {
            throw PostgresError(.misuse, message: "The pipeline begins or ends a transaction inside another one.")
        }
        return try await send(pipeline, timeout: timeout)
    }

    /// Sends the last statements together with the commit: one round trip less than ending without it.
    @discardableResult
    package func commit(after pipeline: Pipeline = Pipeline()) async throws(PostgresError) -> PipelineResults {
        var pipeline = pipeline
        let isNew = state.withLock { if case .new = $0 { true } else { false } }
        if isNew, pipeline.isEmpty { return end(PipelineResults([])) }
        pipeline.commit()
        return end(try await send(pipeline, timeout: nil))
    }

    /// Undoes everything; nothing can be run afterwards.
    package func rollback() async throws(PostgresError) {
        let isOpen = state.withLock { if case .open = $0 { true } else { false } }
        if isOpen {
            var pipeline = Pipeline()
            pipeline.rollback()
            try await send(pipeline, timeout: nil)
        }
        _ = end(PipelineResults([]))
    }

    /// Commits unless it is over already; throws the error that ended it, if one did.
    func finish() async throws(PostgresError) {
        switch state.withLock({ $0 }) {
        case .new: break
        case .open: try await commit()
        case .over(let reason) where reason.kind == .closed: break
        case .over(let reason): throw reason
        }
    }

    @discardableResult
    private func send(_ pipeline: Pipeline, timeout: Duration?) async throws(PostgresError) -> PipelineResults {
        let before: State = state.withLock { state in
            defer { if case .new = state { state = .open } }
            return state
        }
        do throws(PostgresError) {
            switch before {
            case .new:
                var pipeline = pipeline
                pipeline.beginFirst()
                let results = try await session.execute(pipeline, timeout: timeout, inTransaction: true)
                return PipelineResults(results.answers, offset: 1)
            case .open: return try await session.execute(pipeline, timeout: timeout, inTransaction: true)
            case .over(let reason): throw reason
            }
        } catch {
            state.withLock { $0 = .over(error) }
            throw error
        }
    }

    private func end(_ results: PipelineResults) -> PipelineResults {
        state.withLock { $0 = .over(PostgresError(.closed, message: "The transaction has ended.")) }
        return results
    }
}

extension Session {
    /// Does `body` in a transaction and commits it, if `body` has not; rolls back when `body` throws.
    @discardableResult
    nonisolated(nonsending) package func transaction<Value>(
        _ body: nonisolated(nonsending) (Transaction) async throws -> Value
    ) async throws -> Value {
        let transaction = Transaction(self)
        do {
            let value = try await body(transaction)
            try await transaction.finish()
            return value
        } catch {
            try? await transaction.rollback()
            throw error
        }
    }
}
