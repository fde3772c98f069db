/// A serialized object: text in some format, and the name of the class that it was made from.
///
/// Neither this library nor Baton looks into the text. Other servers may, when they are asked to deserialize.
public struct SerializedObject: Sendable, Hashable {
    /// The serialized text, byte for byte; with ``TopicOptions/deserializesValues``, the server's JSON view of the
    /// object.
    public var text: String
    /// The class's name, such as `com.example.Order`; needed for whatever is sent to a server.
    public var typeName: String?
    /// The format, such as `application/json`; needed for whatever is sent to a server.
    public var format: String?

    /// An object of this text.
    public init(text: String, typeName: String?, format: String? = "application/json") {
        self.text = text
        self.typeName = typeName
        self.format = format
    }
}
