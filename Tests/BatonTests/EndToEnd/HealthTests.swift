import Foundation
import Postgres
import Processes
import TestSupport
import Testing

@testable import baton

@Suite struct `The address of a node whose health is asked` {
    @Test(
        arguments: [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://baton.example.com/engine-rest?a=b#c", "https://baton.example.com"),
            ("http://[::1]:9000/engine-rest/", "http://[::1]:9000"),
        ]
    )
    func `is host and port, whatever follows them`(text: String, root: String) {
        #expect(HealthProbe(url: text)?.root.absoluteString == root)
    }

    @Test(arguments: ["", "127.0.0.1:8080", "ftp://host", "http://", "http:///health"])
    func `is by http or https`(text: String) {
        #expect(HealthProbe(url: text) == nil)
    }
}

/// Real processes: a node, and the command that asks it.
@Suite(.timeLimit(.minutes(2))) struct `Asking for a node's health` {
    private struct NameOfDatabase: Statement {
        static let sql: SQLText = "select current_database()::text"
        static let rows = RowDecoder(String.self)
    }

    /// Nobody gets into the database any more, and whoever is there is thrown out.
    private func close(_ url: String) async throws {
        let inside = try await Session.connect(ConnectionSettings(url), logger: TestServer.logger)
        let name = try #require(try await inside.run(NameOfDatabase()).first)
        await inside.close()
        let outside = try await Session.connect(try await TestServer.shared.settings(), logger: TestServer.logger)
        var query = DynamicQuery("CloseDatabase")
        query.append("alter database ", identifier: try #require(SQLIdentifier(name)), " with allow_connections false")
        try await outside.run(query)
        query = DynamicQuery("EndSessions")
        query.append("select pg_terminate_backend(pid) from pg_stat_activity where datname = ", name)
        try await outside.run(query)
        await outside.close()
    }

    private func health(_ port: Int, _ flags: String...) async throws -> Program.Result {
        try await Program.run(Program.baton, ["health"] + flags, environment: ["BATON_PORT": "\(port)"])
    }

    @Test func `tells a node that can work from one that only lives, and from none`() async throws {
        try await TestServer.withAddress { url in
            let port = try FreePort.find(1)[0]
            let absent = try await health(port)
            #expect(absent.status == 1)
            #expect(absent.output.contains("There is no answer from http://127.0.0.1:\(port)/health/ready"))

            let node = try NodeProcess.start(
                executable: Program.baton,
                port: port,
                databaseURL: url,
                arguments: ["--log-level", "critical"]
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await node.follow { _ in } }
                defer { group.cancelAll() }
                #expect(await node.becomesReady())
                let ready = try await health(port)
                #expect(ready.status == 0, "\(ready.output)")
                #expect(ready.output == "http://127.0.0.1:\(port) is ready.\n")

                try await close(url)
                var lost = try await health(port)
                while lost.status == 0 { lost = try await health(port) }
                #expect(lost.output.contains("/health/ready answers 503: {"), "\(lost.output)")
                let alive = try await health(port, "--live")
                #expect(alive.status == 0, "\(alive.output)")
                await node.child.terminate(within: .seconds(10))
            }
        }
    }

    @Test func `explains an address that is none`() async throws {
        let refused = try await Program.run(Program.baton, ["health", "--url", "ftp://host"])
        #expect(refused.status == 64)
        #expect(refused.output.contains("--url must begin with http:// or https://"))
    }
}
