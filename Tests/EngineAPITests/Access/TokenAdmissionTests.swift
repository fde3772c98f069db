import Access
import Crypto
import EngineRuntime
import Foundation
import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing

@testable import EngineAPI

/// Tokens on real sockets, with keys that come by HTTP; the database cannot be reached.
@Suite(.timeLimit(.minutes(1))) struct `A server that takes tokens` {
    private static let key = P256.Signing.PrivateKey()
    private static let fetch = #"{"workerId":"w","maxTasks":0}"#

    private static var keySet: String {
        let point = key.publicKey.rawRepresentation
        let (x, y) = (text(point.prefix(32)), text(point.suffix(32)))
        return #"{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"\#(x)","y":"\#(y)"}]}"#
    }

    private static func text(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// A header line with a token.
    private static func field(_ claims: String = "", seconds: Int = 600) throws -> String {
        let expiration = Int(Date().timeIntervalSince1970) + seconds
        let claims = #"{"iss":"i","aud":"a","sub":"anna","exp":\#(expiration)\#(claims)}"#
        let content = text(Data(#"{"alg":"ES256","kid":"k"}"#.utf8)) + "." + text(Data(claims.utf8))
        let signature = try key.signature(for: Data(content.utf8)).rawRepresentation
        return "Authorization: Bearer \(content).\(text(signature))\r\n"
    }

    private func withServer(_ body: @escaping @Sendable (LiveServer) async throws -> Void) async throws {
        let router = Router()
        let keySet = Self.keySet
        router.get("/keys") { _, _ in keySet }
        router.get("/moved") { _, _ in Response.redirect(to: "/keys") }
        try await Application(router: router, logger: TestServer.logger).test(.live) { client in
            let port = client.port ?? 0
            let moved = KeyLocation("http://127.0.0.1:\(port)/moved")
            await #expect(throws: KeysUnavailable.self) { try await moved.read() }
            let keys = KeyRing(
                source: KeyLocation("http://127.0.0.1:\(port)/keys").read,
                logger: TestServer.logger
            )
            let bearer = BearerAuthentication(rules: TokenRules(issuer: "i", audience: "a"), keys: keys)
            let gate = Gate(realm: "default", basic: nil, bearer: bearer)
            try await LiveServer.with(gates: [.default: gate], body)
        }
    }

    @Test func `lets in whoever has one, by the hot way from the second time`() async throws {
        try await withServer { server in
            try await server.connect { connection in
                let field = try Self.field()
                for _ in 0..<3 {
                    try await connection.send(Wire.send("POST", "external-task/fetchAndLock", Self.fetch, field))
                    #expect(try await connection.answer()?.body == "[]")
                }
            }
        }
    }

    @Test func `refuses those that are over`() async throws {
        try await withServer { server in
            try await server.connect { connection in
                try await connection.send(Wire.get("/engine-rest/version", try Self.field(seconds: -100)))
                let answer = try await connection.answer()
                #expect(answer?.status == 401)
                #expect(answer?.fields["www-authenticate"] == #"Bearer realm="default", error="invalid_token""#)
            }
        }
    }

    @Test func `keeps to what a token is limited to`() async throws {
        try await withServer { server in
            try await server.connect { connection in
                let field = try Self.field(#","topics":["a"]"#)
                for path in ["process-definition/key/order/start", "process-definition/key/order/start?usual=way"] {
                    try await connection.send(Wire.send("POST", path, "{}", field))
                    #expect(try await connection.answer()?.status == 403)
                }
                try await connection.send(Wire.send("POST", "external-task/fetchAndLock", Self.fetch, field))
                #expect(try await connection.answer()?.status == 200)
            }
        }
    }
}
