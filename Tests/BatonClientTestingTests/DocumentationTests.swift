import BatonClient
import BatonClientTesting
import Foundation
import HTTPTypes
import Logging
import ServiceLifecycle
import Testing
import UnixSignals

// The code of the articles in BatonClient.docc, so that it compiles and, where it can, runs. Change both.

private struct Cards {
    func charge(_ amount: Int) async throws -> String { "R-\(amount)" }
}

private struct Printer: Sendable {
    func print(_ page: Int) async throws {}
}

private struct Mailbox: Sendable {
    func send(_ message: Data) async throws {}
}

private struct Archive: Sendable {
    func append(_ bytes: some Sequence<UInt8>) async throws {}
}

private struct Order: Codable, Sendable {
    var number = 1
}

private func transcode(_ task: ExternalTask) async throws {}
private func pages(of task: ExternalTask) async throws -> Range<Int> { 0..<2 }

@Suite(.timeLimit(.minutes(1))) struct `The documentation's code` {
    /// The handler of *Testing*.
    let chargeCard = Subscription("charge-card") { task, _ in
        let amount: Int = try task.variables.require("amount")
        guard amount > 0 else { throw TaskFailure("The bank is closed") }
        return ["receipt": Variable("R-\(amount)")]
    }

    // MARK: The landing page, Getting started

    func landingPage(logger: Logger) async throws {
        let cards = Cards()
        let client = try EngineClient(url: "http://127.0.0.1:8080/engine-rest", logger: logger)
        let worker = try Worker(client: client, logger: logger) {
            Subscription("charge-card") { task, context in
                let amount: Int = try task.variables.require("amount")
                return ["receipt": .string(try await cards.charge(amount))]
            }
        }
        try await worker.run()
    }

    func gettingStarted() async throws {
        let logger = Logger(label: "shop")
        let client = try EngineClient(url: "http://127.0.0.1:8080/engine-rest", logger: logger)

        let model = try Data(contentsOf: URL(fileURLWithPath: "shop.bpmn"))
        try await client.deploy(
            DeploymentRequest(name: "shop", skipsDuplicates: true, files: ["shop.bpmn": [UInt8](model)])
        )
        _ = try await client.startProcess(StartRequest("shop", variables: ["amount": 30]))

        let worker = try Worker(client: client, logger: logger) {
            Subscription("charge-card") { task, context in
                let amount: Int = try task.variables.require("amount")
                context.logger.info("Charging \(amount)")
                return ["receipt": "R-77"]
            }
        }
        let group = ServiceGroup(services: [worker], gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
        try await group.run()
    }

    // MARK: Handlers and errors

    struct UnknownCustomer: NonRetryableError {
        var number: Int
    }

    @Test func `of handlers and errors`() async throws {
        let cards = Cards()
        let charge = Subscription("charge-card", retryPolicy: .exponential(attempts: 5, firstDelay: .seconds(2))) {
            task,
            context in
            _ = try await cards.charge(task.variables.require("amount"))
        }
        #expect(try await charge.handle(.sample(variables: ["amount": 1])).outcome == .completed)

        let page = 12
        let failing = Subscription("failing") { _, _ in
            throw TaskFailure(
                "The bank is closed",
                retryAfter: .seconds(3600),
                localVariables: ["lastPage": Variable(page)]
            )
        }
        #expect(try await failing.handle(.sample()).failure?.localVariables == ["lastPage": 12])

        var configuration = Worker.Configuration()
        configuration.describe = { error in
            ErrorReport(message: "\(type(of: error))", details: String(reflecting: error))
        }
        let described = Subscription("described") { _, _ in throw UnknownCustomer(number: 1) }
        let told = try await described.handle(.sample(), configuration: configuration).failure
        #expect(told?.message == "UnknownCustomer" && told?.details?.contains("number: 1") == true)

        let unknown = Subscription("unknown") { _, _ in throw UnknownCustomer(number: 1) }
        #expect(try await unknown.handle(.sample()).failure?.retries == 0)

        let declined = Subscription("declined") { _, _ in
            throw BPMNError("card-declined", message: "Limit exceeded", variables: ["limit": 1000])
        }
        #expect(try await declined.handle(.sample()).bpmnError?.code == "card-declined")
    }

    // MARK: Locks

    @Test func `of locks`() async throws {
        let printer = Printer()
        let mailbox = Mailbox()
        let long = Subscription("transcode-video", lockDuration: .seconds(10)) { task, context in
            try await transcode(task)
        }
        #expect(try await long.handle(.sample()).outcome == .completed)

        let manual = Subscription("print", lockDuration: .seconds(60), lockExtension: .manual) { task, context in
            for page in try await pages(of: task) {
                try await printer.print(page)
                try await context.extendLock(for: .seconds(60))
            }
            return .completed
        }
        #expect(try await manual.handle(.sample()).lockExtensions == [.seconds(60), .seconds(60)])

        let ask = Subscription("ask-expert", lockDuration: .seconds(86_400), lockExtension: .manual) { task, context in
            try await mailbox.send(JSONEncoder().encode(context.handle))
            return .deferred
        }
        #expect(try await ask.handle(.sample()).outcome == .deferred)
    }

    @Test func `of completing elsewhere`() async throws {
        let engine = TestEngine()
        let client = engine.client()
        let id = try engine.addTask("ask-expert")
        let fetch = FetchRequest(workerID: "w", topics: [.init("ask-expert", lockDuration: .seconds(60))])
        let fetched = try #require(try await client.fetchAndLock(fetch).first)
        let message = try JSONEncoder().encode(fetched.handle)

        let handle = try JSONDecoder().decode(TaskHandle.self, from: message)
        try await client.complete(handle, variables: ["answer": "yes"])
        #expect(engine.task(id)?.variables["answer"] == "yes")
    }

    // MARK: Variables

    struct CustomerNumber: VariableConvertible {
        var number: Int

        init(variable: Variable) throws { number = try Int(variable: variable) }
        var variable: Variable { Variable(number) }
    }

    enum Colour: String, VariableConvertible { case red, green }

    struct Invoice: Codable, Equatable {
        var due: Date
    }

    @Test func `of variables`() async throws {
        let reading = Subscription("reading") { task, context in
            let amount: Int = try task.variables.require("amount")
            let note: String? = try task.variables.value("note")
            let order: Order = try task.variables.require("order")
            let customer: CustomerNumber = try task.variables.require("customer")
            #expect(amount == 42 && note == nil && order.number == 1 && customer.number == 7)
            return ["receipt": "R-77", "amount": 42, "isPaid": true, "rate": 0.5, "note": nil]
        }
        let variables: Variables = ["amount": 42, "order": try .json(Order()), "customer": 7]
        #expect(try await reading.handle(.sample(variables: variables)).completedVariables?.count == 5)

        let dating = Subscription("dating") { task, _ in
            let invoice: Invoice = try task.variables.require("invoice", decoder: JSONDecoder())
            return ["invoice": try .json(invoice, encoder: JSONEncoder())]
        }
        let dated: Variables = ["invoice": try .json(Invoice(due: Date()), encoder: JSONEncoder())]
        #expect(try await dating.handle(.sample(variables: dated)).outcome == .completed(dated))

        let limit: Variables = ["limit": "30", "colour": "red"]
        #expect(throws: BatonError.self) { try limit.require("limit") as Int }
        #expect(Int(try limit.require("limit", as: String.self)) == 30)
        #expect(try limit.require("colour") == Colour.red)

        let total = 30
        let setting = Subscription("setting") { _, _ in
            let order = Order()
            return ["order": try .json(order), "total": Variable(total)]
        }
        #expect(try await setting.handle(.sample()).completedVariables?["total"] == 30)
    }

    @Test func `of files`() async throws {
        let archive = Archive()
        let copying = Subscription("copying") { _, context in
            let pages = try await context.download("scan")
            for try await piece in pages { try await archive.append(piece) }

            let copy = try await context.download("scan")
            try await context.upload(
                copy,
                as: FileDescription(name: "copy.pdf", mimeType: "application/pdf"),
                to: "copy"
            )
            return .completed
        }
        let scan = Variable.file(FileDescription(name: "scan.pdf"), content: [1, 2, 3])
        let handled = try await copying.handle(.sample(variables: ["scan": scan]))
        #expect(handled.outcome == .completed)
        #expect(handled.processVariables["copy"]?.file?.name == "copy.pdf")
    }

    // MARK: Testing

    @Test func `charges the card`() async throws {
        let handled = try await chargeCard.handle(.sample("charge-card", variables: ["amount": 42]))
        #expect(handled.outcome == .completed(["receipt": "R-42"]))
    }

    @Test func `tries again when the bank is closed`() async throws {
        let handled = try await chargeCard.handle(.sample("charge-card", variables: ["amount": 0], retries: 2))
        #expect(handled.failure?.retries == 1)
    }

    @Test func `of a worker and an engine`() async throws {
        let engine = TestEngine()
        let worker = try engine.worker { chargeCard }
        try await engine.run(worker) { running in
            let id = try engine.addTask("charge-card", variables: ["amount": 42])
            let task = try await engine.task(id) { $0.isCompleted }
            #expect(task.variables["receipt"] == "R-42")
        }
    }

    // MARK: Operating

    struct Steady: PollBackoff {
        func pause(after poll: PollReport) -> Duration { poll.outcome == .tasks ? .zero : .seconds(1) }
    }

    @Test func `of operating`() async throws {
        let password = "secret"
        var configuration = EngineClient.Configuration(url: "https://baton.example.com/engine-rest")
        configuration.interceptors = [
            try .basic(user: "charger", password: password),
            .headerFields { _, attempt in [.userAgent: "shop/1.0 (attempt \(attempt.number))"] },
        ]
        let engine = TestEngine()
        let client = engine.client(interceptors: configuration.interceptors)
        _ = try await client.version()
        let call = try #require(engine.calls.first)
        #expect(call.headerFields[.userAgent] == "shop/1.0 (attempt 1)")
        #expect(call.headerFields[.authorization]?.hasPrefix("Basic ") == true)
        #expect(Steady().pause(after: PollReport(.empty)) == .seconds(1))
    }
}
