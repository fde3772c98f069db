import Foundation
import HTTPTypes
import Tracing

/// The span of one request on its way to a server and back, with OpenTelemetry's attributes of HTTP clients.
///
/// Every request has its own, also when an attempt is a repetition or an interceptor sends twice. It ends when the
/// answer's head has come.
enum RequestSpan {
    /// Sends a request in a span, with the span's context in the header fields.
    ///
    /// - Throws: What `send` throws.
    static func trace(
        _ request: EngineRequest,
        _ attempt: RequestAttempt,
        _ send: (EngineRequest) async throws -> EngineResponse
    ) async throws -> EngineResponse {
        try await withSpan("\(request.method.rawValue) \(request.operation)", ofKind: .client) { span in
            describe(request, attempt, in: span)
            var request = request
            InstrumentationSystem.instrument.inject(span.context, into: &request.headerFields, using: HeaderInjector())
            do {
                let response = try await send(request)
                describe(response, in: span)
                return response
            } catch {
                describe(error, in: span)
                throw error
            }
        }
    }

    private static func describe(_ request: EngineRequest, _ attempt: RequestAttempt, in span: any Span) {
        guard span.isRecording else { return }
        let address = URLComponents(string: request.url)
        span.updateAttributes { attributes in
            attributes["http.request.method"] = request.method.rawValue
            attributes["url.full"] = request.url
            attributes["server.address"] = address?.host
            attributes["server.port"] = address.map { $0.port ?? ($0.scheme == "https" ? 443 : 80) }
            attributes["baton.operation"] = request.operation.description
            if attempt.number > 1 { attributes["http.request.resend_count"] = attempt.number - 1 }
        }
    }

    private static func describe(_ response: EngineResponse, in span: any Span) {
        span.attributes["http.response.status_code"] = response.status
        guard response.status >= 400 else { return }
        span.attributes["error.type"] = "\(response.status)"
        span.setStatus(SpanStatus(code: .error))
    }

    /// `withSpan` records the error itself.
    private static func describe(_ error: any Error, in span: any Span) {
        let code = (error as? BatonError)?.code.description
        span.attributes["error.type"] = code ?? "\(type(of: error))"
        span.setStatus(SpanStatus(code: .error, message: code))
    }
}

/// Puts the trace context into header fields.
private struct HeaderInjector: Injector {
    func inject(_ value: String, forKey key: String, into headers: inout HTTPFields) {
        if let name = HTTPField.Name(key) { headers[name] = value }
    }
}
