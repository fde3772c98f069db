@testable import EngineAPI

/// A form behind a line with its content type: parts are bounded and pieces of the body, and written again they are
/// read as the same.
enum Forms {
    static func check(_ input: [UInt8]) throws(Violation) {
        let contentType = String(decoding: input.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let body = Array(input.dropFirst(contentType.utf8.count + 1))
        try checkHeaderField(contentType)
        let read = try Bodies.accepted { () throws(APIError) in
            try MultipartForm.parse(body, contentType: contentType)
        }
        guard let parts = read else { return }
        try expect(parts.count <= MultipartForm.maximumParts, "There are \(parts.count) parts at most")
        let size = parts.reduce(0) { $0 + $1.content.count }
        try expect(size <= body.count, "\(size) bytes of content are in a body of \(body.count)")
        let boundary = boundary(for: parts)
        let again = try Bodies.accepted { () throws(APIError) in
            try MultipartForm.parse(text(of: parts, boundary), contentType: "multipart/form-data; boundary=\(boundary)")
        }
        try expect(again == parts, "What is written is read as the same parts")
    }

    /// Checks the readers of a header field's value.
    private static func checkHeaderField(_ text: String) throws(Violation) {
        let value = HeaderValue(text)
        try expect(value.kind == value.kind.trimmingSpaces.lowercased(), "A kind is in lower case")
        let kinds: [MediaType] = [.json, .hal, .text, .xml, .bytes]
        if let best = AcceptHeader(text).best(of: kinds) {
            try expect(AcceptHeader(text).best(of: [best]) == best, "What is liked best is liked alone")
        }
        try expect(!MediaType.json.matches(contentType: text) || value.kind == "application/json", "One kind, one name")
    }

    /// A boundary that is nowhere in the parts.
    private static func boundary(for parts: [FormPart]) -> String {
        let text = parts.map { "\($0.text)\n\($0.name)\n\($0.fileName ?? "")\n\($0.contentType ?? "")" }.joined()
        var boundary = "B"
        while text.contains(boundary) { boundary += "B" }
        return boundary
    }

    private static func text(of parts: [FormPart], _ boundary: String) -> [UInt8] {
        var text: [UInt8] = []
        for part in parts {
            text += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\(quoted(part.name))".utf8)
            if let fileName = part.fileName { text += Array("; filename=\(quoted(fileName))".utf8) }
            if let contentType = part.contentType { text += Array("\r\nContent-Type: \(contentType)".utf8) }
            text += Array("\r\n\r\n".utf8) + part.content + Array("\r\n".utf8)
        }
        return text + Array("--\(boundary)--".utf8)
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
