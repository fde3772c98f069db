import Access
import Foundation
import Synchronization

/// Time that passes when a test says so.
final class TestClock: Sendable {
    private let passed = Mutex(Duration.zero)
    /// The day on which every test happens.
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    func advance(by duration: Duration) { passed.withLock { $0 += duration } }

    var clock: AccessClock {
        AccessClock(
            elapsed: { self.passed.withLock { $0 } },
            date: { Self.start.addingTimeInterval(Double(self.passed.withLock { $0 }.components.seconds)) }
        )
    }
}

extension PasswordHash {
    /// Quick to make and to try, for tests alone.
    static func quick(_ password: String) throws -> PasswordHash {
        guard let cost = Cost(logRounds: 2, blockSize: 1, parallelism: 1) else { throw CancellationError() }
        return try PasswordHash(of: password, cost: cost)
    }
}

extension PasswordHash.Cost {
    static var quick: PasswordHash.Cost { PasswordHash.Cost(logRounds: 2, blockSize: 1, parallelism: 1) ?? .usual }
}
