import ArgumentParser

/// A group of flags that belong to settings.
protocol SettingFlags {
    /// The flags of this group and what was given for each; nil when it was left out.
    var flags: [Setting: String?] { get }
}

/// Which database to use.
struct DatabaseFlags: ParsableArguments, SettingFlags {
    @Option(.databaseURL) var databaseURL: String?

    var flags: [Setting: String?] { [.databaseURL: databaseURL] }
}

/// Which engines a node has besides the default one.
struct EngineFlags: ParsableArguments, SettingFlags {
    @Option(.engine) var engine: [String] = []

    var flags: [Setting: String?] { [.engine: engine.isEmpty ? nil : EngineEntry.join(engine)] }
}

/// Where to listen for wake-ups, when not where the work is.
struct ListeningFlags: ParsableArguments, SettingFlags {
    @Option(.listenDatabaseURL) var listenDatabaseURL: String?
    @Option(.listenEngine) var listenEngine: [String] = []

    var flags: [Setting: String?] {
        [
            .listenDatabaseURL: listenDatabaseURL,
            .listenEngine: listenEngine.isEmpty ? nil : EngineEntry.join(listenEngine),
        ]
    }
}

/// How a node listens and how its engine works.
struct NodeFlags: ParsableArguments, SettingFlags {
    @Option(.host) var host: String?
    @Option(.port) var port: String?
    @Option(.jobs) var jobs: String?
    @Option(.uniqueWorkerRequests) var uniqueWorkerRequests: String?
    @Option(.historyLevel) var historyLevel: String?
    @Option(.poolSize) var poolSize: String?
    @Option(.lanes) var lanes: String?
    @Option(.preparedStatements) var preparedStatements: String?
    @Option(.statementTimeout) var statementTimeout: String?
    @Option(.maxBodyBytes) var maxBodyBytes: String?
    @Option(.maxUploadBytes) var maxUploadBytes: String?
    @Option(.databaseWait) var databaseWait: String?
    @Option(.drainSeconds) var drainSeconds: String?
    @Option(.metrics) var metrics: String?

    var flags: [Setting: String?] {
        [
            .host: host, .port: port, .jobs: jobs, .uniqueWorkerRequests: uniqueWorkerRequests,
            .historyLevel: historyLevel,
            .poolSize: poolSize, .lanes: lanes, .preparedStatements: preparedStatements,
            .statementTimeout: statementTimeout, .maxBodyBytes: maxBodyBytes,
            .maxUploadBytes: maxUploadBytes, .databaseWait: databaseWait, .drainSeconds: drainSeconds,
            .metrics: metrics,
        ]
    }
}

/// Who may call a node, and how it is called.
struct AccessFlags: ParsableArguments, SettingFlags {
    @Option(.authentication) var authentication: String?
    @Option(.usersFile) var usersFile: String?
    @Option(.jwtIssuer) var jwtIssuer: String?
    @Option(.jwtAudience) var jwtAudience: String?
    @Option(.jwtKeys) var jwtKeys: String?
    @Option(.jwtLeeway) var jwtLeeway: String?
    @Option(.jwtUserClaim) var jwtUserClaim: String?
    @Option(.jwtGroupsClaim) var jwtGroupsClaim: String?
    @Option(.jwtTopicsClaim) var jwtTopicsClaim: String?
    @Option(.jwtWorkerClaim) var jwtWorkerClaim: String?
    @Option(.tlsCertificate) var tlsCertificate: String?
    @Option(.tlsPrivateKey) var tlsPrivateKey: String?

    var flags: [Setting: String?] {
        [
            .authentication: authentication, .usersFile: usersFile, .jwtIssuer: jwtIssuer, .jwtAudience: jwtAudience,
            .jwtKeys: jwtKeys, .jwtLeeway: jwtLeeway, .jwtUserClaim: jwtUserClaim, .jwtGroupsClaim: jwtGroupsClaim,
            .jwtTopicsClaim: jwtTopicsClaim, .jwtWorkerClaim: jwtWorkerClaim, .tlsCertificate: tlsCertificate,
            .tlsPrivateKey: tlsPrivateKey,
        ]
    }
}

/// What is logged, and how it looks.
struct LogFlags: ParsableArguments, SettingFlags {
    @Option(.logLevel) var logLevel: String?
    @Option(.logFormat) var logFormat: String?

    var flags: [Setting: String?] { [.logLevel: logLevel, .logFormat: logFormat] }
}

/// What only `baton dev` needs to know.
struct DevelopmentFlags: ParsableArguments, SettingFlags {
    @Option(.nodes) var nodes: String?
    @Option(.dataDirectory) var dataDirectory: String?

    var flags: [Setting: String?] { [.nodes: nodes, .dataDirectory: dataDirectory] }
}

/// Which running server to talk to.
struct ServerAddressFlags: ParsableArguments, SettingFlags {
    @Option(.url) var url: String?

    var flags: [Setting: String?] { [.url: url] }
}

/// As whom to talk to a running server.
struct CredentialFlags: ParsableArguments, SettingFlags {
    @Option(.user) var user: String?
    @Option(.password) var password: String?
    @Flag(help: "Read the password from standard input.") var passwordStdin = false
    @Option(.token) var token: String?
    @Option(.caCertificate) var caCertificate: String?

    var flags: [Setting: String?] {
        [.user: user, .password: password, .token: token, .caCertificate: caCertificate]
    }
}

extension Option where Value == String? {
    /// A flag named and explained as its setting is.
    ///
    /// The value is read later, together with the environment.
    fileprivate init(_ setting: Setting) {
        self.init(name: .customLong(setting.rawValue), help: setting.help)
    }
}

extension Option where Value == [String] {
    /// A flag that may be given several times.
    fileprivate init(wrappedValue: [String], _ setting: Setting) {
        self.init(wrappedValue: wrappedValue, name: .customLong(setting.rawValue), help: setting.help)
    }
}

extension Setting {
    fileprivate var help: ArgumentHelp {
        let origin = [variable, defaultText.map { "default: \($0)" }].compactMap(\.self)
        return ArgumentHelp("\(summary) (\(origin.joined(separator: "; ")))", valueName: valueName)
    }
}
