import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Something that lets a client in as a database does, and answers the first thing that it hears with an error and
/// the end of the connection: what a pooler does that has lost the database.
final class LosingServer: Sendable {
    private let server: SilentServer

    /// What libpq needs to connect to it.
    var conninfo: String { server.conninfo + " user=x sslmode=disable" }

    /// The error has a SQLSTATE.
    init(sqlState: String) throws {
        server = try SilentServer()
        let listener = server.descriptor
        Thread.detachNewThread {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            _ = read(client, &buffer, buffer.count)
            // The client is who it says; nothing more to know; go on.
            Self.send(client, "R", [0, 0, 0, 0])
            Self.send(client, "Z", Array("I".utf8))
            _ = read(client, &buffer, buffer.count)
            let fields = ["SFATAL", "VFATAL", "C\(sqlState)", "Mserver conn crashed?"].map { Array($0.utf8) + [0] }
            Self.send(client, "E", fields.flatMap(\.self) + [0])
            close(client)
        }
    }

    private static func send(_ client: Int32, _ kind: String, _ body: [UInt8]) {
        let length = withUnsafeBytes(of: UInt32(body.count + 4).bigEndian, Array.init)
        let message = Array(kind.utf8) + length + body
        _ = message.withUnsafeBytes { write(client, $0.baseAddress, $0.count) }
    }
}
