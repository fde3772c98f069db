import Access
import ArgumentParser
import Configuration
import Foundation
import EngineStore
import Testing

@testable import baton

@Suite struct `Reading settings` {
    @Test func `takes the default when nothing is given`() throws {
        let settings = try NodeSettings(from: .reading([]))
        #expect(settings.port == 8080)
        #expect(settings.host == "127.0.0.1")
        #expect(settings.historyLevel == .full)
        #expect(settings.jobs)
        #expect(settings.databaseURL == nil)
    }

    @Test func `takes the variable over the default`() throws {
        let settings = try NodeSettings(from: .reading([], ["BATON_PORT": "9000", "BATON_JOBS": "off"]))
        #expect(settings.port == 9000)
        #expect(!settings.jobs)
    }

    @Test func `takes the flag over the variable`() throws {
        let settings = try NodeSettings(from: .reading(["--port", "9001"], ["BATON_PORT": "9000"]))
        #expect(settings.port == 9001)
    }

    @Test func `takes an empty variable for none`() throws {
        #expect(try NodeSettings(from: .reading([], ["BATON_DATABASE_URL": ""])).databaseURL == nil)
    }

    @Test(arguments: Setting.allCases)
    func `finds each setting under its variable`(setting: Setting) {
        #expect(SettingReader.reading([], [setting.variable: "text"]).given(setting) == "text")
    }

    @Test(
        arguments: [
            (["--port", "65536"], [:], "--port must be a whole number from 0 to 65535, but is “65536”."),
            ([], ["BATON_PORT": "many"], "BATON_PORT must be a whole number from 0 to 65535, but is “many”."),
            (["--jobs", "yes"], [:], "--jobs must be one of on, off, but is “yes”."),
            (
                [], ["BATON_HISTORY_LEVEL": "all"],
                "BATON_HISTORY_LEVEL must be one of none, activity, audit, full, but is “all”."
            ),
        ] as [([String], [String: String], String)]
    )
    func `names the flag or the variable that is wrong`(flags: [String], variables: [String: String], message: String) {
        #expect(throws: SettingProblem(description: message)) {
            try NodeSettings(from: .reading(flags, variables))
        }
    }

    @Test func `does not repeat a database address, which may hold a password`() {
        let problem = #expect(throws: SettingProblem.self) {
            try SettingReader.reading([], ["BATON_DATABASE_URL": "mysql://me:secret@db"]).databaseURL()
        }
        #expect(problem?.description.contains("secret") == false)
    }

    @Test func `reads where to listen for wake-ups, and refuses what is no address`() throws {
        let variables = ["BATON_LISTEN_DATABASE_URL": "postgres://db/b", "BATON_DATABASE_URL": "postgres://pooler/b"]
        #expect(try NodeSettings(from: .reading([], variables)).listenDatabaseURL == "postgres://db/b")
        #expect(try NodeSettings(from: .reading([])).listenDatabaseURL == nil)
        let problem = #expect(throws: SettingProblem.self) {
            try NodeSettings(from: .reading([], ["BATON_LISTEN_DATABASE_URL": "mysql://me:secret@db"]))
        }
        #expect(problem?.description.hasPrefix("BATON_LISTEN_DATABASE_URL must be a URL") == true)
        #expect(problem?.description.contains("secret") == false)
    }

    @Test func `lets everybody in unless it is told otherwise`() throws {
        let settings = try NodeSettings(from: .reading([]))
        #expect(!settings.access.isOn)
        #expect(settings.tls == nil)
    }

    @Test func `takes users with passwords, tokens, or both`() throws {
        let jwt = ["--jwt-issuer", "i", "--jwt-audience", "a", "--jwt-jwks", "https://id.example.com/keys"]
        let basic = try NodeSettings(from: .reading(["--authentication", "basic", "--users-file", "f"])).access
        #expect(basic.isBasic && basic.tokens == nil && basic.usersFile == "f")
        let tokens = try NodeSettings(from: .reading(["--authentication", "jwt"] + jwt)).access
        #expect(!tokens.isBasic && tokens.tokens?.keys == .url("https://id.example.com/keys"))
        #expect(tokens.tokens?.rules == TokenRules(issuer: "i", audience: "a"))
        let both = try NodeSettings(from: .reading(["--authentication", "basic,jwt"] + jwt)).access
        #expect(both.isBasic && both.tokens != nil)
    }

    @Test(
        arguments: [
            (["--authentication", "ldap"], "--authentication must be none, basic, jwt, or basic,jwt, but is “ldap”."),
            (["--authentication", "none,basic"], "--authentication must be none, basic"),
            (["--authentication", ","], "--authentication must be none, basic"),
            (["--users-file", "f"], "--users-file has no effect without --authentication basic, but is “f”."),
            (["--authentication", "jwt"], "--jwt-issuer must be given with --authentication jwt."),
            (
                ["--authentication", "jwt", "--jwt-issuer", "i", "--jwt-audience", "a"],
                "--jwt-jwks must be given with --authentication jwt."
            ),
            (["--jwt-topics-claim", "t"], "--jwt-topics-claim has no effect without --authentication jwt"),
            (
                [
                    "--authentication", "jwt", "--jwt-issuer", "i", "--jwt-audience", "a", "--jwt-jwks", "f",
                    "--jwt-leeway-seconds", "301",
                ], "--jwt-leeway-seconds must be a whole number from 0 to 300, but is “301”."
            ),
            (["--tls-certificate", "c"], "--tls-private-key must be given together with --tls-certificate."),
            (["--tls-private-key", "k"], "--tls-certificate must be given together with --tls-private-key."),
        ] as [([String], String)]
    )
    func `refuses settings of access that do not go together`(flags: [String], message: String) {
        let problem = #expect(throws: SettingProblem.self) { try NodeSettings(from: .reading(flags)) }
        #expect(problem?.description.hasPrefix(message) == true)
    }
}

@Suite struct `The README` {
    @Test(arguments: Setting.allCases)
    func `lists each setting as it is`(setting: Setting) throws {
        let root = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardizedFileURL
        let text = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let defaultText = setting.defaultText.map { "`\($0)`" } ?? ""
        #expect(text.contains("| `\(setting.flag)` | `\(setting.variable)` | \(defaultText) | \(setting.summary) |"))
    }
}

@Suite struct `Help` {
    @Test(arguments: Setting.allCases)
    func `names each setting with its variable and its default`(setting: Setting) {
        let help = [Serve.helpMessage(columns: 500), Dev.helpMessage(columns: 500), Deploy.helpMessage(columns: 500)]
            .joined()
        #expect(help.contains(setting.flag))
        #expect(help.contains(setting.variable))
        #expect(help.contains(setting.defaultText.map { "default: \($0)" } ?? setting.flag))
    }
}

extension SettingReader {
    /// A reader of a node's settings from a command line and an environment.
    fileprivate static func reading(_ arguments: [String], _ environment: [String: String] = [:]) -> SettingReader {
        let groups: [any SettingFlags] =
            (try? [NodeFlags.parse(arguments)]) ?? (try? [AccessFlags.parse(arguments)]) ?? []
        return SettingReader(groups, environment: EnvironmentVariablesProvider(environmentVariables: environment))
    }
}
