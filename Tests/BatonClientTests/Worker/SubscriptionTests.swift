import Logging
import Testing

@testable import BatonClient

@Suite struct `Subscriptions` {
    struct Card: Codable { var number: String }

    @Test func `read like their outcome`() throws {
        let client = EngineClient(.init(url: "http://127.0.0.1:1"), transport: Nowhere())
        let isNightly = true
        let worker = try Worker(client: client, logger: Logger(label: "test")) {
            Subscription("nothing") { _, _ in }
            Subscription("charge") { task, context in
                let amount: Int = try task.variables.require("amount")
                guard amount > 0 else { throw BPMNError("no-amount") }
                context.logger.info("Charging")
                return ["receipt": "R-77", "amount": 42, "isPaid": true, "rate": 0.5, "note": nil]
            }
            if isNightly {
                Subscription("report", lockDuration: .seconds(60), retryPolicy: .never) { task, context in
                    let card: Card = try task.variables.require("card")
                    return .completed(["card": try .json(card)], local: ["x": .long(1)])
                }
            }
            for name in ["a", "b"] {
                Subscription(name, options: .with { $0.businessKey = "k" }) { _, _ in .deferred }
            }
        }
        #expect(Set(worker.subscriptions.keys) == ["nothing", "charge", "report", "a", "b"])
    }
}

struct Nowhere: Transport {
    func send(_ request: EngineRequest) async throws -> EngineResponse {
        throw BatonError(.unreachable, operation: request.operation)
    }
}
