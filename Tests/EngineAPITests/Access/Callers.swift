import Access
import Foundation
import Synchronization

@testable import EngineAPI

/// Users for tests, whose passwords are their names backwards, and the time that passes for them.
final class Callers: Sendable {
    private let elapsed = Mutex(Duration.zero)
    private let accounts: Mutex<[String: Account]>

    init(_ identities: [Identity]) throws {
        var accounts: [String: Account] = [:]
        let cost = PasswordHash.Cost(logRounds: 2, blockSize: 1, parallelism: 1) ?? .usual
        for identity in identities {
            let hash = try PasswordHash(of: Self.password(of: identity.userID), cost: cost)
            accounts[identity.userID] = Account(identity: identity, passwordHash: hash)
        }
        self.accounts = Mutex(accounts)
    }

    /// A gate that lets them in.
    var gate: Gate {
        let clock = AccessClock(elapsed: { self.elapsed.withLock { $0 } }, date: { Date() })
        let basic = BasicAuthentication(
            cost: PasswordHash.Cost(logRounds: 2, blockSize: 1, parallelism: 1) ?? .usual,
            clock: clock
        ) { name in
            self.accounts.withLock { $0[name] }
        }
        return Gate(realm: "default", basic: basic, bearer: nil)
    }

    func remove(_ user: String) { accounts.withLock { $0[user] = nil } }
    func wait(_ duration: Duration) { elapsed.withLock { $0 += duration } }

    static func password(of user: String) -> String { String(user.reversed()) }

    /// A whole header line.
    static func field(_ user: String, password: String? = nil) -> String {
        let text = "\(user):\(password ?? Self.password(of: user))"
        return "Authorization: Basic \(Data(text.utf8).base64EncodedString())\r\n"
    }
}

/// The text of requests.
enum Wire {
    static func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
    }

    static func send(
        _ method: String = "POST",
        _ path: String,
        _ body: String = "{}",
        _ fields: String = "",
        type: String = "application/json"
    ) -> String {
        """
        \(method) /engine-rest/\(path) HTTP/1.1\r
        Host: localhost\r
        Content-Type: \(type)\r
        \(fields)Content-Length: \(body.utf8.count)\r
        \r
        \(body)
        """
    }
}
