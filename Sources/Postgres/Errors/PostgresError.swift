/// A failure of the world: the database refused, cannot be reached, or did not answer in time.
///
/// `description` holds no values and can be shown to strangers; `debugDescription` tells all.
package struct PostgresError: Error, Sendable, Hashable {
    /// What failed.
    package enum Kind: Sendable, Hashable {
        /// The connection could not be made, or was lost.
        case connection
        /// The database refused a statement.
        case server(SQLState)
        /// A row is not what the statement says that it is.
        case decoding(DecodingProblem)
        /// No session became free, or could be opened, in time.
        case poolTimeout
        /// The round trip took longer than the operation may; the database was told to give up.
        case timeout
        /// The task was cancelled; the database was told to give up.
        case cancelled
        /// The session, the pool or the transaction is closed.
        case closed
        /// The call breaks a rule of this module; nothing was sent.
        case misuse
    }

    /// What became of the work that the error interrupted.
    package enum Effect: Sendable, Hashable {
        /// Nothing of it is in the database, nor will be.
        case undone
        /// It may be in the database: the answer to the commit did not arrive.
        case inDoubt
        /// A commit before the failing statement succeeded.
        case committed
    }

    /// What failed.
    package var kind: Kind
    /// The name of the statement, when one can be blamed.
    package var statement: String?
    /// What the database, or this module, says about it.
    ///
    /// May hold values.
    package var message: String
    /// More of the database's words.
    ///
    /// May hold values.
    package var detail: String?
    /// The database's advice.
    package var hint: String?
    /// The violated constraint.
    package var constraint: String?
    /// The table concerned.
    package var table: String?
    /// The column concerned.
    package var column: String?
    /// What became of the work.
    package var effect: Effect
    /// The database's routine that raised the error; unlike the message it is never translated.
    var routine: String?
    /// Whether the database said that it ends the session for this.
    var endsSession = false

    /// An error of this kind; by default, of work that is undone.
    package init(_ kind: Kind, statement: String? = nil, message: String, effect: Effect = .undone) {
        self.kind = kind
        self.statement = statement
        self.message = message
        self.effect = effect
    }
}

extension PostgresError {
    /// The database's code, when it was the database that refused.
    package var sqlState: SQLState? {
        if case .server(let state) = kind { state } else { nil }
    }

    /// Whether the same work may succeed when it is done again, because it collided with other work and was undone.
    package var isRetryable: Bool {
        guard effect == .undone else { return false }
        switch sqlState {
        case .serializationFailure, .deadlockDetected: return true
        default: return isStalePlan
        }
    }

    /// Whether the connection could not be made, or was lost.
    package var isConnectionLoss: Bool {
        switch kind {
        case .connection: true
        case .server(let state): endsSession || state.isConnectionLoss
        default: false
        }
    }

    /// Whether nothing of the work is in the database, nor will be.
    ///
    /// When false, it may be there.
    package var isDefinitelyUndone: Bool { effect == .undone }

    /// Whether the session's prepared statements no longer fit the schema, or were lost behind a pooler.
    var isStalePlan: Bool {
        switch sqlState {
        case .unknownStatement: true
        case .featureNotSupported: routine == "RevalidateCachedQuery"
        default: false
        }
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        let sentence =
            switch kind {
            case .connection: "The database cannot be reached"
            case .server(let state): "The database refused (SQLSTATE \(state))"
            case .decoding: "A row of the database has an unexpected form"
            case .poolTimeout: "No database session became free in time"
            case .timeout: "The database did not answer in time"
            case .cancelled: "The database operation was cancelled"
            case .closed: "The database session is closed"
            case .misuse: "The database operation is not possible"
            }
        guard let statement else { return sentence }
        return "\(sentence), statement \(statement)"
    }

    package var debugDescription: String {
        let details: [(String, String?)] = [
            ("detail", detail), ("hint", hint), ("constraint", constraint), ("table", table), ("column", column),
        ]
        return details.reduce(into: "\(description): \(message)") { text, detail in
            guard let value = detail.1 else { return }
            text += "; \(detail.0): \(value)"
        } + (effect == .undone ? "" : "; effect: \(effect)")
    }
}
