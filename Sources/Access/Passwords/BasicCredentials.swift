import FoundationEssentials

/// A name and a password, as the header field `Authorization` brings them.
struct BasicCredentials: Sendable, Hashable {
    static let prefix = "Basic "

    var user: String
    var password: String

    /// Reads what stands after ``prefix``: the name ends at the first colon.
    ///
    /// Nil when it is malformed, or longer than any account's can be.
    init?(encoded: Substring) {
        guard encoded.utf8.count <= 4096, let data = Data(base64Encoded: String(encoded)),
            let text = String(data: data, encoding: .utf8), let colon = text.firstIndex(of: ":")
        else { return nil }
        user = String(text[..<colon])
        password = String(text[text.index(after: colon)...])
        guard Account.problem(withName: user) == nil, Account.problem(withPassword: password) == nil else { return nil }
    }
}
