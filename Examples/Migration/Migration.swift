import ArgumentParser
import BatonClient
import Logging
import ServiceLifecycle
import UnixSignals

/// Serves a topic that a worker in another language serves, too: how to move from one to the other.
@main
struct Migration: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migration",
        abstract: "Archives the invoices of Examples/Migration/invoice.bpmn, beside worker.py in the same folder.",
        discussion: """
            Deploys the model, starts it as often as --start says, and works until Ctrl-C or SIGTERM. Start worker.py \
            beside it: both get tasks, none gets the same one, and each goes on when the other is stopped.
            """
    )

    @Option(help: "The address of the API.")
    var url = "http://127.0.0.1:8080/engine-rest"
    @Option(help: "How many invoices to receive.")
    var start = 0

    /// What both languages read and write as Json.
    struct Invoice: Codable, Sendable {
        var number: Int
        var lines: [Line]

        struct Line: Codable, Sendable {
            var text: String
            var cents: Int
        }
    }

    /// What both languages write when an invoice is archived.
    struct ArchiveEntry: Codable, Sendable {
        var number: Int
        var totalCents: Int
        var archivedBy: String
    }

    func validate() throws {
        guard start >= 0 else { throw ValidationError("--start must be at least 0") }
    }

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let logger = Logger(label: "migration")
        let client = try EngineClient(url: url, logger: logger)
        try await client.deploy(
            DeploymentRequest(
                name: "invoice",
                skipsDuplicates: true,
                files: ["invoice.bpmn": PackageResources.invoice_bpmn]
            )
        )
        for number in 0..<start {
            let lines = [Invoice.Line(text: "Paper", cents: 250), Invoice.Line(text: "Ink", cents: 100 * number)]
            let invoice = Invoice(number: number + 1, lines: lines)
            _ = try await client.startProcess(StartRequest("invoice", variables: ["invoice": try .json(invoice)]))
        }

        // One task at a time, so that the other worker gets its share.
        var configuration = Worker.Configuration()
        configuration.maximumTasks = 1
        let worker = try Worker(client: client, configuration: configuration, logger: logger) {
            Subscription("archive-invoice", lockDuration: .seconds(20)) { task, _ in
                let invoice: Invoice = try task.variables.require("invoice")
                try await Task.sleep(for: .milliseconds(200))
                let total = invoice.lines.map(\.cents).reduce(0, +)
                print("Swift has archived invoice \(invoice.number): \(total) cents")
                let entry = ArchiveEntry(number: invoice.number, totalCents: total, archivedBy: "Swift")
                return ["archiveEntry": try .json(entry)]
            }
        }
        let group = ServiceGroup(
            services: [worker],
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: logger
        )
        try await group.run()
    }
}
