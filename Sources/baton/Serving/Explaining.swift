import EngineRuntime
import Foundation
import NIOCore
import Postgres
import Processes

/// Does something and turns what the world throws at it into a sentence for the person at the keyboard.
///
/// - Parameters:
///   - address: Where a server was to listen, when one was.
///   - work: What may fail.
/// - Returns: What `work` returns.
/// - Throws: ``CommandFailure`` for what can be explained; anything else as it is.
func explained<Result>(address: HTTPAddress? = nil, _ work: () async throws -> Result) async throws -> Result {
    do {
        return try await work()
    } catch let error as PostgresError {
        throw CommandFailure("\(error): \(error.message.trimmingCharacters(in: .whitespacesAndNewlines))")
    } catch EnginesError.failed(let name, let error as PostgresError) {
        throw CommandFailure(
            "Engine \(name): \(error): \(error.message.trimmingCharacters(in: .whitespacesAndNewlines))"
        )
    } catch is CancellationError {
        throw CommandFailure("Interrupted.")
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
        let place = address.map { "\($0.host):\($0.port)" } ?? "The address"
        throw CommandFailure("\(place) is in use by another program. Choose another one with --port.")
    } catch let error as IOError where error.errnoCode == EACCES {
        throw CommandFailure(
            "Listening on port \(address?.port ?? 0) is not permitted. Choose one above 1023 with --port."
        )
    }
}
