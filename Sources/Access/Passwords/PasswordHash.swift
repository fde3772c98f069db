import CryptoExtras
import FoundationEssentials

/// What is kept instead of a password: scrypt, with a salt of its own, written as `$scrypt$ln=15,r=8,p=1$salt$hash`.
package struct PasswordHash: Sendable, Hashable {
    /// How much work it is to try one password.
    package struct Cost: Sendable, Hashable {
        /// The binary logarithm of the number of rounds.
        package let logRounds: Int
        package let blockSize: Int
        package let parallelism: Int

        /// Nil when it is nothing that this node would compute: memory is bounded by ``maximumMemory``.
        package init?(logRounds: Int, blockSize: Int, parallelism: Int) {
            guard (1...20).contains(logRounds), (1...32).contains(blockSize), (1...16).contains(parallelism),
                128 * blockSize << logRounds <= Self.maximumMemory
            else { return nil }
            self.init(unchecked: logRounds, blockSize, parallelism)
        }

        private init(unchecked logRounds: Int, _ blockSize: Int, _ parallelism: Int) {
            self.logRounds = logRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// What new hashes cost: 32 MiB and about a tenth of a second.
        package static let usual = Cost(unchecked: 15, 8, 3)

        /// Bytes that one check may take.
        package static let maximumMemory = 256 * 1024 * 1024
    }

    private static let saltLength = 16
    private static let hashLength = 32

    package let cost: Cost
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// Hashes a password with a new salt; slow on purpose.
    ///
    /// - Throws: What the cryptography throws when there is not enough memory.
    package init(of password: String, cost: Cost = .usual) throws {
        self.cost = cost
        salt = (0..<Self.saltLength).map { _ in .random(in: .min ... .max) }
        hash = try Self.derive(password, salt, Self.hashLength, cost)
    }

    /// Whether a password is the one; slow on purpose, and as slow for wrong ones.
    package func matches(_ password: String) -> Bool {
        guard let candidate = try? Self.derive(password, salt, hash.count, cost) else { return false }
        return candidate.equalsInConstantTime(hash)
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ length: Int, _ cost: Cost) throws -> [UInt8] {
        try KDF.Scrypt.deriveKey(
            from: Data(password.utf8),
            salt: Data(salt),
            outputByteCount: length,
            rounds: 1 << cost.logRounds,
            blockSize: cost.blockSize,
            parallelism: cost.parallelism
        ).withUnsafeBytes { Array($0) }
    }
}

extension PasswordHash {
    /// Reads a hash as it is written; nil when it is none, or costs more than this node would spend.
    package init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = Cost(text: parts[2]),
            let salt = Data(base64Encoded: Self.padded(parts[3])), (8...64).contains(salt.count),
            let hash = Data(base64Encoded: Self.padded(parts[4])), (16...64).contains(hash.count)
        else { return nil }
        self.cost = cost
        self.salt = Array(salt)
        self.hash = Array(hash)
    }

    /// The hash as it is written.
    package var text: String {
        let cost = "ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)"
        return "$scrypt$\(cost)$\(Self.base64(salt))$\(Self.base64(hash))"
    }

    /// Without the padding, as is usual in this form.
    private static func base64(_ bytes: [UInt8]) -> String {
        let text = Data(bytes).base64EncodedString()
        return String(text.prefix { $0 != "=" })
    }

    private static func padded(_ text: Substring) -> String {
        text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }
}

extension PasswordHash.Cost {
    fileprivate init?(text: Substring) {
        var numbers: [Substring: Int] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let number = Int(pair[1]), numbers.updateValue(number, forKey: pair[0]) == nil else {
                return nil
            }
        }
        guard numbers.count == 3, let rounds = numbers["ln"], let size = numbers["r"], let parallelism = numbers["p"]
        else { return nil }
        self.init(logRounds: rounds, blockSize: size, parallelism: parallelism)
    }
}

extension [UInt8] {
    /// Whether both are the same; takes as long for any two of one length.
    fileprivate func equalsInConstantTime(_ other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(self, other) { difference |= left ^ right }
        return difference == 0
    }
}
