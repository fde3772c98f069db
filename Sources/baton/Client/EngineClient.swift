import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Speaks to a running server over HTTP, as far as this program's own commands need it.
struct EngineClient: Sendable {
    /// The most bytes of an answer that are read.
    static let maximumAnswerBytes = 64 * 1024 * 1024

    /// The address of the API without a slash at the end: `http://127.0.0.1:8080/engine-rest`.
    let url: String
    private let credentials: ClientCredentials
    private let http: HTTPClient

    /// A client on the connections that all share.
    init(url: String, credentials: ClientCredentials = .none) {
        self.init(url: url, credentials: credentials, http: .shared)
    }

    private init(url: String, credentials: ClientCredentials, http: HTTPClient) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.credentials = credentials
        self.http = http
    }

    /// Calls `body` with a client that trusts the certificates of the credentials, too, and that says at once when there
    /// is no server.
    ///
    /// - Throws: ``CommandFailure`` when they cannot be read; what `body` throws.
    static func with<Result>(
        url: String,
        _ credentials: ClientCredentials,
        _ body: (EngineClient) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        if let file = credentials.caCertificateFile {
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(file) else {
                throw CommandFailure("There are no certificates in \(file).")
            }
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.certificates(certificates)]
            configuration.tlsConfiguration = tls
        }
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(EngineClient(url: url, credentials: credentials, http: http))
            try await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    /// An answer that says no: its status and what it says.
    struct Refusal: Error, CustomStringConvertible {
        var status: UInt
        var body: Data

        /// The contract's error, when the body is one.
        var problem: Problem? { try? JSONDecoder().decode(Problem.self, from: body) }
        var description: String {
            guard status != 401 else {
                return "The server asks who calls (401): give --user and a password, or a token, that it knows"
            }
            return problem?.message ?? "HTTP status \(status)"
        }
    }

    /// The contract's form of an error.
    struct Problem: Decodable {
        var type: String?
        var message: String?
    }

    /// Fetches JSON.
    ///
    /// - Throws: ``Refusal`` for any status but a 2xx; the HTTP client's errors when there is no answer.
    func get<Answer: Decodable>(_ path: String, as type: Answer.Type = Answer.self) async throws -> Answer {
        let body = try await send(HTTPClientRequest(url: url + path), timeout: .seconds(30))
        return try JSONDecoder().decode(Answer.self, from: body)
    }

    /// Posts JSON and reads JSON; the same errors as ``get(_:as:)``.
    func post<Answer: Decodable>(
        _ path: String,
        _ body: some Encodable,
        timeout: TimeAmount = .seconds(30),
        as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        let answer = try await send(request(path, body), timeout: timeout)
        return try JSONDecoder().decode(Answer.self, from: answer)
    }

    /// Posts JSON where no content comes back; the same errors as ``get(_:as:)``.
    func post(_ path: String, _ body: some Encodable) async throws {
        _ = try await send(request(path, body), timeout: .seconds(30))
    }

    /// Posts a form of several parts and reads JSON; the same errors as ``get(_:as:)``.
    func post<Answer: Decodable>(
        _ path: String,
        _ form: MultipartForm,
        as type: Answer.Type = Answer.self
    ) async throws
        -> Answer
    {
        var request = HTTPClientRequest(url: url + path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: form.contentType)
        request.body = .bytes(ByteBuffer(bytes: form.body))
        return try JSONDecoder().decode(Answer.self, from: try await send(request, timeout: .seconds(120)))
    }

    /// Deletes what stands at the path; the same errors as ``get(_:as:)``.
    func delete(_ path: String) async throws {
        var request = HTTPClientRequest(url: url + path)
        request.method = .DELETE
        _ = try await send(request, timeout: .seconds(30))
    }

    private func request(_ path: String, _ body: some Encodable) throws -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url + path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        return request
    }

    private func send(_ request: HTTPClientRequest, timeout: TimeAmount) async throws -> Data {
        var request = request
        if let authorization = credentials.authorization {
            request.headers.add(name: "Authorization", value: authorization)
        }
        let response = try await http.execute(request, timeout: timeout)
        let body = Data(try await response.body.collect(upTo: Self.maximumAnswerBytes).readableBytesView)
        guard (200..<300).contains(response.status.code) else {
            throw Refusal(status: response.status.code, body: body)
        }
        return body
    }
}
