import Foundation

/// A form of several parts (`multipart/form-data`), as deployments are sent.
struct MultipartForm {
    private let boundary = "baton-\(UUID().uuidString)"
    private var parts = Data()

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }
    var body: Data { parts + Data("--\(boundary)--\r\n".utf8) }

    mutating func addField(_ name: String, _ value: String) {
        addPart("name=\"\(escaped(name))\"", Data(value.utf8))
    }

    mutating func addFile(_ name: String, _ content: Data) {
        addPart("name=\"\(escaped(name))\"; filename=\"\(escaped(name))\"", content)
    }

    private mutating func addPart(_ disposition: String, _ content: Data) {
        parts += Data("--\(boundary)\r\nContent-Disposition: form-data; \(disposition)\r\n\r\n".utf8)
        parts += content
        parts += Data("\r\n".utf8)
    }

    /// A name as it stands between quotation marks in a header.
    private func escaped(_ name: String) -> String {
        name.replacing("\"", with: "%22").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }
}
