/// What is known of a file without its content.
public struct FileDescription: Sendable, Hashable {
    /// The file's name.
    public var name: String
    /// The type of its content, such as `application/pdf`; nil when unknown.
    public var mimeType: String?
    /// The encoding of its text, such as `UTF-8`; nil when unknown or when it is no text.
    public var encoding: String?

    /// A file of this name.
    public init(name: String, mimeType: String? = nil, encoding: String? = nil) {
        self.name = name
        self.mimeType = mimeType
        self.encoding = encoding
    }
}
