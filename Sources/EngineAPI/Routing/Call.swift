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
    let request: Request
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

// MARK: Bodies

extension Call {
    /// The members of a body in JSON.
    ///
    /// No body at all is an empty object.
    ///
    /// - Throws: ``APIError`` when the body is no object, or larger than the server takes.
    func fields() async throws -> JSONFields {
        let body = try await body(limit: configuration.maximumBodySize)
        return try JSONFields(body: body.readableBytesView)
    }

    /// The parts of a form.
    ///
    /// - Throws: ``APIError`` when the body is no form, or larger than the server takes.
    func form() async throws -> [FormPart] {
        let body = try await body(limit: configuration.maximumUploadSize)
        return try MultipartForm.parse(Array(buffer: body), contentType: request.headers[.contentType])
    }

    private func body(limit: Int) async throws -> ByteBuffer {
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

extension JSONFields {
    /// The members of a whole body.
    ///
    /// No bytes at all are an empty object; what follows the object does not matter.
    ///
    /// - Throws: ``APIError`` when the body is not JSON or no object.
    init(body: some Collection<UInt8>) throws(APIError) {
        guard !body.isEmpty else {
            self.init(JSONObject())
            return
        }
        switch Result(catching: { () throws(JSONSyntaxError) in try JSONParser.parse(body, trailing: .ignored) }) {
        case .success(.object(let object)): self.init(object)
        case .success(.null): throw .nullPointer("The request body must be an object")
        case .success: throw .malformedBody
        case .failure:
            let isBlank = body.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
            throw isBlank ? .nullPointer("The request body must be an object") : .malformedBody
        }
    }
}

// MARK: Links

extension Call {
    /// The absolute address of a path below the API's root, as the client reached the server.
    func address(_ path: String) -> String {
        let forwarded = HTTPField.Name("X-Forwarded-Proto").flatMap { request.headers[$0] }
        let scheme = forwarded == "https" ? "https" : "http"
        return "\(scheme)://\(request.head.authority ?? "localhost")\(root)\(path)"
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
