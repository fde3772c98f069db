import ArgumentParser
import BatonClient
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// Works on orders: a card that is declined is an error of the business, which the model catches.
@main
struct OrderProcess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order-process",
        abstract: "Works on the orders of Examples/order.bpmn.",
        discussion: "Deploys the model, starts an order for each --order, and works until Ctrl-C or SIGTERM."
    )

    @Option(help: "The address of the API.")
    var url = "http://127.0.0.1:8080/engine-rest"
    @Option(
        name: .customLong("order"),
        help: ArgumentHelp("An order of this amount; may be repeated.", valueName: "amount")
    )
    var orders: [Double] = []
    @Option(help: "The amount above which a card is declined.")
    var limit = 1000.0
    @Option(help: "The model.", completion: .file(extensions: ["bpmn"]))
    var model = "Examples/order.bpmn"

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let logger = Logger(label: "order-process")
        let client = try EngineClient(url: url, logger: logger)
        guard let bytes = FileManager.default.contents(atPath: model) else {
            throw ValidationError("There is no file \(model)")
        }
        try await client.deploy(
            DeploymentRequest(name: "order", skipsDuplicates: true, files: ["order.bpmn": [UInt8](bytes)])
        )
        for amount in orders {
            let instance = try await client.startProcess(
                StartRequest("order", businessKey: "order-\(UUID())", variables: ["amount": Variable(amount)])
            )
            print("Order of \(amount): process instance \(instance.id)")
        }

        let worker = try Worker(client: client, logger: logger) { Shop(limit: limit).subscriptions }
        let group = ServiceGroup(
            services: [worker],
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: logger
        )
        try await group.run()
    }
}
