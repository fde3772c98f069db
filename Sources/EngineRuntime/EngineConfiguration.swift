package import EngineStore
package import Postgres

extension Engine {
    /// What an engine is told at its start.
    package struct Configuration: Sendable {
        /// The engine's name in paths (`/engine/{name}/…`).
        package var name: EngineName
        package var database: ConnectionSettings
        /// How to connect for hearing what other nodes announce; nil for ``database``.
        ///
        /// A session is needed that nobody shares: behind a transaction pooler, the address of the database itself.
        package var listening: ConnectionSettings?
        /// Sessions for reading, at least 1; half as many more are for claims.
        package var poolSize: Int
        /// Lanes that run commands, each with a session of its own, at least 1.
        package var lanes: Int
        package var historyLevel: HistoryLevel
        /// Whether this node runs jobs, such as those of batches, by itself.
        package var runsJobs: Bool
        /// The channel that the nodes of one engine tell each other on.
        ///
        /// Channels belong to a database, so engines that share one need different ones.
        package var channel: SQLIdentifier
        package var longPoll: WaiterList.Limits

        /// The usual settings for a database.
        package init(database: ConnectionSettings, name: EngineName = .default) {
            self.name = name
            self.database = database
            poolSize = 10
            lanes = 2
            historyLevel = .full
            runsJobs = true
            channel = database.workChannel
            longPoll = WaiterList.Limits()
        }
    }
}

extension ConnectionSettings {
    /// The channel of the engine that works here.
    ///
    /// It follows from the schema, not from the engine's name: each node may call the engine as it likes. Engines whose
    /// schemas have very long names share one channel, and are woken more often than they need.
    fileprivate var workChannel: SQLIdentifier {
        guard let schema else { return "baton_work" }
        return SQLIdentifier("baton_work \(schema.name)") ?? "baton_work of another schema"
    }

    /// Whether the tables of both are evidently the same ones.
    func leadsWhere(_ other: ConnectionSettings) -> Bool {
        conninfo == other.conninfo && database == other.database && schema == other.schema
    }

    /// The same for sessions that claim, which takes milliseconds: a database that needs so much longer does not answer.
    var claiming: ConnectionSettings {
        var settings = self
        settings.statementTimeout = min(statementTimeout ?? .seconds(10), .seconds(10))
        settings.operationTimeout = min(operationTimeout, .seconds(15))
        return settings
    }

    /// The same for sessions that hold jobs while lanes carry them out, which may take as long as commands wait.
    var holdingJobs: ConnectionSettings {
        var settings = self
        settings.idleInTransactionTimeout = .seconds(60)
        return settings
    }

    /// The same for sessions that only look up rows by their keys, as commands do: the planner must walk indexes,
    /// whatever it believes of a table that was empty a moment ago, and plan once, not for each batch.
    ///
    /// Measured without: the first plans, made on empty tables, read them from end to end for minutes; a cycle cost the
    /// database two and a half times as much.
    var lookingUpByKey: ConnectionSettings {
        var settings = self
        for name in ["enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit"] {
            settings.parameters[name] = "off"
        }
        settings.parameters["plan_cache_mode"] = "force_generic_plan"
        return settings
    }
}
