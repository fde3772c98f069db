import HTTPTypes
import NIOCore

extension Answer {
    /// The answer as it goes over the wire by HTTP/1.1, head and body in one, as the usual way writes it.
    ///
    /// `isLast`: Whether the connection is closed after it.
    func bytes(date: [UInt8], isLast: Bool = false, allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: Self.headCapacity + (body?.count ?? 0))
        buffer.writeStatusLine(status)
        for field in headers {
            buffer.writeString(field.name.rawName)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
            buffer.writeStaticString("\r\n")
        }
        if status != .noContent {
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(body?.count ?? 0))
            buffer.writeStaticString("\r\n")
        }
        if isLast { buffer.writeStaticString("Connection: close\r\n") }
        buffer.writeStaticString("Date: ")
        buffer.writeBytes(date)
        buffer.writeStaticString("\r\n\r\n")
        if let body, status != .noContent { buffer.writeBytes(body) }
        return buffer
    }

    /// Room for the heads that hot routes answer with.
    private static let headCapacity = 192
}

extension ByteBuffer {
    fileprivate mutating func writeStatusLine(_ status: HTTPResponse.Status) {
        switch status.code {
        case 200: writeStaticString("HTTP/1.1 200 OK\r\n")
        case 204: writeStaticString("HTTP/1.1 204 No Content\r\n")
        default: writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
        }
    }
}
