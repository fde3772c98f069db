import EngineCore
package import Postgres

extension StatementRunner {
    /// Gives back tasks that could not be delivered to their worker; retries stay as they are.
    ///
    /// - Returns: How many tasks of each topic may be claimed again.
    package func release(undelivered tasks: [LockedTask]) async throws(PostgresError) -> [String: Int] {
        var pipeline = Pipeline()
        pipeline.add(ClaimSettings())
        let releases = Dictionary(grouping: tasks, by: \.worker).map { worker, tasks in
            pipeline.add(
                ReleaseUndelivered(
                    worker: worker.rawValue,
                    tasks: tasks.map(\.id.rawValue),
                    lockExpirations: tasks.map(\.lockExpiration)
                )
            )
        }
        let results = try await execute(pipeline)
        return releases.flatMap { results[$0] }.reduce(into: [:]) { counts, released in
            if let topic = released.topic, released.isReady { counts[topic, default: 0] += 1 }
        }
    }
}
