import ArgumentParser
import Foundation
import Hummingbird
import Logging
import NIOCore

/// Issues tokens to clients that know their secret (OAuth's client credentials), and shows the key to check them with.
struct Issue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Issues tokens: POST /token, and GET /keys for the server that checks them.",
        discussion: """
            Keys live as long as this program. Start a server with --authentication jwt --jwt-issuer baton-examples \
            --jwt-audience baton --jwt-jwks http://127.0.0.1:9400/keys.
            """
    )

    @Option(help: "The port on 127.0.0.1.")
    var port = 9400
    @Option(help: "How many seconds a token is good.")
    var lifetime = 60
    @Option(help: "The name of the one client.")
    var clientID = "worker"
    @Option(help: "The client's secret.")
    var clientSecret = "open sesame"

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "issuer")
        logger.logLevel = .notice
        let signer = TokenSigner()
        let router = Router()
        router.get("/keys") { _, _ in Self.json(signer.keySet) }
        router.post("/token") { [clientID, clientSecret, lifetime] request, context in
            let form = try await URLEncodedFormDecoder().decode(TokenRequest.self, from: request, context: context)
            guard form.grantType == "client_credentials" else {
                return Self.json(#"{"error":"unsupported_grant_type"}"#, .badRequest)
            }
            guard form.clientID == clientID, form.clientSecret == clientSecret else {
                return Self.json(#"{"error":"invalid_client"}"#, .unauthorized)
            }
            print("Issued a token to \(form.clientID), good for \(lifetime) s")
            let token = try signer.token(for: form.clientID, lifetime: lifetime)
            return Self.json(#"{"access_token":"\#(token)","token_type":"Bearer","expires_in":\#(lifetime)}"#)
        }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            logger: logger
        )
        print("Issues tokens on http://127.0.0.1:\(port)/token")
        try await application.runService()
    }

    /// What OAuth has clients send.
    private struct TokenRequest: Decodable {
        var grantType: String
        var clientID: String
        var clientSecret: String

        enum CodingKeys: String, CodingKey {
            case grantType = "grant_type"
            case clientID = "client_id"
            case clientSecret = "client_secret"
        }
    }

    private static func json(_ text: String, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
