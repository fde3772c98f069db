import Testing

@testable import EngineAPI

@Suite struct `A client's connection` {
    /// Says when something that runs on its own was done.
    private static func signal() -> (signal: @Sendable () async -> Void, wait: AsyncStream<Void>) {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        return ({ continuation.yield() }, stream)
    }

    private static func untilCancelled() async throws {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        for await _ in stream {}
        continuation.finish()  // Kept until here: nothing else ends the stream.
        try Task.checkCancellation()
    }

    @Test func `cancels what its client waited for when it closes`() async {
        let connection = ClientConnection()
        let (started, hasStarted) = Self.signal()
        async let outcome: Void = connection.untilClosed {
            await started()
            try await Self.untilCancelled()
        }
        for await _ in hasStarted { break }

        connection.closed()

        do {
            try await outcome
            Issue.record("it was not cancelled")
        } catch {
            #expect(error is CancellationError)
        }
        #expect(connection.isClosed)
    }

    @Test func `cancels at once when it is closed already`() async {
        let connection = ClientConnection()
        connection.closed()
        await #expect(throws: CancellationError.self) {
            try await connection.untilClosed { try await Self.untilCancelled() }
        }
    }

    @Test func `lets work that is done be`() async throws {
        let connection = ClientConnection()
        #expect(try await connection.untilClosed { 7 } == 7)
        connection.closed()
    }

    @Test func `reports an answer whose write failed`() async {
        let connection = ClientConnection()
        let (undelivered, isUndelivered) = Self.signal()
        _ = connection.expectDelivery(orElse: undelivered)

        #expect(connection.writeBegan())
        #expect(connection.writeBegan())
        connection.writeEnded(hasSucceeded: true)
        connection.writeEnded(hasSucceeded: false)

        for await _ in isUndelivered { break }
    }

    @Test func `reports an answer that was never begun`() async {
        let connection = ClientConnection()
        let (undelivered, isUndelivered) = Self.signal()
        _ = connection.expectDelivery(orElse: undelivered)

        connection.closed()

        for await _ in isUndelivered { break }
    }

    @Test func `reports an answer to a client that is gone already`() async {
        let connection = ClientConnection()
        let (undelivered, isUndelivered) = Self.signal()
        connection.closed()

        #expect(!connection.expectDelivery(orElse: undelivered), "what is given back is not sent")

        for await _ in isUndelivered { break }
    }

    @Test func `forgets an answer that was written to the end`() {
        let connection = ClientConnection()
        _ = connection.expectDelivery { Issue.record("it was delivered") }

        #expect(connection.writeBegan())
        #expect(connection.writeBegan())
        connection.writeEnded(hasSucceeded: true)
        connection.writeEnded(hasSucceeded: true)
        connection.closed()

        #expect(!connection.writeBegan())
    }
}
