import FoundationEssentials

/// A token (JWT) as it came: read, not yet believed.
struct SignedToken: Sendable {
    /// The members of the header that matter.
    struct Header: Sendable, Hashable, Decodable {
        var algorithm: String
        var keyID: String?
        /// Extensions that must be understood; there is none that this node understands.
        fileprivate var critical: [String]?

        init(algorithm: String, keyID: String?) {
            self.algorithm = algorithm
            self.keyID = keyID
        }

        private enum CodingKeys: String, CodingKey {
            case algorithm = "alg"
            case keyID = "kid"
            case critical = "crit"
        }
    }

    let header: Header
    /// What was signed.
    let content: [UInt8]
    let signature: [UInt8]
    private let payload: Data

    /// Nil when it does not have the form of a signed token.
    init?(_ text: Substring) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Data(base64URL: parts[0]), let payload = Data(base64URL: parts[1]),
            let signature = Data(base64URL: parts[2]),
            let header = try? JSONDecoder().decode(Header.self, from: head), header.critical == nil
        else { return nil }
        self.header = header
        self.payload = payload
        self.signature = Array(signature)
        content = Array((parts[0] + "." + parts[1]).utf8)
    }

    /// What the token claims; nil when it is no JSON object.
    func claims() -> [String: Claim]? { try? JSONDecoder().decode([String: Claim].self, from: payload) }
}

/// The value of a claim.
enum Claim: Sendable, Hashable, Decodable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([Claim])
    /// What no rule asks for.
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([Claim].self) {
            self = .list(list)
        } else {
            self = .other
        }
    }
}

extension Data {
    /// Decodes base64 in its form for URLs, without padding.
    init?(base64URL text: Substring) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 3)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "-"): bytes.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): bytes.append(UInt8(ascii: "/"))
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
            default: bytes.append(byte)
            }
        }
        bytes += Array(repeating: UInt8(ascii: "="), count: (4 - bytes.count % 4) % 4)
        self.init(base64Encoded: Data(bytes))
    }
}
