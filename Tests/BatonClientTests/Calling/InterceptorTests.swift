import BatonClient
import HTTPTypes
import JSON
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Interceptors` {
    private struct Broken: Error {}

    private let handle = TaskHandle(id: "t-1", workerID: "w")

    @Test func `add header fields and see which attempt it is`() async throws {
        let answers = Shared([EngineResponse(status: 503), EngineResponse(status: 204)])
        let engine = FakeEngine { _ in answers.change { $0.removeFirst() } }
        let clock = ManualClock()
        let name = try #require(HTTPField.Name("X-Attempt"))
        let client = EngineClient(engine, clock: clock) {
            $0.interceptors = [
                .headerFields { request, attempt in [name: "\(request.operation) \(attempt.number)"] },
                .basic(user: "anna", password: "a:b"),
            ]
        }
        async let done = client.complete(handle)
        await engine.comes(.complete)
        await clock.sleepers { $0.contains { $0 < .seconds(1) } }
        clock.advance(by: .seconds(1))
        #expect(try await done == .confirmed)
        #expect(engine.requests.map { $0.headerFields[name] } == ["complete 1", "complete 2"])
        #expect(engine.requests.allSatisfy { $0.headerFields[.authorization] == "Basic YW5uYTphOmI=" })
    }

    @Test func `fail the call when they throw`() async throws {
        let engine = FakeEngine()
        let client = EngineClient(engine) { $0.interceptors = [.headerFields { _, _ in throw Broken() }] }
        let error = await #expect(throws: BatonError.self) { try await client.complete(handle) }
        #expect(error?.code == .interceptorFailed)
        #expect(error?.cause is Broken)
        #expect(engine.requests.isEmpty)
    }

    @Test func `get another token once when one is refused`() async throws {
        let asked = Shared([BearerAuthentication.Reason]())
        let engine = FakeEngine { request in
            request.headerFields[.authorization] == "Bearer good" ? nil : EngineResponse(status: 401)
        }
        let client = EngineClient(engine) {
            $0.interceptors = [
                .bearer { reason in
                    asked.change { $0.append(reason) }
                    return .init(reason == .needed ? "old" : "good")
                }
            ]
        }
        try await client.complete(handle)
        try await client.complete(handle)
        #expect(asked.value == [.needed, .refused("old")])
        #expect(engine.requests.count == 3)
    }

    @Test func `tell that the token is not good when another is none either`() async throws {
        let engine = FakeEngine { _ in EngineResponse(status: 401) }
        let client = EngineClient(engine) { $0.interceptors = [.bearer(token: "bad")] }
        let error = await #expect(throws: BatonError.self) { try await client.complete(handle) }
        #expect(error?.code == .unauthenticated)
        #expect(engine.requests.count == 1)
    }

    @Test func `get a new token when the time of the old one is over`() async throws {
        let clock = ManualClock()
        let count = Shared(0)
        let bearer = BearerAuthentication(clock: clock) { _ in
            .init("\(count.change { $0 += 1; return $0 })", lifetime: .seconds(60))
        }
        let engine = FakeEngine()
        let client = EngineClient(engine) { $0.interceptors = [bearer] }
        try await client.complete(handle)
        clock.advance(by: .seconds(59))
        try await client.complete(handle)
        clock.advance(by: .seconds(1))
        try await client.complete(handle)
        #expect(engine.requests.map { $0.headerFields[.authorization] } == ["Bearer 1", "Bearer 1", "Bearer 2"])
    }
}
