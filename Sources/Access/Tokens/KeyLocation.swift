import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Where a key set is: in a file, or behind an address.
package enum KeyLocation: Sendable, Hashable {
    case file(String)
    case url(String)

    private static let timeoutSeconds: Int64 = 5

    /// A text that begins with `https://` or `http://` is an address, any other one a path.
    package init(_ text: String) {
        let isURL = text.hasPrefix("https://") || text.hasPrefix("http://")
        self = isURL ? .url(text) : .file(text)
    }

    /// Reads what is there.
    ///
    /// - Throws: ``KeysUnavailable`` when there is nothing, or too much; what the HTTP client throws.
    package func read() async throws -> [UInt8] {
        switch self {
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw KeysUnavailable("the file \(path) cannot be read")
            }
            return Array(data)
        case .url(let url): return try await Self.fetch(url)
        }
    }

    private static func fetch(_ url: String) async throws -> [UInt8] {
        var configuration = HTTPClient.Configuration()
        // Elsewhere, somebody else could answer.
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(timeoutSeconds))
            guard response.status.code == 200 else {
                throw KeysUnavailable("the answer to \(url) has the status \(response.status.code)")
            }
            let body = try await response.body.collect(upTo: KeySet.maximumBytes)
            try await client.shutdown()
            return Array(body.readableBytesView)
        } catch {
            try? await client.shutdown()
            throw error
        }
    }
}
