import Access
import EngineRuntime
import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore

/// One request on its way through a handler.
struct Call: Sendable {
    /// The engine that the path names.
    let engine: Engine
    /// Who calls, from the beginning to the end of the request; nil when nobody is asked.
    let identity: Identity?
    /// All engines of the node.
    let engines: Engines
    let head: RequestHead
    let content: RequestContent
    let path: PathParameters
    let query: QueryParameters
    /// What the client wants to read, of what the route offers.
    let mediaType: MediaType
    let configuration: EngineAPI.Configuration
    /// The path of the API's root, with the engine when the request named one.
    let root: String
    /// The client's connection; nil when the request came without one, as in tests.
    let connection: ClientConnection?
    let logger: Logger
}

/// What handlers want to know of a request's header fields.
struct RequestHead: Sendable {
    var contentType: String?
    var accept: String?
    /// The host and port by which the client reached the server.
    var authority: String?
    /// Whether the client reached a proxy by HTTPS.
    var isSecure = false
}

extension RequestHead {
    private static let forwardedScheme = HTTPField.Name("X-Forwarded-Proto")

    init(_ request: Request) {
        contentType = request.headers[.contentType]
        accept = request.headers[.accept]
        authority = request.head.authority
        isSecure = Self.forwardedScheme.flatMap { request.headers[$0] } == "https"
    }
}

/// The body of a request.
enum RequestContent: Sendable {
    /// All of it.
    case collected(ByteBuffer)
    /// Still to be read from the client.
    case stream(Request)
}

// MARK: Bodies

extension Call {
    /// The members of a body in JSON.
    ///
    /// No body at all is an empty object.
    ///
    /// - Throws: ``APIError`` when the body is no object, or larger than the server takes.
    func fields() async throws -> JSONFields {
        let body = try await body(limit: configuration.maximumBodySize)
        return try body.withUnsafeReadableBytes { try JSONFields(body: $0.bindMemory(to: UInt8.self)) }
    }

    /// The parts of a form.
    ///
    /// - Throws: ``APIError`` when the body is no form, or larger than the server takes.
    func form() async throws -> [FormPart] {
        let body = try await body(limit: configuration.maximumUploadSize)
        return try MultipartForm.parse(Array(buffer: body), contentType: head.contentType)
    }

    /// How many bytes the body has, or, when the client does not say, may have.
    var bodyBound: Int {
        switch content {
        case .collected(let body): body.readableBytes
        case .stream(let request):
            if let length = request.headers[.contentLength] {
                min(Int(length) ?? .max, max(configuration.maximumBodySize, configuration.maximumUploadSize))
            } else if request.headers[.transferEncoding] != nil {
                configuration.maximumBodySize
            } else {
                0
            }
        }
    }

    private func body(limit: Int) async throws -> ByteBuffer {
        switch content {
        case .collected(let body):
            guard body.readableBytes <= limit else { throw APIError.bodyTooLarge(limit: limit) }
            return body
        case .stream(let request): return try await collect(request, limit: limit)
        }
    }

    private func collect(_ request: Request, limit: Int) async throws -> ByteBuffer {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
            throw APIError.bodyTooLarge(limit: limit)
        }
        do {
            return try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw APIError.bodyTooLarge(limit: limit)
        }
    }
}

// MARK: Links

extension Call {
    /// The absolute address of a path below the API's root, as the client reached the server.
    func address(_ path: String) -> String {
        let scheme = head.isSecure || configuration.isSecure ? "https" : "http"
        return "\(scheme)://\(head.authority ?? "localhost")\(root)\(path)"
    }

    /// Writes `links` with the address of what the answer describes.
    func writeLinks(to path: String, in writer: inout JSONWriter) {
        writer.key("links")
        writer.beginArray()
        writer.beginObject()
        writer.member("method", "GET")
        writer.member("href", address(path))
        writer.member("rel", "self")
        writer.endObject()
        writer.endArray()
    }
}

// MARK: Errors of a resource

extension Call {
    /// Does something whose errors the resource passes on with a prefix, as the contract's variable and start
    /// operations do.
    func describing<Value>(
        _ prefix: String,
        engineStatus: APIError.EngineStatus = .internalServerError,
        _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch {
            guard let described = APIError(describing: error) else { throw error }
            throw described.prefixed(prefix, engineStatus: engineStatus)
        }
    }
}
