import ArgumentParser
import AsyncHTTPClient
import BatonClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import UnixSignals

/// Works on orders with tokens that it fetches, and fetches again when they run out.
struct Work: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Charges the cards of Examples/order.bpmn, with tokens of an issuer.",
        discussion: "Deploys the model, starts an order for each --order, and works until Ctrl-C or SIGTERM."
    )

    @Option(help: "The address of the API.")
    var url = "http://127.0.0.1:8080/engine-rest"
    @Option(help: "Where tokens are issued.")
    var tokenURL = "http://127.0.0.1:9400/token"
    @Option(help: "This client's name.")
    var clientID = "worker"
    @Option(help: "This client's secret.")
    var clientSecret = "open sesame"
    @Option(
        name: .customLong("order"),
        help: ArgumentHelp("An order of this amount; may be repeated.", valueName: "amount")
    )
    var orders: [Double] = []
    @Option(help: "The model.", completion: .file(extensions: ["bpmn"]))
    var model = "Examples/order.bpmn"

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let logger = Logger(label: "bearer-tokens")
        let issuer = TokenIssuer(url: tokenURL, clientID: clientID, clientSecret: clientSecret)
        let client = try EngineClient(
            url: url,
            interceptors: [.bearer { reason in try await issuer.token(reason) }],
            logger: logger
        )
        guard let bytes = FileManager.default.contents(atPath: model) else {
            throw ValidationError("There is no file \(model)")
        }
        try await client.deploy(
            DeploymentRequest(name: "order", skipsDuplicates: true, files: ["order.bpmn": [UInt8](bytes)])
        )
        for amount in orders {
            _ = try await client.startProcess(StartRequest("order", variables: ["amount": Variable(amount)]))
        }
        let worker = try Worker(client: client, logger: logger) {
            for topic in ["charge-card", "send-parcel", "send-insured-parcel", "tell-customer"] {
                Subscription(topic) { task, _ in
                    print("\(topic): \(try task.variables.require("amount", as: Double.self))")
                }
            }
        }
        let group = ServiceGroup(
            services: [worker],
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: logger
        )
        try await group.run()
    }
}

/// Fetches tokens by OAuth's client credentials.
struct TokenIssuer: Sendable {
    let url: String
    let clientID: String
    let clientSecret: String

    /// Why there is no token.
    struct Refused: Error, CustomStringConvertible {
        let status: UInt
        var description: String { "The issuer of tokens answers \(status)" }
    }

    private struct Answer: Decodable {
        var token: String
        var lifetime: Int?

        enum CodingKeys: String, CodingKey {
            case token = "access_token"
            case lifetime = "expires_in"
        }
    }

    /// A token, with the lifetime that the issuer gives it; another one is fetched a little before its end.
    func token(_ reason: BearerAuthentication.Reason) async throws -> BearerAuthentication.Token {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        let form = [("grant_type", "client_credentials"), ("client_id", clientID), ("client_secret", clientSecret)]
        request.body = .bytes(ByteBuffer(string: form.map { "\($0)=\(Self.escaped($1))" }.joined(separator: "&")))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        guard response.status == .ok else { throw Refused(status: response.status.code) }
        let body = try await response.body.collect(upTo: 64 * 1024)
        let answer = try JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView))
        return BearerAuthentication.Token(answer.token, lifetime: answer.lifetime.map { .seconds($0) })
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }
}
