/// One part of a form.
struct FormPart: Sendable, Hashable {
    var name: String
    /// Given when the part is a file.
    var fileName: String?
    /// The part's Content-Type header as it stands.
    var contentType: String?
    var content: [UInt8]

    /// The content as text; what is no UTF-8 is replaced.
    var text: String { String(decoding: content, as: UTF8.self) }
}
