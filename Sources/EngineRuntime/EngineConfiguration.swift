package import EngineStore
package import Postgres

extension Engine {
    /// What an engine is told at its start.
    package struct Configuration: Sendable {
        /// The engine's name in paths (`/engine/{name}/…`).
        package var name: String
        package var database: ConnectionSettings
        /// Sessions for reading and fetching, at least 1.
        package var poolSize: Int
        /// Lanes that run commands, each with a session of its own, at least 1.
        package var lanes: Int
        package var historyLevel: HistoryLevel
        /// Whether this node runs due timers and asynchronous continuations by itself.
        package var runsJobs: Bool
        /// The channel that the nodes of one engine tell each other on.
        package var channel: SQLIdentifier
        package var longPoll: WaiterList.Limits

        /// The usual settings for a database.
        package init(database: ConnectionSettings) {
            name = "default"
            self.database = database
            poolSize = 10
            lanes = 2
            historyLevel = .full
            runsJobs = true
            channel = "baton_work"
            longPoll = WaiterList.Limits()
        }
    }
}
