import BatonClient
import BatonClientTesting
import HTTPTypes
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Requests that need a token` {
    private let engine = TestEngine()

    /// A provider that a test holds up.
    private final class Provider: Sendable {
        let asked = [Gate(), Gate(), Gate()]
        let gates = [Gate(), Gate(), Gate()]
        let calls = Mutex(0)
        let cancellations = Mutex(0)

        func token() async throws -> BearerAuthentication.Token {
            let number = calls.withLock { calls in
                calls += 1
                return calls
            }
            asked[number - 1].open()
            do {
                try await gates[number - 1].wait()
            } catch {
                cancellations.withLock { $0 += 1 }
                throw error
            }
            return .init("token-\(number)")
        }
    }

    private func client(_ provider: Provider) -> EngineClient {
        engine.client(
            interceptors: [BearerAuthentication(clock: engine.clock) { _ in try await provider.token() }]
        )
    }

    /// Makes a call until the gate opens, and cancels it then; returns what it threw.
    private func call(_ client: EngineClient, until leave: Gate) async throws -> (any Error)? {
        try await withThrowingTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                do {
                    _ = try await client.version()
                    return nil
                } catch {
                    return error
                }
            }
            try await leave.wait()
            group.cancelAll()
            return try await group.next() ?? nil
        }
    }

    @Test func `share one, and one that is cancelled leaves the others alone`() async throws {
        let (provider, leave) = (Provider(), Gate())
        let client = client(provider)
        async let both = engine.clock.run {
            async let impatient = call(client, until: leave)
            async let patient = client.version()
            return (try await impatient, try await patient)
        }
        try await provider.asked[0].wait()
        await engine.clock.settle()
        leave.open()
        await engine.clock.settle()
        #expect(engine.calls.isEmpty)
        provider.gates[0].open()
        let (error, version) = try await both
        #expect(error is CancellationError)
        #expect(version != nil)
        #expect(provider.calls.withLock { $0 } == 1)
        #expect(engine.calls.map { $0.headerFields[.authorization] } == ["Bearer token-1"])
    }

    @Test func `cancel the provider when none of them waits any more, and ask it anew`() async throws {
        let (provider, leave) = (Provider(), Gate())
        let client = client(provider)
        async let cancelled = engine.clock.run { try await call(client, until: leave) }
        try await provider.asked[0].wait()
        await engine.clock.settle()
        leave.open()
        #expect(try await cancelled is CancellationError)
        await engine.clock.settle()
        #expect(provider.cancellations.withLock { $0 } == 1)
        provider.gates[1].open()
        _ = try await client.version()
        #expect(engine.calls.map { $0.headerFields[.authorization] } == ["Bearer token-2"])
    }

    @Test(arguments: [(20, 18), (300, 270), (3600, 3570)])
    func `get another one shortly before the time of the first is over`(lifetime: Int, used: Int) async throws {
        let count = Mutex(0)
        let authentication = BearerAuthentication(clock: engine.clock) { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return .init("token-\(number)", lifetime: .seconds(lifetime))
        }
        let client = engine.client(interceptors: [authentication])
        _ = try await client.version()
        await engine.clock.advance(by: .seconds(used) - .milliseconds(1))
        _ = try await client.version()
        await engine.clock.advance(by: .milliseconds(1))
        _ = try await client.version()
        let tokens = engine.calls.map { $0.headerFields[.authorization] }
        #expect(tokens == ["Bearer token-1", "Bearer token-1", "Bearer token-2"])
    }

    @Test func `fail when the provider takes too long, and ask it anew`() async throws {
        let provider = Provider()
        let client = client(provider)
        async let failed = engine.clock.run {
            await #expect(throws: BatonError.self) { try await client.startProcess(StartRequest("none")) }
        }
        for number in 0..<3 {
            try await provider.asked[number].wait()
            // The usual time of a provider, and then the pause before the call is tried again.
            await engine.clock.advance(by: .seconds(10))
            await engine.clock.advance(by: .seconds(1))
        }
        let error = await failed
        #expect(error?.code == .timedOut && error?.isOutcomeUnknown == false)
        #expect(provider.cancellations.withLock { $0 } == 3)
        #expect(engine.calls.isEmpty)
    }

    @Test func `hold up neither a worker's end nor its reports`() async throws {
        let provider = Provider()
        let worker = try engine.worker(client: client(provider)) { Subscription("topic") { _, _ in } }
        try await engine.run(worker) { running in
            try await provider.asked[0].wait()
            await running.shutDown()
            try await running.ended()
            #expect(provider.cancellations.withLock { $0 } == 1)
        }
    }
}
