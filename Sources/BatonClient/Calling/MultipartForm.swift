import Foundation

/// A form of several parts (`multipart/form-data`).
struct MultipartForm: Sendable {
    private let boundary = "baton-\(UUID().uuidString)"

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// A form with plain fields and files that are there.
    func body(fields: [(String, String)], files: [String: [UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes += field(name, value)
        }
        for (name, content) in files.sorted(by: { $0.key < $1.key }) {
            bytes += head("name=\"\(escaped(name))\"; filename=\"\(escaped(name))\"", nil) + content + end
        }
        return bytes + close
    }

    /// A form with one file that comes bit by bit, after plain fields.
    func body(
        file: (name: String, description: FileDescription),
        _ content: ByteStream,
        fields: [(String, String)]
    )
        -> ByteStream
    {
        var type = file.description.mimeType ?? "application/octet-stream"
        if let encoding = file.description.encoding { type += "; encoding=\(encoding)" }
        let disposition = "name=\"\(file.name)\"; filename=\"\(escaped(file.description.name))\""
        let beginning = fields.flatMap { field($0.0, $0.1) } + head(disposition, type)
        let ending = end + close
        return ByteStream(
            Surrounded(beginning: beginning, content: content, ending: ending),
            length: content.length.map { beginning.count + $0 + ending.count }
        )
    }

    private var end: [UInt8] { Array("\r\n".utf8) }
    private var close: [UInt8] { Array("--\(boundary)--\r\n".utf8) }

    private func field(_ name: String, _ value: String) -> [UInt8] {
        head("name=\"\(escaped(name))\"", nil) + Array(value.utf8) + end
    }

    private func head(_ disposition: String, _ type: String?) -> [UInt8] {
        let typeLine = type.map { "Content-Type: \(escaped($0))\r\n" } ?? ""
        return Array("--\(boundary)\r\nContent-Disposition: form-data; \(disposition)\r\n\(typeLine)\r\n".utf8)
    }

    /// A name as it stands between quotation marks in a header.
    private func escaped(_ name: String) -> String {
        name.replacing("\"", with: "%22").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }
}

/// Bytes with others before and after them.
private struct Surrounded: AsyncSequence, Sendable {
    var beginning: [UInt8]
    var content: ByteStream
    var ending: [UInt8]

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(beginning: beginning, content: content.makeAsyncIterator(), ending: ending)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        var beginning: [UInt8]?
        var content: ByteStream.AsyncIterator
        var ending: [UInt8]?

        mutating func next() async throws -> ArraySlice<UInt8>? {
            if let first = beginning.take() { return first[...] }
            if let piece = try await content.next() { return piece }
            return ending.take().map { $0[...] }
        }
    }
}
