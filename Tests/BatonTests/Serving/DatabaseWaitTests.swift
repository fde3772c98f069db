import EngineRuntime
import Logging
import Postgres
import Testing

@testable import baton

@Suite struct `Waiting for a database at the start` {
    private static let gone = PostgresError(.connection, message: "Connection refused\nIs the server running?")
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Tries until it works or cannot go on; the errors are those of the first tries.
    private func tries(_ errors: [any Error], patience: Duration) async throws -> Int {
        var tries = 0
        try await DatabaseWait(patience: patience, logger: Self.quiet).whenThere {
            tries += 1
            if tries <= errors.count { throw errors[tries - 1] }
        }
        return tries
    }

    @Test func `tries again until it is there`() async throws {
        let gone: [any Error] = [Self.gone, EnginesError.failed(.default, Self.gone)]
        #expect(try await tries(gone, patience: .seconds(60)) == 3)
    }

    @Test func `ends when the patience does`() async throws {
        await #expect(throws: Self.gone) { try await tries([Self.gone, Self.gone], patience: .zero) }
    }

    @Test func `does not wait for what will not change by itself`() async throws {
        let refusal = PostgresError(.server(.unknownDatabase), message: "no")
        await #expect(throws: refusal) { try await tries([refusal], patience: .seconds(60)) }
    }
}
