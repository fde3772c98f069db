import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Processes

/// Asks a node how it is.
struct HealthProbe: Sendable {
    /// What can be asked.
    enum Question: String, CaseIterable, Sendable {
        /// Whether it can serve requests: migrated, not draining, the database and wake-ups are reachable.
        case ready
        /// Whether the process answers at all.
        case live
    }

    /// How long the node may take to answer.
    static let patience = TimeAmount.seconds(4)
    /// The most bytes of an answer that are read.
    private static let maximumAnswerBytes = 4096

    /// The node without a path: `http://127.0.0.1:8080`.
    let root: URL
    /// A PEM file with certificates to trust besides the system's.
    let caCertificateFile: String?

    /// A probe of whatever node serves this address; what follows host and port does not matter.
    ///
    /// Nil when it is no address by http or https.
    init?(url text: String, caCertificateFile: String? = nil) {
        guard var parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
            parts.host?.isEmpty == false
        else { return nil }
        (parts.path, parts.query, parts.fragment) = ("", nil, nil)
        guard let root = parts.url else { return nil }
        self.root = root
        self.caCertificateFile = caCertificateFile
    }

    /// Whether this very machine is asked, where nobody can stand in between.
    private var isLoopback: Bool {
        let host = (root.host ?? "").trimmingPrefix("[").prefix { $0 != "]" }
        return HTTPAddress(host: String(host), port: 0).isLoopback
    }

    /// Asks.
    ///
    /// - Throws: ``CommandFailure`` when the answer is not yes, or does not come.
    func ask(_ question: Question) async throws {
        let address = root.appendingPathComponent("health/\(question.rawValue)").absoluteString
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: try configuration())
        let status: UInt
        let body: ByteBuffer
        do {
            (status, body) = try await ask(address, http)
            try await http.shutdown()
        } catch {
            try? await http.shutdown()
            throw explained(error, address)
        }
        guard status == 200 else {
            throw CommandFailure("\(address) answers \(status): \(String(buffer: body))")
        }
    }

    private func ask(_ address: String, _ http: HTTPClient) async throws -> (UInt, ByteBuffer) {
        let response = try await http.execute(HTTPClientRequest(url: address), timeout: Self.patience)
        return (response.status.code, try await response.body.collect(upTo: Self.maximumAnswerBytes))
    }

    private func configuration() throws -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = Self.patience
        configuration.connectionPool.retryConnectionEstablishment = false
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = caCertificateFile {
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(file), !certificates.isEmpty else {
                throw CommandFailure("There are no certificates in \(file).")
            }
            tls.additionalTrustRoots = [.certificates(certificates)]
        } else if isLoopback {
            // The certificate is for the name by which others call.
            tls.certificateVerification = .none
        }
        configuration.tlsConfiguration = tls
        return configuration
    }

    private func explained(_ error: any Error, _ address: String) -> any Error {
        switch error {
        case is NIOSSLError, is NIOSSLExtraError:
            CommandFailure("The certificate of \(address) is not trusted. Name its authority with --ca-certificate.")
        default: CommandFailure("There is no answer from \(address) (\(reason(for: error))).")
        }
    }
}
