import Foundation
import Processes
import TestSupport
import Testing

@testable import baton

/// Real processes and real sockets: users made by commands, a node that asks who calls, TLS.
@Suite(.timeLimit(.minutes(3))) struct `A node that asks who calls` {
    private static let openssl = "/usr/bin/openssl"
    private static var hasOpenSSL: Bool { FileManager.default.isExecutableFile(atPath: openssl) }

    /// Calls `body` with an empty directory.
    private func withDirectory(_ body: (URL) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "baton-access-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await body(directory)
    }

    /// Makes a certificate for this machine and its key.
    private func makeCertificate(in directory: URL, _ name: String) async throws -> (certificate: String, key: String) {
        let certificate = directory.appending(path: "\(name).pem").path
        let key = directory.appending(path: "\(name).key").path
        let made = try await Program.run(
            Self.openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key,
                "-out", certificate,
            ]
        )
        #expect(made.status == 0, "\(made.output)")
        return (certificate, key)
    }

    private func run(
        _ node: NodeProcess,
        _ body: (_ isReady: Bool) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await node.follow { _ in } }
            defer { group.cancelAll() }
            try await body(await node.becomesReady())
            await node.child.terminate(within: .seconds(10))
        }
    }

    private func user(_ arguments: [String], _ url: String, password: String = "") async throws -> Program.Result {
        try await Program.run(
            Program.baton,
            ["user"] + arguments,
            input: password + "\n",
            environment: ["BATON_DATABASE_URL": url]
        )
    }

    @Test(.enabled(if: hasOpenSSL)) func `is called by HTTPS with a user's password`() async throws {
        try await withDirectory { directory in
            let (certificate, key) = try await makeCertificate(in: directory, "server")
            try await TestServer.withAddress { url in
                let added = try await user(["add", "anna", "--password-stdin"], url, password: "a: b")
                #expect(added.status == 0, "\(added.output)")
                let ports = try FreePort.find(1)
                let node = try NodeProcess.start(
                    executable: Program.baton,
                    port: ports[0],
                    databaseURL: url,
                    arguments: [
                        "--authentication", "basic", "--tls-certificate", certificate, "--tls-private-key", key,
                        "--log-level", "warning",
                    ]
                )
                try await run(node) { isReady in
                    #expect(isReady)
                    try await talk(to: "https://127.0.0.1:\(ports[0])/engine-rest", trusting: certificate)
                    try await probe(ports[0], certificate: certificate)
                }
            }
        }
    }

    private func talk(to url: String, trusting certificate: String) async throws {
        let anna = ClientCredentials(proof: .password(user: "anna", "a: b"), caCertificateFile: certificate)
        try await EngineClient.with(url: url, anna) { client in
            var form = MultipartForm()
            form.addFile("work.bpmn", Data(TakeoverModel.xml(processKey: "work", topic: "work").utf8))
            let deployment = try await client.post("/deployment/create", form, as: Linked.self)
            #expect(deployment.links.allSatisfy { $0.href.hasPrefix(url + "/deployment/") })
            // By the hot way, too.
            let start = Wire.Start(businessKey: "k")
            let instance = try await client.post("/process-definition/key/work/start", start, as: Linked.self)
            #expect(instance.links.allSatisfy { $0.href.hasPrefix(url + "/process-instance/") })
        }
        let stranger = ClientCredentials(caCertificateFile: certificate)
        let refusal = await #expect(throws: EngineClient.Refusal.self) {
            try await EngineClient.with(url: url, stranger) { try await $0.get("/version", as: Version.self) }
        }
        #expect(refusal?.status == 401)
        #expect(refusal?.body.isEmpty == true)
        // Whoever does not know the certificate does not talk to the server at all.
        await #expect(throws: (any Error).self) {
            try await EngineClient(url: url, credentials: anna).get("/version", as: Version.self)
        }
    }

    /// Health checks need no password; on the machine itself any certificate will do, unless one is named.
    private func probe(_ port: Int, certificate: String) async throws {
        let asTheNode = ["BATON_PORT": "\(port)", "BATON_TLS_CERTIFICATE": certificate]
        let own = try await Program.run(Program.baton, ["health"], environment: asTheNode)
        #expect(own.status == 0, "\(own.output)")
        let url = "https://127.0.0.1:\(port)"
        let trusting = ["health", "--live", "--url", url, "--ca-certificate", certificate]
        #expect(try await Program.run(Program.baton, trusting).status == 0)
        let (stranger, _) = try await makeCertificate(
            in: URL(fileURLWithPath: certificate).deletingLastPathComponent(),
            "stranger"
        )
        let refused = try await Program.run(Program.baton, ["health", "--url", url, "--ca-certificate", stranger])
        #expect(refused.status == 1)
        #expect(refused.output.contains("is not trusted"), "\(refused.output)")
    }

    @Test(.enabled(if: hasOpenSSL)) func `does not start with a key that is another one's`() async throws {
        try await withDirectory { directory in
            let (certificate, _) = try await makeCertificate(in: directory, "one")
            let (_, key) = try await makeCertificate(in: directory, "other")
            let failed = try await Program.run(
                Program.baton,
                ["serve", "--port", "0", "--tls-certificate", certificate, "--tls-private-key", key],
                environment: ["BATON_DATABASE_URL": "postgres://127.0.0.1:1/nothing"]
            )
            #expect(failed.status == 1)
            #expect(failed.output.contains("cannot be used for TLS"))
        }
    }

    @Test func `knows the users that commands made`() async throws {
        try await withDirectory { directory in
            try await TestServer.withAddress { url in
                let flags = ["--password-stdin", "--topics", "a, b", "--groups", "g"]
                #expect(try await user(["add", "anna"] + flags, url, password: "one").status == 0)
                let twice = try await user(["add", "anna", "--password-stdin"], url, password: "two")
                #expect(twice.status == 1)
                #expect(twice.output.contains("There is a user anna already"))
                let list = try await user(["list"], url)
                #expect(list.output.contains("anna  work    a,b     g"))
                #expect(!list.output.contains("scrypt"))
                let others = try await user(["list", "--engine", "orders"], url)
                #expect(!others.output.contains("anna"))
                #expect(try await user(["password", "anna", "--password-stdin"], url, password: "new").status == 0)
                #expect(try await user(["password", "bert", "--password-stdin"], url, password: "x").status == 1)
                #expect(try await user(["remove", "anna"], url).status == 0)
                #expect(try await user(["remove", "anna"], url).status == 1)
            }
        }
    }

    @Test(arguments: [
        (["add", "a:b", "--password-stdin"], "colon"),
        (["add", "anna", "--password-stdin", "--topics", ","], "no topic"),
        (["add", "anna", "--password-stdin", "--engine", "Or ders!"], "--engine"),
        (["hash", "anna"], "--password-stdin"),
    ])
    func `refuses users that cannot be`(arguments: [String], reason: String) async throws {
        let refused = try await user(arguments, "postgres://127.0.0.1:1/nothing", password: "secret")
        #expect(refused.status != 0)
        #expect(refused.output.contains(reason), "\(refused.output)")
        #expect(!refused.output.contains("secret"))
    }

    @Test func `reads a file of users, or says what is wrong with it`() async throws {
        try await withDirectory { directory in
            let line = try await user(["hash", "anna", "--worker", "--password-stdin"], "", password: "p")
            #expect(line.status == 0)
            let file = directory.appending(path: "users")
            try Data("# users\n\(line.output)anna again\n".utf8).write(to: file)
            let failed = try await Program.run(
                Program.baton,
                ["serve", "--port", "0", "--authentication", "basic", "--users-file", file.path],
                environment: ["BATON_DATABASE_URL": "postgres://127.0.0.1:1/nothing"]
            )
            #expect(failed.status == 1)
            #expect(failed.output.contains("line 3: After the name must come a password's hash"))
        }
    }

    private struct Linked: Decodable {
        struct Link: Decodable {
            var href: String
        }

        var links: [Link]
    }

    private struct Version: Decodable {
        var version: String
    }
}
