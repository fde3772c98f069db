import Foundation
import Synchronization
import Testing

@testable import Access

@Suite struct `Users with passwords` {
    /// Accounts that a test can change, and how often they were looked up.
    private final class Accounts: Sendable {
        private let state: Mutex<(accounts: [String: Account], lookups: Int)>

        init(_ accounts: [Account]) {
            state = Mutex((Dictionary(uniqueKeysWithValues: accounts.map { ($0.identity.userID, $0) }), 0))
        }

        var lookups: Int { state.withLock { $0.lookups } }

        func set(_ account: Account?, for name: String) { state.withLock { $0.accounts[name] = account } }

        func find(_ name: String) -> Account? {
            state.withLock { state in
                state.lookups += 1
                return state.accounts[name]
            }
        }
    }

    private struct Scene {
        let time = TestClock()
        let accounts: Accounts
        let basic: BasicAuthentication

        init(_ users: [(String, String)] = [("anna", "right")]) throws {
            let accounts = Accounts(
                try users.map { Account(identity: Identity(userID: $0.0), passwordHash: try .quick($0.1)) }
            )
            self.accounts = accounts
            basic = BasicAuthentication(width: 2, cost: .quick, clock: time.clock) { accounts.find($0) }
        }

        func call(_ user: String, _ password: String) async throws -> String? {
            try await basic.authenticate(Scene.header(user, password))?.userID
        }

        static func header(_ user: String, _ password: String) -> String {
            "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        }
    }

    @Test func `are let in with the right password only`() async throws {
        let scene = try Scene([("anna", "right"), ("bert", "a:b:")])
        #expect(try await scene.call("anna", "right") == "anna")
        #expect(try await scene.call("bert", "a:b:") == "bert")
        #expect(try await scene.call("bert", "a:b") == nil)
        #expect(try await scene.call("carl", "right") == nil)
    }

    @Test(arguments: [
        "Basic", "Basic ", "Basic !!!", "Basic YW5uYQ==", "basic YW5uYTpyaWdodA==", "Basic /w==", "Digest x",
    ])
    func `must say so in the right form`(header: String) async throws {
        #expect(try await Scene().basic.authenticate(header) == nil)
    }

    @Test func `are looked up once as long as they are remembered`() async throws {
        let scene = try Scene()
        #expect(scene.basic.recognize(Scene.header("anna", "right")) == nil)
        _ = try await scene.call("anna", "right")
        scene.time.advance(by: BasicAuthentication.lifetime - .milliseconds(1))
        #expect(scene.basic.recognize(Scene.header("anna", "right"))?.userID == "anna")
        #expect(try await scene.call("anna", "right") == "anna")
        #expect(scene.accounts.lookups == 1)
        scene.time.advance(by: .milliseconds(1))
        #expect(scene.basic.recognize(Scene.header("anna", "right")) == nil)
        #expect(try await scene.call("anna", "right") == "anna")
        #expect(scene.accounts.lookups == 2)
        #expect(scene.basic.recognize(Scene.header("anna", "right"))?.userID == "anna")
    }

    @Test func `who are removed are out after that time`() async throws {
        let scene = try Scene()
        _ = try await scene.call("anna", "right")
        scene.accounts.set(nil, for: "anna")
        scene.time.advance(by: BasicAuthentication.lifetime)
        #expect(try await scene.call("anna", "right") == nil)
        #expect(scene.basic.recognize(Scene.header("anna", "right")) == nil)
    }

    @Test func `whose password was changed need the new one after that time`() async throws {
        let scene = try Scene()
        _ = try await scene.call("anna", "right")
        scene.accounts.set(Account(identity: Identity(userID: "anna"), passwordHash: try .quick("new")), for: "anna")
        scene.time.advance(by: BasicAuthentication.lifetime)
        #expect(try await scene.call("anna", "new") == "anna")
        #expect(try await scene.call("anna", "right") == nil)
    }

    @Test func `whose limits were changed have the new ones after that time`() async throws {
        let scene = try Scene()
        _ = try await scene.call("anna", "right")
        var account = try #require(scene.accounts.find("anna"))
        account.identity.limits = .init(isWorker: false, topics: ["a"])
        scene.accounts.set(account, for: "anna")
        scene.time.advance(by: BasicAuthentication.lifetime)
        let identity = try await scene.basic.authenticate(Scene.header("anna", "right"))
        #expect(identity?.limits == .init(isWorker: true, topics: ["a"]))
    }

    @Test func `wait after a wrong password, also with the right one`() async throws {
        let scene = try Scene()
        _ = try await scene.call("anna", "right")
        #expect(try await scene.call("anna", "wrong") == nil)
        #expect(scene.basic.recognize(Scene.header("anna", "right")) == nil)
        #expect(try await scene.call("anna", "right") == nil)
        scene.time.advance(by: .seconds(3))
        #expect(try await scene.call("anna", "right") == "anna")
    }

    @Test func `are not guessed faster by many attempts at once`() async throws {
        let scene = try Scene()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<100 {
                group.addTask { _ = try? await scene.call("anna", "wrong\(index)") }
            }
        }
        // The first one failed; nothing was tried for the others.
        #expect(scene.accounts.lookups == 1)
    }

    @Test func `that call many times at once are checked once`() async throws {
        let scene = try Scene()
        let found = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<100 { group.addTask { try await scene.call("anna", "right") } }
            return try await group.reduce(into: 0) { $0 += $1 == "anna" ? 1 : 0 }
        }
        #expect(found == 100)
        #expect(scene.accounts.lookups == 1)
    }

    @Test func `cannot be known while they cannot be looked up, which is no failure of theirs`() async throws {
        struct Away: Error {}
        let isAway = Atomic(true)
        let account = Account(identity: Identity(userID: "anna"), passwordHash: try .quick("right"))
        let basic = BasicAuthentication(cost: .quick, clock: TestClock().clock) { _ in
            if isAway.load(ordering: .relaxed) { throw Away() }
            return account
        }
        await #expect(throws: Away.self) { try await basic.authenticate(Scene.header("anna", "right")) }
        isAway.store(false, ordering: .relaxed)
        #expect(try await basic.authenticate(Scene.header("anna", "right"))?.userID == "anna")
    }
}

@Suite struct `Memory of credentials` {
    @Test func `is bounded`() {
        let memory = CredentialMemory<Int>(capacity: 10)
        for index in 0..<1000 { memory[memory.fingerprint(of: "\(index)")] = index }
        #expect(memory.count <= 11)
        #expect(memory[memory.fingerprint(of: "999")] == 999)
        #expect(memory[memory.fingerprint(of: "1")] == nil)
    }

    @Test func `is by a code that nobody else can compute`() {
        let (one, other) = (CredentialMemory<Int>(capacity: 2), CredentialMemory<Int>(capacity: 2))
        #expect(one.fingerprint(of: "a") == one.fingerprint(of: "a"))
        #expect(one.fingerprint(of: "a") != other.fingerprint(of: "a"))
    }

    @Test func `forgets what is set to nil`() {
        let memory = CredentialMemory<Int>(capacity: 4)
        let fingerprint = memory.fingerprint(of: "a")
        memory[fingerprint] = 1
        for index in 0..<3 { memory[memory.fingerprint(of: "\(index)")] = index }
        memory[fingerprint] = nil
        #expect(memory[fingerprint] == nil)
    }
}

@Suite struct `Taking turns` {
    @Test func `refuses those for whom there is no room to wait`() async throws {
        let turns = Turns<Int>(width: 1, maximumWaiting: 1)
        let (gate, open) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await turns.take(0) { for await _ in gate {} } }
            while turns.count(0) == 0 { await Task.yield() }
            group.addTask { try await turns.take(0) {} }
            while turns.waitingCount == 0 { await Task.yield() }
            await #expect(throws: TooManyChecks.self) { try await turns.take(0) {} }
            open.finish()
            try await group.waitForAll()
        }
        #expect(turns.waitingCount == 0)
        try await turns.take(0) {}
    }
}
