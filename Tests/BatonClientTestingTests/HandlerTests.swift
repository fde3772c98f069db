import BatonClient
import BatonClientTesting
import Testing

@Suite struct `A handler by itself` {
    struct Unpaid: Error {}
    struct Unknown: NonRetryableError {}

    let charge = Subscription("charge-card", retryPolicy: .constant(attempts: 3, delay: .seconds(5))) { task, context in
        let amount: Int = try task.variables.require("amount")
        switch amount {
        case ..<0: throw Unknown()
        case 0: throw Unpaid()
        case 1000...: throw BPMNError("card-declined", message: "too much")
        default: return .completed(["receipt": "R-77"], local: ["amount": Variable(amount)])
        }
    }

    @Test func `completes with variables`() async throws {
        let handled = try await charge.handle(.sample("charge-card", variables: ["amount": 42]))
        #expect(handled.outcome == .completed(["receipt": "R-77"], local: ["amount": 42]))
        #expect(handled.completedVariables == ["receipt": "R-77"])
        #expect(handled.error == nil)
        #expect(handled.calls.isEmpty)
    }

    @Test(arguments: [(nil, 2), (2, 1), (1, 0)] as [(Int?, Int)])
    func `fails as its policy says`(retries: Int?, left: Int) async throws {
        let handled = try await charge.handle(.sample("charge-card", variables: ["amount": 0], retries: retries))
        let failure = try #require(handled.failure)
        #expect(failure.retries == left)
        #expect(failure.retryAfter == .seconds(5))
        #expect(handled.error is Unpaid)
    }

    @Test func `gives up after an error that trying again does not help`() async throws {
        let handled = try await charge.handle(.sample("charge-card", variables: ["amount": -1]))
        #expect(handled.failure?.retries == 0)
    }

    @Test func `fails when a variable is missing`() async throws {
        let handled = try await charge.handle(.sample("charge-card"))
        #expect((handled.error as? BatonError)?.code == .variableMissing)
        #expect((handled.error as? BatonError)?.variable == "amount")
        #expect(handled.failure != nil)
    }

    @Test func `reports errors of the business`() async throws {
        let handled = try await charge.handle(.sample("charge-card", variables: ["amount": 1000]))
        #expect(handled.bpmnError?.code == "card-declined")
        #expect(handled.completedVariables == nil)
    }

    @Test func `may release and defer its task`() async throws {
        let later = Subscription("later") { task, _ in task.priority > 0 ? .deferred : .released }
        #expect(try await later.handle(.sample(priority: 1)).outcome == .deferred)
        #expect(try await later.handle(.sample()).outcome == .released)
    }

    @Test func `fills in what a failure leaves to the policy`() async throws {
        let partly = Subscription("partly", retryPolicy: .constant(attempts: 5, delay: .seconds(7))) { _, _ in
            throw TaskFailure("half done", retries: 9, localVariables: ["page": 12])
        }
        let failure = try #require(try await partly.handle(.sample()).failure)
        #expect(failure.retries == 9)
        #expect(failure.retryAfter == .seconds(7))
        #expect(failure.localVariables == ["page": 12])
    }

    @Test func `leaves traces of what it does through its context`() async throws {
        let busy = Subscription("busy") { task, context in
            try await context.extendLock(for: .seconds(90))
            try await context.setLocalVariables(["progress": 0.5])
            try await context.setVariables(["customer": "B"])
            let file = FileDescription(name: "a.txt", mimeType: "text/plain")
            try await context.upload(ByteStream(Array("hello".utf8)), as: file, to: "letter")
            let letter = try await context.download("letter").collect(upTo: 100)
            return ["letter": .bytes(letter)]
        }
        let handled = try await busy.handle(.sample("busy", variables: ["customer": "A"]))
        #expect(handled.error == nil)
        #expect(handled.lockExtensions == [.seconds(90)])
        #expect(handled.localVariables == ["progress": 0.5])
        #expect(try handled.processVariables.require("customer", as: String.self) == "B")
        #expect(handled.processVariables["letter"]?.file?.name == "a.txt")
        #expect(handled.completedVariables == ["letter": .bytes("hello".utf8)])
        #expect(handled.calls.map(\.operation) == [.changeVariables, .changeVariables, .upload, .download])
    }

    @Test func `meets the faults of its engine`() async throws {
        let starter = Subscription("starter") { _, context in
            _ = try await context.client.startProcess(StartRequest("invoice", variables: ["total": 3]))
            return .completed
        }
        let engine = TestEngine()
        engine.addProcess("invoice", topics: ["print", "send"])
        #expect(try await starter.handle(.sample(), in: engine).outcome == .completed)
        let task = try await engine.firstTask { $0.topic == "print" }
        #expect(task.variables == ["total": 3])

        engine.inject(.refused(status: 403, type: "AuthorizationException", message: "no"), into: .startProcess)
        let handled = try await starter.handle(.sample(), in: engine)
        #expect((handled.error as? BatonError)?.code == .forbidden)
    }
}
