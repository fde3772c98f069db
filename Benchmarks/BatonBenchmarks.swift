import ArgumentParser

@main
struct BatonBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baton-benchmarks",
        abstract: "Measures Baton on this machine, with real nodes and a real PostgreSQL.",
        discussion: """
            Every program starts its own durable PostgreSQL and nodes, prints its settings and its result, and ends by \
            itself. Quote ratios of one run: machines differ, and so does one machine from hour to hour.
            """,
        subcommands: [
            Cycle.self, WakeUp.self, DeepBacklog.self, HeldTransaction.self, Parked.self, StartUp.self, FanOut.self,
            Disconnects.self, BackPressure.self, Everything.self,
        ]
    )
}
