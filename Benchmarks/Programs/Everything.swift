import ArgumentParser

/// Every program, one after the other, and a table of the bars.
struct Everything: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all",
        abstract: "Every program with short settings, and a table of all bars at the end.",
        discussion: """
            Takes about ten minutes. The settings are shorter than those that the bars are meant for: a transaction is \
            held for half a minute, and backlogs end at a million tasks; --long takes the real ones and about half an \
            hour. A bar that was missed is no error; a program that could not be carried out is, and the others are run \
            all the same.
            """
    )

    @OptionGroup var stage: StageOptions
    @Flag(help: "The settings that the bars are meant for.") var long = false
    @Option(help: "Only these programs, as in cycle,wake-up.") var only: String?

    func validate() throws {
        let unknown = chosen.filter { name in !Self.programs.contains { $0.name == name } }
        guard unknown.isEmpty else { throw ValidationError("There is no program \(unknown.joined(separator: ", ")).") }
    }

    private var chosen: [String] { only?.split(separator: ",").map(String.init) ?? Self.programs.map(\.name) }

    /// A program with its arguments.
    private struct Program: Sendable {
        var name: String
        var type: any AsyncParsableCommand.Type
        var short: [String] = []
        /// Nil when the short ones are the real ones.
        var long: [String]?
    }

    private static let programs = [
        Program(name: "cycle", type: Cycle.self, long: ["--clients", "1,8,64", "--seconds", "30"]),
        Program(name: "wake-up", type: WakeUp.self),
        Program(name: "backlog", type: DeepBacklog.self, long: ["--tasks", "10000,100000,1000000,5000000"]),
        Program(
            name: "held-transaction",
            type: HeldTransaction.self,
            short: ["--seconds", "30"],
            long: ["--seconds", "600"]
        ),
        Program(name: "parked-polls", type: Parked.self),
        Program(name: "start-up", type: StartUp.self),
        Program(name: "fan-out", type: FanOut.self),
        Program(name: "disconnects", type: Disconnects.self, short: ["--seconds", "10"], long: ["--seconds", "60"]),
        Program(name: "back-pressure", type: BackPressure.self),
    ]

    func run() async throws {
        var failures: [String] = []
        for program in Self.programs where chosen.contains(program.name) {
            if program.type == BackPressure.self, stage.databaseURL != nil {
                Report.note("\(program.name) needs a server of its own and is left out")
                continue
            }
            do {
                let settings = long ? program.long ?? program.short : program.short
                var command = try program.type.parse(settings + stage.arguments)
                try await command.run()
            } catch {
                failures.append(program.name)
                Report.note("\(program.name) failed: \(error)")
            }
        }
        Report.summarize()
        guard failures.isEmpty else { throw BenchmarkFailure("Failed: \(failures.joined(separator: ", "))") }
    }
}
