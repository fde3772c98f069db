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
        let basic = try BasicAuthentication(user: "anna", password: "a:b")
        let client = EngineClient(engine, clock: clock) {
            $0.interceptors = [
                .headerFields { request, attempt in [name: "\(request.operation) \(attempt.number)"] },
                basic,
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
                    return .init(reason == .needed ? "old" : "good", lifetime: .seconds(60))
                }
            ]
        }
        try await client.complete(handle)
        try await client.complete(handle)
        #expect(asked.value == [.needed, .refused(.init("old", lifetime: .seconds(60)))])
        #expect(engine.requests.count == 3)
    }

    @Test func `tell that the token is not good when another is none either`() async throws {
        let engine = FakeEngine { _ in EngineResponse(status: 401) }
        let client = EngineClient(engine) { $0.interceptors = [.bearer(token: "bad")] }
        let error = await #expect(throws: BatonError.self) { try await client.complete(handle) }
        #expect(error?.code == .unauthenticated)
        #expect(engine.requests.count == 1)
    }

    @Test func `get a new token when the time of the old one is nearly over`() async throws {
        let clock = ManualClock()
        let count = Shared(0)
        let bearer = BearerAuthentication(clock: clock) { _ in
            .init("\(count.change { $0 += 1; return $0 })", lifetime: .seconds(60))
        }
        let engine = FakeEngine()
        let client = EngineClient(engine) { $0.interceptors = [bearer] }
        try await client.complete(handle)
        clock.advance(by: .seconds(53))
        try await client.complete(handle)
        clock.advance(by: .seconds(1))
        try await client.complete(handle)
        #expect(engine.requests.map { $0.headerFields[.authorization] } == ["Bearer 1", "Bearer 1", "Bearer 2"])
    }

    // MARK: Tokens that do not come

    /// Waits for a signal, whoever is cancelled.
    private func waitStubbornly(_ signal: Signal) async {
        await Task { try? await signal.wait() }.value
    }

    @Test func `fail the call in time when no token comes`() async throws {
        let (clock, end) = (ManualClock(), Signal())
        let engine = FakeEngine()
        let client = EngineClient(engine, clock: clock) {
            $0.requestTimeout = .seconds(9)
            $0.repetition = .never
            $0.interceptors = [
                .bearer { _ in
                    await waitStubbornly(end)
                    return .init("late")
                }
            ]
        }
        async let failed = #expect(throws: BatonError.self) { try await client.complete(handle) }
        await clock.sleeps(for: .seconds(9))
        clock.advance(by: .seconds(9))
        let error = await failed
        #expect(error?.code == .timedOut)
        #expect(error?.isOutcomeUnknown == false)
        #expect(engine.requests.isEmpty)
        end.send()
    }

    @Test(arguments: ["a:b", ":", "a\u{7}"])
    func `refuse a name that servers would read otherwise`(user: String) {
        let error = #expect(throws: BatonError.self) { try BasicAuthentication(user: user, password: "secret") }
        #expect(error?.code == .invalidConfiguration)
        #expect(error.map { !String(reflecting: $0).contains("secret") } == true)
    }

    @Test func `show no secret`() throws {
        let token = BearerAuthentication.Token("secret", lifetime: .seconds(1))
        let basic = try BasicAuthentication(user: "anna", password: "secret")
        let encoded = "YW5uYTpzZWNyZXQ="
        let shown: [Any] = [
            token, BearerAuthentication.Reason.refused(token), basic, BearerAuthentication { _ in token },
            EngineClient.Configuration(url: "http://a", interceptors: [basic, .bearer(token: "secret")]),
            BatonError(.interceptorFailed, cause: Leak(secret: "secret")),
        ]
        for value in shown {
            var dumped = ""
            if !(value is BatonError) { dump(value, to: &dumped) }
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(!text.contains("secret") && !text.contains(encoded), "\(text)")
            }
        }
    }

    private struct Leak: Error {
        let secret: String
    }
}
