import FoundationEssentials
import JWTKit

/// The public keys of somebody who makes tokens (a JSON Web Key Set).
struct KeySet: Sendable {
    /// The most keys that are read, and the largest set, in bytes.
    static let maximumKeys = 100
    static let maximumBytes = 1024 * 1024

    /// The algorithms that are accepted: those with a private and a public key.
    ///
    /// What is signed with a secret, or not at all, is never accepted, whatever a header says.
    private static let algorithms: [String: [JWK.Algorithm]] = [
        "RSA": [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512],
        "P-256": [.es256], "P-384": [.es384], "P-521": [.es512],
        "Ed25519": [.eddsa],
    ]

    private let keys: [SignatureKey]

    /// Reads a key set; keys of other kinds or for encryption, and RSA keys of less than 2,048 bits, are left out.
    ///
    /// - Throws: ``KeysUnavailable`` when it is no key set, or has no key that can be used.
    init(json: [UInt8]) async throws {
        guard json.count <= Self.maximumBytes, let set = try? JSONDecoder().decode(Keys.self, from: Data(json)) else {
            throw KeysUnavailable("what is there is no JSON Web Key Set")
        }
        guard set.keys.count <= Self.maximumKeys else {
            throw KeysUnavailable("the set has more than \(Self.maximumKeys) keys")
        }
        var keys: [SignatureKey] = []
        for entry in set.keys {
            guard let key = entry.key, entry.isForSignatures else { continue }
            for algorithm in Self.algorithms(of: key) {
                keys += await SignatureKey(key, algorithm).map { [$0] } ?? []
            }
        }
        guard !keys.isEmpty else { throw KeysUnavailable("the set has no key for signatures that can be used") }
        self.keys = keys
    }

    /// The key that a token's header names; one without a name only if there is no doubt which is meant.
    func key(for header: SignedToken.Header) -> SignatureKey? {
        let fitting = keys.filter {
            $0.algorithmName == header.algorithm && (header.keyID == nil || $0.id == header.keyID)
        }
        return fitting.count == 1 ? fitting.first : nil
    }

    private static func algorithms(of key: JWK) -> [JWK.Algorithm] {
        let fitting: [JWK.Algorithm]?
        if key.keyType == .rsa {
            // 2,048 bits are 342 characters of base64.
            fitting = (key.modulus?.utf8.count ?? 0) >= 342 ? algorithms["RSA"] : nil
        } else {
            fitting = key.curve.flatMap { algorithms[$0.rawValue] }
        }
        return (fitting ?? []).filter { key.algorithm == nil || key.algorithm == $0 }
    }
}

/// A public key, and how it is used.
struct SignatureKey: Sendable {
    let id: String?
    let algorithmName: String
    private let algorithm: any JWTAlgorithm

    fileprivate init?(_ key: JWK, _ algorithm: JWK.Algorithm) async {
        id = key.keyIdentifier?.string
        var key = key
        key.algorithm = algorithm
        key.keyIdentifier = "key"
        guard let found = try? await JWTKeyCollection().add(jwk: key).getKey(for: "key", alg: algorithm.rawValue)
        else { return nil }
        self.algorithm = found
        algorithmName = algorithm.rawValue
    }

    /// Whether a token was signed with the private half.
    func verifies(_ token: SignedToken) -> Bool {
        (try? algorithm.verify(token.signature, signs: token.content)) ?? false
    }
}

/// A key set, of which what cannot be read is left out.
private struct Keys: Decodable {
    struct Entry: Decodable {
        var key: JWK?
        var isForSignatures: Bool

        private enum CodingKeys: String, CodingKey {
            case use
        }

        init(from decoder: any Decoder) throws {
            key = try? JWK(from: decoder)
            let use = try? decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .use)
            isForSignatures = use == nil || use == "sig"
        }
    }

    var keys: [Entry]
}

/// The keys of tokens cannot be had.
package struct KeysUnavailable: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
