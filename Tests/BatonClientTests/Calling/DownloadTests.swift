import BatonClient
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A download` {
    /// Bytes that come when a test says so.
    private struct Pieces: AsyncSequence, Sendable {
        let next: @Sendable (Int) async throws -> [UInt8]?

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(next: next) }

        struct AsyncIterator: AsyncIteratorProtocol {
            let next: @Sendable (Int) async throws -> [UInt8]?
            var count = 0

            mutating func next() async throws -> [UInt8]? {
                count += 1
                return try await next(count)
            }
        }
    }

    private func client(
        _ clock: ManualClock,
        _ next: @escaping @Sendable (Int) async throws -> [UInt8]?
    ) -> EngineClient {
        let engine = FakeEngine { _ in EngineResponse(status: 200, body: ByteStream(Pieces(next: next))) }
        return EngineClient(engine, clock: clock) {
            $0.requestTimeout = .seconds(15)
            $0.downloadIdleTimeout = .seconds(60)
        }
    }

    @Test func `may take longer than a request, as long as something comes`() async throws {
        let clock = ManualClock()
        let client = client(clock) { count in
            if count <= 3 { clock.advance(by: .seconds(50)) }
            return count <= 3 ? [UInt8(count)] : nil
        }
        let content = try await client.download("report", in: .visible(toExecution: "e"))
        #expect(try await content.collect(upTo: 10) == [1, 2, 3])
    }

    @Test func `fails when nothing more comes`() async throws {
        let (clock, asked) = (ManualClock(), Signal())
        let client = client(clock) { count in
            if count > 1 {
                asked.send()
                try await Signal().wait()
            }
            return [1]
        }
        let content = try await client.download("report", in: .visible(toExecution: "e"))
        async let failed = #expect(throws: BatonError.self) { try await content.collect(upTo: 10) }
        try await asked.wait()
        await clock.sleeps(for: .seconds(60))
        clock.advance(by: .seconds(60))
        let error = await failed
        #expect(error?.code == .timedOut)
        #expect(error?.operation == .download)
    }

    @Test func `is not in a hurry when nobody asks for more`() async throws {
        let clock = ManualClock()
        let client = client(clock) { count in count <= 2 ? [UInt8(count)] : nil }
        var bytes: [UInt8] = []
        for try await piece in try await client.download("report", in: .visible(toExecution: "e")) {
            clock.advance(by: .seconds(3600))
            bytes += piece
        }
        #expect(bytes == [1, 2])
    }
}
