/// How to connect, and the time-outs that hold on every session.
package struct ConnectionSettings: Sendable, Hashable {
    /// Where settings that the database keeps per session are set.
    package enum Scope: Sendable, Hashable {
        /// Once, when the session begins.
        case session
        /// With every transaction; what survives a pooler that changes sessions between transactions.
        case transaction
    }

    /// A libpq URL (`postgresql://…`) or keyword string (`host=… dbname=…`), passed on as it is.
    ///
    /// Several hosts and `target_session_attrs` work.
    package var conninfo: String
    /// The database to use instead of the one that ``conninfo`` names.
    package var database: String?
    /// What the database's activity views call us.
    package var applicationName: String?
    /// How long one host may take to accept the connection; whole seconds, at least 2.
    ///
    /// A `connect_timeout` in ``conninfo`` wins.
    package var connectTimeout: Duration = .seconds(5)
    /// The longest a statement may run; nil leaves the database's own setting.
    package var statementTimeout: Duration? = .seconds(30)
    /// The longest a statement may wait for a lock; nil leaves the database's own setting.
    package var lockTimeout: Duration? = .seconds(10)
    /// The longest a transaction may wait for its next statement; nil leaves the database's own setting.
    package var idleInTransactionTimeout: Duration? = .seconds(30)
    /// The longest one round trip may take, by our own clock, before the database is told to give up.
    ///
    /// If it does not answer that either, the session is closed.
    package var operationTimeout: Duration = .seconds(60)
    /// Whether statements are prepared once per session.
    ///
    /// Off for transaction poolers that do not know how.
    package var preparedStatements: Bool {
        didSet { scope = preparedStatements ? .session : .transaction }
    }
    /// Where the time-outs, the schema and ``parameters`` are set.
    ///
    /// Follows ``preparedStatements`` unless set after it.
    package var scope: Scope = .session
    /// The schema in which unqualified names are looked up; nil leaves the database's own setting.
    package var schema: SQLIdentifier?
    /// Further settings of the database, such as `synchronous_commit`.
    package var parameters: [String: String] = [:]

    /// Settings for a libpq URL or keyword string.
    package init(_ conninfo: String, applicationName: String? = nil, preparedStatements: Bool = true) {
        self.conninfo = conninfo
        self.applicationName = applicationName
        self.preparedStatements = preparedStatements
        scope = preparedStatements ? .session : .transaction
    }
}

extension ConnectionSettings: CustomStringConvertible {
    /// Says nothing of the password that ``conninfo`` may hold.
    package var description: String { "ConnectionSettings(applicationName: \(applicationName ?? "none"))" }
}

extension ConnectionSettings {
    /// What libpq is given.
    ///
    /// Those before `dbname` are defaults, those after it are ours to say.
    var keywords: [(name: String, value: String)] {
        var keywords = [
            ("connect_timeout", String(max(2, connectTimeout.components.seconds))),
            ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "20000"), ("gssencmode", "disable"),
            ("dbname", conninfo), ("client_encoding", "UTF8"),
        ]
        // Only the first `dbname` is taken for a connection string.
        if let database { keywords.append(("dbname", database)) }
        if let applicationName { keywords.append(("application_name", applicationName)) }
        return keywords
    }

    /// The database's settings that differ from its own.
    var sessionParameters: [String: String] {
        var all = parameters
        all["statement_timeout"] = statementTimeout?.milliseconds
        all["lock_timeout"] = lockTimeout?.milliseconds
        all["idle_in_transaction_session_timeout"] = idleInTransactionTimeout?.milliseconds
        all["search_path"] = schema?.quoted
        return all.merging(parameters) { _, explicit in explicit }
    }
}

extension Duration {
    /// Whole milliseconds as the database's settings want them, at least one unless the duration is zero.
    fileprivate var milliseconds: String {
        let (seconds, attoseconds) = components
        guard self > .zero else { return "0" }
        return String(min(max(1, seconds.clampedTimes(1000) + attoseconds / 1_000_000_000_000_000), Int64(Int32.max)))
    }
}

extension Int64 {
    fileprivate func clampedTimes(_ factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? Int64(Int32.max) : product
    }
}
