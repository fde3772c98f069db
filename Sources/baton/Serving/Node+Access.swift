import Access
import EngineRuntime
import EngineStore
import Foundation
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOSSL

extension Node {
    /// The gates before the engines; nil when everybody may do everything.
    ///
    /// Users of the database are those of an engine's own; those of the file and bearers of tokens may call each engine.
    ///
    /// - Throws: ``CommandFailure`` when the users or the keys cannot be read. Keys at an address may come later.
    func gates(before engines: Engines) async throws -> [EngineName: Gate]? {
        guard settings.access.isOn else { return nil }
        let fromFile = try settings.access.usersFile.map(Self.users) ?? [:]
        let bearer = try await bearer()
        var gates: [EngineName: Gate] = [:]
        for engine in engines.all {
            let basic = settings.access.isBasic ? basic(fromFile, engine) : nil
            gates[engine.name] = Gate(realm: engine.name.text, basic: basic, bearer: bearer)
        }
        return gates
    }

    private func basic(_ fromFile: [String: Account], _ engine: Engine) -> BasicAuthentication {
        BasicAuthentication { [logger] name in
            if let account = fromFile[name] { return account }
            guard let user = try await engine.user(name) else { return nil }
            let account = Account(user)
            if account == nil {
                logger.warning("User has no readable password hash", metadata: ["user": "\(name)"])
            }
            return account
        }
    }

    private func bearer() async throws -> BearerAuthentication? {
        guard let tokens = settings.access.tokens else { return nil }
        let keys = KeyRing(source: tokens.keys.read, logger: logger)
        do {
            try await keys.load()
        } catch {
            guard case .url = tokens.keys else { throw CommandFailure("There are no keys for tokens: \(error).") }
            logger.warning("Keys of tokens cannot be read yet", metadata: ["problem": "\(error)"])
        }
        return BearerAuthentication(rules: tokens.rules, keys: keys)
    }

    private static func users(inFile path: String) throws -> [String: Account] {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw CommandFailure("The file of users \(path) cannot be read.")
        }
        do {
            return try UsersFile.accounts(in: text)
        } catch {
            throw CommandFailure("The file of users \(path) has a mistake in \(error)")
        }
    }
}

extension Account {
    /// Nil when the hash is none.
    init?(_ user: UserAccount) {
        guard let hash = PasswordHash(text: user.passwordHash) else { return nil }
        let limits = Identity.Limits(isWorker: user.isWorker, topics: user.topics.map(Set.init))
        self.init(identity: Identity(userID: user.id, groups: user.groups, limits: limits), passwordHash: hash)
    }
}

extension TLSSettings {
    /// The same server behind TLS 1.2 or 1.3.
    ///
    /// - Throws: ``CommandFailure`` when the certificate or the key cannot be read, or do not belong together.
    func securing(_ server: HTTPServerBuilder) throws -> HTTPServerBuilder {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificateFile)
            guard !chain.isEmpty else { throw CommandFailure("There is no certificate in \(certificateFile).") }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: privateKeyFile, format: .pem))
            )
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            // Tells now what would fail with every connection.
            _ = try NIOSSLContext(configuration: configuration)
            return try .tls(server, tlsConfiguration: configuration)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(
                """
                \(certificateFile) and \(privateKeyFile) cannot be used for TLS: they must be a certificate and its \
                private key, as PEM, the key without a pass phrase.
                """
            )
        }
    }
}
