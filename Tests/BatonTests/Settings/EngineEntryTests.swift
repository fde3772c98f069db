import ArgumentParser
import Configuration
import EngineRuntime
import Postgres
import Testing

@testable import baton

@Suite struct `The engines of a node` {
    private func entries(_ flags: [String], _ variable: String? = nil) throws -> [String] {
        let group = try EngineFlags.parse(flags.flatMap { ["--engine", $0] })
        let environment = EnvironmentVariablesProvider(
            environmentVariables: variable.map { ["BATON_ENGINES": $0] } ?? [:]
        )
        return try SettingReader([group], environment: environment).engines().map(\.text)
    }

    @Test func `are none but the default one when none is given`() throws {
        #expect(try entries([]) == [])
        #expect(try entries([], "") == [])
    }

    @Test func `are given by flags, or by one variable`() throws {
        #expect(try entries(["a", "b=postgres://host/b"]) == ["a", "b=postgres://host/b"])
        #expect(try entries([], "a, b=postgres://host/b ,c") == ["a", "b=postgres://host/b", "c"])
        #expect(try entries(["a"], "b") == ["a"])
    }

    @Test func `may have addresses with several hosts`() throws {
        let address = "postgres://one,two,three/db?target_session_attrs=read-write"
        #expect(try entries(["a=\(address)", "b"]) == ["a=\(address)", "b"])
        #expect(try entries(["a=\(address)"]) == ["a=\(address)"])
        #expect(try entries([], "a=\(address)\n") == ["a=\(address)"])
        #expect(EngineEntry.split(EngineEntry.join(["a=\(address)"])) == ["a=\(address)"])
    }

    @Test(
        arguments: [
            (["a b"], nil, "--engine takes NAME or NAME=URL"), (["default"], nil, "--engine must not name default"),
            (["a", "a"], nil, "--engine must name every engine once, but names a twice"),
            ([], "x=postgres://me:secret@one,two/db", "BATON_ENGINES takes NAME or NAME=URL"),
            (["a=mysql://me:secret@host"], nil, "--engine must give engine a a URL that begins with postgres://"),
            (["a="], nil, "--engine must give engine a a URL"), (["=postgres://host"], nil, "--engine takes NAME"),
        ] as [([String], String?, String)]
    )
    func `are refused when they are wrong, without repeating an address`(
        flags: [String],
        variable: String?,
        message: String
    ) {
        let problem = #expect(throws: SettingProblem.self) { try entries(flags, variable) }
        #expect(problem?.description.hasPrefix(message) == true, "\(problem?.description ?? "")")
        #expect(problem?.description.contains("secret") == false)
    }

    @Test func `have a schema of their own, or a database of their own`() throws {
        let shared = EngineEntry(name: try #require(EngineName("orders"))).database(besides: "postgres://host/b")
        #expect(shared.conninfo == "postgres://host/b")
        #expect(shared.schema?.name == "baton_orders")

        let own = EngineEntry(name: try #require(EngineName("orders")), databaseURL: "postgres://other/o")
            .database(besides: "postgres://host/b")
        #expect(own.conninfo == "postgres://other/o")
        #expect(own.schema == nil)
    }

    private func listening(_ engines: [String], _ direct: [String]) throws -> [String: String] {
        let groups: [any SettingFlags] = [
            try EngineFlags.parse(engines.flatMap { ["--engine", $0] }),
            try ListeningFlags.parse(direct.flatMap { ["--listen-engine", $0] }),
        ]
        let environment = EnvironmentVariablesProvider(environmentVariables: [:])
        let entries = try SettingReader(groups, environment: environment).engines()
        return entries.reduce(into: [:]) { $0[$1.name.text] = $1.listening(besides: "host=direct")?.conninfo }
    }

    @Test func `listen for wake-ups past a pooler where they are told to`() throws {
        let found = try listening(
            ["orders", "billing=postgres://pooler/b", "other=postgres://o"],
            ["billing=postgres://b"]
        )
        // An engine in the default one's database listens where that does.
        #expect(found == ["orders": "host=direct", "billing": "postgres://b"])
    }

    @Test(
        arguments: [
            (["orders"], "orders=postgres://me:secret@b", "--listen-engine takes NAME=URL, with the name of an engine"),
            (["a=postgres://a"], "a", "--listen-engine takes NAME=URL, with the name of an engine"),
            (
                ["a=postgres://a"], "b=postgres://me:secret@b",
                "--listen-engine takes NAME=URL, with the name of an engine"
            ),
            (["a=postgres://a"], "a=mysql://me:secret@b", "--listen-engine must give engine a a URL"),
        ]
    )
    func `are refused an address to listen at that is none of theirs`(
        engines: [String],
        direct: String,
        message: String
    ) {
        let problem = #expect(throws: SettingProblem.self) { try listening(engines, [direct]) }
        #expect(problem?.description.hasPrefix(message) == true, "\(problem?.description ?? "")")
        #expect(problem?.description.contains("secret") == false)
    }
}
