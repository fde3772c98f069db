import Crypto
import Foundation

/// Signs JSON Web Tokens with a key of its own (ES256).
struct TokenSigner: Sendable {
    private let key = P256.Signing.PrivateKey()
    /// The key's name: a server that does not know it asks for the keys again.
    private let keyID = UUID().uuidString

    /// The key to check tokens with, as a JSON Web Key Set.
    var keySet: String {
        let point = key.publicKey.rawRepresentation
        let (x, y) = (Self.text(point.prefix(32)), Self.text(point.suffix(32)))
        return #"{"keys":[{"kty":"EC","crv":"P-256","kid":"\#(keyID)","x":"\#(x)","y":"\#(y)"}]}"#
    }

    /// A token for a client, which may do what workers do.
    func token(for client: String, lifetime: Int) throws -> String {
        let claims = Claims(
            iss: Names.issuer,
            aud: Names.audience,
            sub: client,
            exp: Int(Date().timeIntervalSince1970) + lifetime,
            jti: UUID().uuidString
        )
        let header = Self.text(Data(#"{"alg":"ES256","kid":"\#(keyID)","typ":"JWT"}"#.utf8))
        let content = "\(header).\(Self.text(try JSONEncoder().encode(claims)))"
        return "\(content).\(Self.text(try key.signature(for: Data(content.utf8)).rawRepresentation))"
    }

    private struct Claims: Encodable {
        var iss: String
        var aud: String
        var sub: String
        var exp: Int
        var jti: String
    }

    /// Base64 as addresses can hold it.
    private static func text(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
