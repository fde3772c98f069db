import Crypto
import CryptoExtras
import Foundation
import Logging
import Synchronization
import Testing

@testable import Access

/// Somebody who makes tokens.
private struct Issuer: Sendable {
    let key = P256.Signing.PrivateKey()
    let kid: String

    init(_ kid: String) { self.kid = kid }

    /// The public key, as one of a key set.
    var jwk: String {
        let point = key.publicKey.rawRepresentation
        return """
            {"kty":"EC","crv":"P-256","kid":"\(kid)","use":"sig","x":"\(point.prefix(32).base64URL)",\
            "y":"\(point.suffix(32).base64URL)"}
            """
    }

    func token(_ claims: String, header: String? = nil) throws -> String {
        let header = header ?? #"{"alg":"ES256","typ":"JWT","kid":"\#(kid)"}"#
        let content = header.base64URL + "." + claims.base64URL
        return content + "." + (try key.signature(for: Data(content.utf8))).rawRepresentation.base64URL
    }
}

/// A token signed with a secret.
private func secretToken(_ claims: String, kid: String, secret: String) -> String {
    let content = #"{"alg":"HS256","kid":"\#(kid)"}"#.base64URL + "." + claims.base64URL
    let code = HMAC<SHA256>.authenticationCode(for: Data(content.utf8), using: SymmetricKey(data: Data(secret.utf8)))
    return content + "." + Data(code).base64URL
}

@Suite struct `A token` {
    fileprivate static let now = Int(TestClock.start.timeIntervalSince1970)

    private static func claims(
        _ more: String = "",
        iss: String = "https://id.example.com",
        aud: String = #""baton""#,
        exp: Int = 3600
    ) -> String {
        #"{"iss":"\#(iss)","aud":\#(aud),"sub":"anna","exp":\#(now + exp)\#(more)}"#
    }

    private static func bearer(
        _ keys: String,
        _ time: TestClock = TestClock()
    ) -> BearerAuthentication {
        let set = Array(#"{"keys":[\#(keys)]}"#.utf8)
        var rules = TokenRules(issuer: "https://id.example.com", audience: "baton")
        rules.leewaySeconds = 30
        let ring = KeyRing(source: { set }, clock: time.clock, logger: .silent)
        return BearerAuthentication(rules: rules, keys: ring, clock: time.clock)
    }

    private static func identity(_ token: String, _ bearer: BearerAuthentication) async throws -> Identity? {
        try await bearer.authenticate(Substring(token), "Bearer \(token)")
    }

    @Test(arguments: [
        ("", #""baton""#), ("", #"["other","baton"]"#), (#","nbf":\#(now)"#, #""baton""#),
        (#","nbf":\#(now + 30)"#, #""baton""#), (#","nbf":\#(now).5"#, #""baton""#),
    ])
    func `says who calls`(more: String, audience: String) async throws {
        let issuer = Issuer("one")
        let token = try issuer.token(Self.claims(more, aud: audience))
        #expect(try await Self.identity(token, Self.bearer(issuer.jwk)) == Identity(userID: "anna"))
    }

    @Test(arguments: [
        claims(iss: "https://evil.example.com"), claims(aud: #""other""#), claims(aud: #"["other"]"#), claims(aud: "7"),
        claims(exp: -30), claims(#","nbf":\#(now + 31)"#), claims(#","nbf":"soon""#),
        #"{"iss":"https://id.example.com","aud":"baton","sub":"anna"}"#,
        #"{"iss":"https://id.example.com","aud":"baton","exp":\#(now + 60)}"#,
        #"{"iss":"https://id.example.com","aud":"baton","sub":"","exp":\#(now + 60)}"#,
        #"{"iss":"https://id.example.com","aud":"baton","sub":"a\#\u{0}b","exp":\#(now + 60)}"#, "[]", "",
        // A limit that cannot be read is no lack of limits.
        claims(#","topics":7"#), claims(#","topics":["a",7]"#), claims(#","worker":"yes""#), claims(#","worker":1.5"#),
        claims(#","topics":null"#),
    ])
    func `against the rules is refused`(claims: String) async throws {
        let issuer = Issuer("one")
        #expect(try await Self.identity(try issuer.token(claims), Self.bearer(issuer.jwk)) == nil)
    }

    @Test(arguments: [
        (#","worker":true"#, Identity.Limits(isWorker: true, topics: nil)),
        (#","worker":"true""#, Identity.Limits(isWorker: true, topics: nil)),
        (#","worker":false"#, .none),
        (#","topics":["a","b c"]"#, Identity.Limits(isWorker: true, topics: ["a", "b c"])),
        (#","topics":"a b,c""#, Identity.Limits(isWorker: true, topics: ["a", "b", "c"])),
        (#","topics":[]"#, Identity.Limits(isWorker: true, topics: [])),
    ])
    func `may limit what it is good for`(more: String, limits: Identity.Limits) async throws {
        let issuer = Issuer("one")
        let token = try issuer.token(Self.claims(more + #","groups":["sales"]"#))
        let identity = try await Self.identity(token, Self.bearer(issuer.jwk))
        #expect(identity == Identity(userID: "anna", groups: ["sales"], limits: limits))
    }

    @Test func `is valid a little longer than it says, for clocks that differ, and not after that`() async throws {
        let (issuer, time) = (Issuer("one"), TestClock())
        let bearer = Self.bearer(issuer.jwk, time)
        let token = try issuer.token(Self.claims(exp: 2))
        #expect(try await Self.identity(token, bearer) != nil)
        time.advance(by: .seconds(31))
        #expect(try await Self.identity(token, bearer) != nil)
        #expect(bearer.recognize("Bearer \(token)") != nil)
        time.advance(by: .seconds(1))
        #expect(bearer.recognize("Bearer \(token)") == nil)
        #expect(try await Self.identity(token, bearer) == nil)
    }

    @Test func `is remembered for a while`() async throws {
        let (issuer, time) = (Issuer("one"), TestClock())
        let bearer = Self.bearer(issuer.jwk, time)
        let token = try issuer.token(Self.claims())
        #expect(bearer.recognize("Bearer \(token)") == nil)
        _ = try await Self.identity(token, bearer)
        #expect(bearer.recognize("Bearer \(token)")?.userID == "anna")
        #expect(bearer.recognize("Basic \(token)") == nil)
        time.advance(by: BearerAuthentication.lifetime)
        #expect(bearer.recognize("Bearer \(token)") == nil)
    }

    @Test func `that nobody signed is refused`() async throws {
        let issuer = Issuer("one")
        let bearer = Self.bearer(issuer.jwk)
        for header in [#"{"alg":"none"}"#, #"{"alg":"none","kid":"one"}"#, #"{"alg":"NONE","kid":"one"}"#] {
            let token = header.base64URL + "." + Self.claims().base64URL + "."
            #expect(try await Self.identity(token, bearer) == nil)
        }
    }

    @Test func `signed with the public key as a secret is refused`() async throws {
        let issuer = Issuer("one")
        for secret in [issuer.key.publicKey.pemRepresentation, issuer.jwk] {
            let token = secretToken(Self.claims(), kid: "one", secret: secret)
            #expect(try await Self.identity(token, Self.bearer(issuer.jwk)) == nil)
        }
    }

    @Test func `cannot choose another algorithm for a key`() async throws {
        let issuer = Issuer("one")
        for algorithm in ["RS256", "ES384", "EdDSA", "es256", "HS256"] {
            let token = try issuer.token(Self.claims(), header: #"{"alg":"\#(algorithm)","kid":"one"}"#)
            #expect(try await Self.identity(token, Self.bearer(issuer.jwk)) == nil)
        }
    }

    @Test func `with secrets in the key set gains nothing`() async throws {
        let issuer = Issuer("one")
        let secret = #"{"kty":"oct","kid":"s","k":"c2VjcmV0","alg":"HS256"}"#
        let token = secretToken(Self.claims(), kid: "s", secret: "secret")
        let bearer = Self.bearer(secret + "," + issuer.jwk)
        #expect(try await Self.identity(token, bearer) == nil)
        #expect(try await Self.identity(try issuer.token(Self.claims()), bearer) != nil)
    }

    @Test func `of another key, or changed afterwards, is refused`() async throws {
        let (issuer, other) = (Issuer("one"), Issuer("one"))
        let bearer = Self.bearer(issuer.jwk)
        #expect(try await Self.identity(try other.token(Self.claims()), bearer) == nil)
        let parts = try issuer.token(Self.claims()).split(separator: ".")
        let changed = parts[0] + "." + Self.claims(#","admin":true"#).base64URL + "." + parts[2]
        #expect(try await Self.identity(String(changed), bearer) == nil)
    }

    @Test func `without the name of a key is taken when there is one key only`() async throws {
        let (one, two) = (Issuer("one"), Issuer("two"))
        let token = try one.token(Self.claims(), header: #"{"alg":"ES256"}"#)
        #expect(try await Self.identity(token, Self.bearer(one.jwk)) != nil)
        #expect(try await Self.identity(token, Self.bearer(one.jwk + "," + two.jwk)) == nil)
    }

    @Test func `with extensions that must be understood is refused`() async throws {
        let issuer = Issuer("one")
        let token = try issuer.token(Self.claims(), header: #"{"alg":"ES256","kid":"one","crit":["x"]}"#)
        #expect(try await Self.identity(token, Self.bearer(issuer.jwk)) == nil)
    }

    @Test(arguments: ["", "a", "a.b", "a.b.c", "a.b.c.d", "....", "e30.e30.e30", "e30=.e30=.e30="])
    func `must have the form of one`(text: String) async throws {
        #expect(try await Self.identity(text, Self.bearer(Issuer("one").jwk)) == nil)
    }

    @Test(arguments: ["RS256", "PS256"])
    func `may be signed by RSA`(algorithm: String) async throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let (modulus, exponent) = try key.publicKey.getKeyPrimitives().asText
        let jwk = #"{"kty":"RSA","kid":"r","n":"\#(modulus)","e":"\#(exponent)"}"#
        let content = #"{"alg":"\#(algorithm)","kid":"r"}"#.base64URL + "." + Self.claims().base64URL
        let signature = try key.signature(
            for: SHA256.hash(data: Data(content.utf8)),
            padding: algorithm == "RS256" ? .insecurePKCS1v1_5 : .PSS
        )
        let token = content + "." + signature.rawRepresentation.base64URL
        #expect(try await Self.identity(token, Self.bearer(jwk)) == Identity(userID: "anna"))
        // The key is for one algorithm only, if it says so.
        let strict = jwk.replacing("{", with: #"{"alg":"RS512","#)
        #expect(try await Self.identity(token, Self.bearer(strict)) == nil)
    }
}

@Suite struct `The keys of tokens` {
    private final class Source: Sendable {
        private let state: Mutex<(keys: [String], reads: Int, isAway: Bool)>

        init(_ keys: [String]) { state = Mutex((keys, 0, false)) }

        struct Away: Error {}

        var reads: Int { state.withLock { $0.reads } }

        func set(_ keys: [String]) { state.withLock { $0.keys = keys } }
        func goAway() { state.withLock { $0.isAway = true } }

        func read() throws -> [UInt8] {
            try state.withLock { state in
                state.reads += 1
                if state.isAway { throw Away() }
                return Array(#"{"keys":[\#(state.keys.joined(separator: ","))]}"#.utf8)
            }
        }
    }

    private static func jwk(_ kid: String) -> String { Issuer(kid).jwk }

    private static func header(_ kid: String) -> SignedToken.Header { .init(algorithm: "ES256", keyID: kid) }

    @Test func `are read again when a token names one that is not there`() async throws {
        let (source, time) = (Source([Self.jwk("old")]), TestClock())
        let ring = KeyRing(source: { try source.read() }, clock: time.clock, logger: .silent)
        #expect(await ring.key(for: Self.header("old")) != nil)
        source.set([Self.jwk("old"), Self.jwk("new")])
        time.advance(by: KeyRing.shortestInterval)
        #expect(await ring.key(for: Self.header("new")) != nil)
        #expect(source.reads == 2)
    }

    @Test func `are not read again and again, whatever tokens name`() async throws {
        let (source, time) = (Source([Self.jwk("one")]), TestClock())
        let ring = KeyRing(source: { try source.read() }, clock: time.clock, logger: .silent)
        for index in 0..<100 { #expect(await ring.key(for: Self.header("unknown\(index)")) == nil) }
        #expect(source.reads == 1)
        time.advance(by: KeyRing.shortestInterval)
        for index in 0..<100 { #expect(await ring.key(for: Self.header("unknown\(index)")) == nil) }
        #expect(source.reads == 2)
    }

    @Test func `that were taken back are gone after a while`() async throws {
        let (source, time) = (Source([Self.jwk("old")]), TestClock())
        let ring = KeyRing(source: { try source.read() }, clock: time.clock, logger: .silent)
        #expect(await ring.key(for: Self.header("old")) != nil)
        source.set([Self.jwk("new")])
        time.advance(by: KeyRing.lifetime)
        #expect(await ring.key(for: Self.header("old")) == nil)
    }

    @Test func `stay when they cannot be read`() async throws {
        let (source, time) = (Source([Self.jwk("old")]), TestClock())
        let ring = KeyRing(source: { try source.read() }, clock: time.clock, logger: .silent)
        #expect(await ring.key(for: Self.header("old")) != nil)
        source.goAway()
        time.advance(by: KeyRing.lifetime)
        #expect(await ring.key(for: Self.header("old")) != nil)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"keys":[]}"#, #"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#,
        // An RSA key of 1,024 bits.
        #"{"keys":[{"kty":"RSA","kid":"r","e":"AQAB","n":"\#(String(repeating: "A", count: 171))"}]}"#,
    ])
    func `must be a set with one that can be used`(text: String) async {
        await #expect(throws: KeysUnavailable.self) { try await KeySet(json: Array(text.utf8)) }
    }
}

extension Logger {
    fileprivate static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

extension String {
    fileprivate var base64URL: String { Data(utf8).base64URL }
    /// Base64 in the form for URLs.
    fileprivate var asURL: String { replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "") }
}

extension Data {
    fileprivate var base64URL: String { base64EncodedString().asURL }
}

extension _RSA.Signing.PublicKey.Primitives {
    fileprivate var asText: (String, String) { (modulus.base64URL, publicExponent.base64URL) }
}
