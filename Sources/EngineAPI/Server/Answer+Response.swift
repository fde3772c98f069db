import HTTPTypes
import Hummingbird

extension Answer {
    /// The answer as the server sends it.
    func response(to method: HTTPRequest.Method) -> Response {
        guard let body else { return Response(status: status, headers: headers) }
        if method == .head {
            var headers = headers
            headers[.contentLength] = String(body.count)
            return Response(status: status, headers: headers)
        }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
