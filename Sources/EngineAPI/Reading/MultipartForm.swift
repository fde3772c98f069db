import HTTPTypes

/// Reads `multipart/form-data` (RFC 7578) whose whole body is at hand.
struct MultipartForm {
    /// The most parts of one form.
    static let maximumParts = 1_000
    /// The most bytes of one part's headers.
    static let maximumHeaderLength = 16 * 1024

    /// The parts of a body, in order.
    ///
    /// - Throws: ``APIError`` when there is no boundary, the body does not follow it, or a bound is exceeded.
    static func parse(_ body: [UInt8], contentType: String?) throws(APIError) -> [FormPart] {
        guard let boundary = HeaderValue(contentType ?? "").parameters["boundary"], !boundary.isEmpty else {
            throw .unreadableForm
        }
        var form = MultipartForm(body: body[...], delimiter: Array("--\(boundary)".utf8))
        return try form.parts()
    }

    private var body: ArraySlice<UInt8>
    private let delimiter: [UInt8]

    private mutating func parts() throws(APIError) -> [FormPart] {
        try skipToFirstPart()
        var parts: [FormPart] = []
        while try !takeEnd() {
            guard parts.count < Self.maximumParts else { throw .unreadableForm }
            let headers = try headers()
            let content = try content()
            guard let part = FormPart(headers: headers, content: content) else { continue }
            parts.append(part)
        }
        return parts
    }

    /// Everything before the first delimiter means nothing.
    private mutating func skipToFirstPart() throws(APIError) {
        _ = try content()
    }

    /// After a delimiter: the form's end, or a line end and another part.
    private mutating func takeEnd() throws(APIError) -> Bool {
        if body.starts(with: [UInt8(ascii: "-"), UInt8(ascii: "-")]) { return true }
        body = body.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        if body.starts(with: Self.lineEnd) {
            body = body.dropFirst(2)
        } else if body.first == UInt8(ascii: "\n") {
            body = body.dropFirst()
        } else {
            throw .unreadableForm
        }
        return false
    }

    /// The header lines of a part, up to the empty line, which is taken too.
    private mutating func headers() throws(APIError) -> [String] {
        var lines: [String] = []
        let start = body.startIndex
        while true {
            guard let end = body.firstIndex(of: UInt8(ascii: "\n")), end - start < Self.maximumHeaderLength else {
                throw .unreadableForm
            }
            var line = body[body.startIndex..<end]
            body = body[(end + 1)...]
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            guard !line.isEmpty else { return lines }
            lines.append(String(decoding: line, as: UTF8.self))
        }
    }

    /// What stands before the next delimiter, which is taken too.
    private mutating func content() throws(APIError) -> [UInt8] {
        if body.starts(with: delimiter) {  // Nothing: the delimiter follows the headers at once.
            body = body.dropFirst(delimiter.count)
            return []
        }
        let separator = Self.lineEnd + delimiter
        guard let end = body.firstIndex(of: separator) else { throw .unreadableForm }
        let content = Array(body[body.startIndex..<end])
        body = body[(end + separator.count)...]
        return content
    }

    private static let lineEnd: [UInt8] = [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
}

extension FormPart {
    /// A part with a name; nil when its headers give it none.
    fileprivate init?(headers: [String], content: [UInt8]) {
        var disposition: HeaderValue?
        var contentType: String?
        for line in headers {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            switch parts[0].trimmingSpaces.lowercased() {
            case "content-disposition": disposition = HeaderValue(parts[1].trimmingSpaces)
            case "content-type": contentType = String(parts[1].trimmingSpaces)
            default: break
            }
        }
        guard let disposition, let name = disposition.parameters["name"] else { return nil }
        self.init(
            name: name,
            fileName: disposition.parameters["filename"],
            contentType: contentType,
            content: content
        )
    }
}

extension ArraySlice<UInt8> {
    /// Where `pattern`, which is not empty, first occurs.
    fileprivate func firstIndex(of pattern: [UInt8]) -> Index? {
        let offset = withUnsafeBufferPointer { bytes -> Int? in
            pattern.withUnsafeBufferPointer { pattern in
                guard bytes.count >= pattern.count else { return nil }
                let last = bytes.count - pattern.count
                var position = 0
                while position <= last {
                    guard bytes[position] == pattern[0] else {
                        position += 1
                        continue
                    }
                    if UnsafeBufferPointer(rebasing: bytes[position..<position + pattern.count]).elementsEqual(pattern)
                    {
                        return position
                    }
                    position += 1
                }
                return nil
            }
        }
        return offset.map { startIndex + $0 }
    }
}

extension APIError {
    /// The form cannot be taken apart.
    static let unreadableForm = APIError(
        .badRequest,
        "RestException",
        "multipart/form-data cannot be processed"
    )
}
