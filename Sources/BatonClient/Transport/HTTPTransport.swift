import AsyncHTTPClient
import Dispatch
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Speaks HTTP by AsyncHTTPClient.
final class HTTPTransport: Transport {
    /// The most connections to a server: more than any worker has slots for.
    private static let connections = 1000

    private let http: HTTPClient

    /// Connects to nobody yet.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration`` when a certificate cannot be used.
    init(_ configuration: EngineClient.Configuration) throws {
        var settings = HTTPClient.Configuration()
        settings.timeout.connect = TimeAmount(configuration.connectTimeout)
        settings.connectionPool.retryConnectionEstablishment = false
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.connections
        settings.redirectConfiguration = .disallow
        // The client makes a span for each request itself (RequestSpan), whatever transport it has.
        settings.tracing.tracer = nil
        settings.tlsConfiguration = try TLSConfiguration(configuration.tls)
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    deinit {
        // AsyncHTTPClient insists on being told; it keeps itself until it has ended.
        http.shutdown(queue: .global()) { _ in }
    }

    func send(_ request: EngineRequest) async throws -> EngineResponse {
        var sent = HTTPClientRequest(url: request.url)
        sent.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headerFields {
            sent.headers.add(name: field.name.rawName, value: field.value)
        }
        switch request.body {
        case nil: break
        case .bytes(let bytes): sent.body = .bytes(ByteBuffer(bytes: bytes))
        case .stream(let stream):
            sent.body = .stream(
                BufferStream(bytes: stream),
                length: stream.length.map { .known(Int64($0)) } ?? .unknown
            )
        }
        do {
            let response = try await http.execute(sent, deadline: .distantFuture)
            return EngineResponse(
                status: Int(response.status.code),
                headerFields: HTTPFields(response.headers),
                body: ByteStream(AnswerBody(body: response.body), length: response.headers.contentLength)
            )
        } catch {
            throw Self.failure(error)
        }
    }

    func shutdown() async {
        try? await http.shutdown()
    }

    /// The errors of AsyncHTTPClient before anything is sent.
    private static let beforeSending: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .alreadyShutdown, .invalidURL, .emptyHost,
        .emptyScheme, .invalidProxyResponse, .proxyAuthenticationRequired,
    ]

    /// What an error of the HTTP client means for the call.
    fileprivate static func failure(_ error: any Error) -> any Error {
        let wasSent: Bool
        switch error {
        case is CancellationError: return CancellationError()
        case let error as HTTPClientError:
            if error == .cancelled { return CancellationError() }
            wasSent = !beforeSending.contains(error)
        case let error as ChannelError: wasSent = error != .connectPending && !error.isConnectTimeout
        // Only a connection that does not exist yet is refused.
        case let error as IOError where error.errnoCode == ECONNREFUSED: wasSent = false
        case is NIOConnectionError, is SocketAddressError, is NIOSSLError, is BoringSSLError: wasSent = false
        default: wasSent = true
        }
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        return BatonError(
            wasSent ? .connectionLost : .unreachable,
            message: wasSent ? "The connection ended before the answer: \(reason)" : "No connection: \(reason)",
            isOutcomeUnknown: wasSent,
            cause: error
        )
    }
}

extension ChannelError {
    fileprivate var isConnectTimeout: Bool {
        if case .connectTimeout = self { true } else { false }
    }
}

/// An answer's content, with this library's errors.
private struct AnswerBody: AsyncSequence, Sendable {
    let body: HTTPClientResponse.Body

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: body.makeAsyncIterator()) }

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: HTTPClientResponse.Body.AsyncIterator

        mutating func next() async throws -> ByteBufferView? {
            do {
                return try await base.next()?.readableBytesView
            } catch {
                throw HTTPTransport.failure(error)
            }
        }
    }
}

/// A request's content as the HTTP client wants it.
private struct BufferStream: AsyncSequence, Sendable {
    let bytes: ByteStream

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: bytes.makeAsyncIterator()) }

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: ByteStream.AsyncIterator

        mutating func next() async throws -> ByteBuffer? { try await base.next().map { ByteBuffer(bytes: $0) } }
    }
}

extension HTTPFields {
    fileprivate init(_ headers: HTTPHeaders) {
        self.init()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) {
                append(HTTPField(name: name, value: value))
            }
        }
    }
}

extension HTTPHeaders {
    fileprivate var contentLength: Int? { first(name: "Content-Length").flatMap { Int($0) } }
}

extension TLSConfiguration {
    /// The settings as NIOSSL wants them.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration`` when a file cannot be used.
    fileprivate init(_ settings: TLSSettings) throws {
        self = .makeClientConfiguration()
        if let file = settings.trustedCertificatesFile {
            let certificates = try Self.read(file) { try NIOSSLCertificate.fromPEMFile(file) }
            if settings.trustsSystem {
                additionalTrustRoots = [.certificates(certificates)]
            } else {
                trustRoots = .certificates(certificates)
            }
        }
        if let own = settings.clientCertificate {
            certificateChain = try Self.read(own.chainFile) {
                try NIOSSLCertificate.fromPEMFile(own.chainFile).map { .certificate($0) }
            }
            privateKey = try Self.read(own.privateKeyFile) {
                .privateKey(try NIOSSLPrivateKey(file: own.privateKeyFile, format: .pem))
            }
        }
    }

    private static func read<Content>(_ file: String, _ body: () throws -> Content) throws -> Content {
        do {
            return try body()
        } catch {
            throw BatonError(.invalidConfiguration, message: "There is nothing for TLS in \(file)", cause: error)
        }
    }
}
