import BatonClient
import Foundation

/// What a shop does with its orders.
struct Shop: Sendable {
    /// The amount above which a card is declined.
    var limit: Double

    /// What travels as Json.
    struct Receipt: Codable, Sendable {
        var number: String
        var amount: Double
        var chargedAt: Date
    }

    var subscriptions: [Subscription] {
        [chargeCard, send("send-parcel", isInsured: false), send("send-insured-parcel", isInsured: true), tellCustomer]
    }

    /// Nothing is charged twice: a bank would be given the task's id, which all attempts share, as its idempotency key.
    private var chargeCard: Subscription {
        Subscription("charge-card", retryPolicy: .exponential(attempts: 3, firstDelay: .seconds(1))) { task, _ in
            let amount: Double = try task.variables.require("amount")
            guard amount <= limit else {
                print("Declined: \(amount)")
                throw BPMNError("card-declined", message: "\(amount) is more than \(limit)")
            }
            let receipt = Receipt(number: "R-\(task.id.suffix(6))", amount: amount, chargedAt: Date())
            print("Charged: \(amount), receipt \(receipt.number)")
            return ["receipt": try .json(receipt)]
        }
    }

    private func send(_ topic: String, isInsured: Bool) -> Subscription {
        Subscription(topic) { task, _ in
            let receipt: Receipt = try task.variables.require("receipt")
            print("Sent\(isInsured ? ", insured" : ""): the parcel for receipt \(receipt.number)")
            return ["sentAt": .date(Date())]
        }
    }

    private var tellCustomer: Subscription {
        Subscription("tell-customer") { task, _ in
            print("Told: the customer of order \(task.businessKey ?? task.processInstanceID)")
        }
    }
}
