import Crypto
import Synchronization

/// What credentials are remembered by: a code that only this process can compute.
struct Fingerprint: Sendable, Hashable {
    private let parts: (UInt64, UInt64, UInt64, UInt64)

    fileprivate init(_ bytes: UnsafeRawBufferPointer) {
        parts = (
            bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    static func == (left: Fingerprint, right: Fingerprint) -> Bool { left.parts == right.parts }

    func hash(into hasher: inout Hasher) {
        // The code is as good as random: a part of it tells keys apart.
        hasher.combine(parts.0)
    }
}

/// Credentials that were found right a short while ago, without the credentials themselves.
///
/// Bounded: two halves, of which the older is forgotten when the younger is full.
final class CredentialMemory<Value: Sendable>: Sendable {
    private struct Halves: Sendable {
        var young: [Fingerprint: Value] = [:]
        var old: [Fingerprint: Value] = [:]
    }

    private let key = SymmetricKey(size: .bits256)
    private let halves = Mutex(Halves())
    private let halfCapacity: Int

    /// `capacity`: How many are remembered at most, at least 2.
    init(capacity: Int) { halfCapacity = max(1, capacity / 2) }

    /// How many are remembered now.
    var count: Int { halves.withLock { $0.young.count + $0.old.count } }

    func fingerprint(of credentials: String) -> Fingerprint {
        var credentials = credentials
        let code = credentials.withUTF8 { HMAC<SHA256>.authenticationCode(for: $0, using: key) }
        return code.withUnsafeBytes { Fingerprint($0) }
    }

    subscript(_ fingerprint: Fingerprint) -> Value? {
        get { halves.withLock { $0.young[fingerprint] ?? $0.old[fingerprint] } }
        set {
            halves.withLock { halves in
                halves.old[fingerprint] = nil
                halves.young[fingerprint] = newValue
                guard halves.young.count > halfCapacity else { return }
                halves.old = halves.young
                halves.young = [:]
            }
        }
    }
}
