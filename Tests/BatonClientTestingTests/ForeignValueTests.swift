import BatonClient
import BatonClientTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Values that somebody else has set` {
    private struct Invoice: Codable {
        var due: Date
    }

    @Test func `cost a worker their task and nothing else`() async throws {
        let engine = TestEngine()
        let worker = try engine.worker {
            Subscription("forward") { task, _ in
                let invoice: Invoice = try task.variables.require("invoice")
                return ["due": .date(invoice.due), "invoice": try .json(invoice)]
            }
            Subscription("compute") { _, _ in ["due": .date(Date(timeIntervalSince1970: 1e30))] }
        }
        try await engine.run(worker) { _ in
            let odd = try engine.addTask("forward", variables: ["invoice": .json(text: "{\"due\":1e30}")])
            #expect(try await engine.task(odd) { $0.isIncident }.variables["due"] == nil)
            let computed = try engine.addTask("compute")
            #expect(try await engine.task(computed) { $0.isIncident }.variables["due"] == nil)
            let good = try engine.addTask("forward", variables: ["invoice": .json(text: "{\"due\":0}")])
            let due = Variable.date(Date(timeIntervalSince1970: 0))
            #expect(try await engine.task(good) { $0.isCompleted }.variables["due"] == due)
        }
    }
}
