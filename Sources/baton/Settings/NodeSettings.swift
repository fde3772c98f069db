import EngineStore

/// What a node needs to know, read and checked.
struct NodeSettings: Equatable, Sendable {
    /// Nil when none was given; what that means depends on the command.
    var databaseURL: String?
    /// The same database past a pooler, for hearing wake-ups; nil when ``databaseURL`` serves for them, too.
    var listenDatabaseURL: String?
    /// The engines besides the default one.
    var engines: [EngineEntry]
    var host: String
    /// 0 lets the system choose.
    var port: Int
    /// Whether the jobs of batches run by themselves.
    var jobs: Bool
    /// Whether a worker may have only one poll that waits.
    var uniqueWorkerRequests: Bool
    var historyLevel: HistoryLevel
    var poolSize: Int
    var lanes: Int
    var preparedStatements: Bool
    var statementTimeoutMilliseconds: Int
    var maxBodyBytes: Int
    var maxUploadBytes: Int
    var databaseWaitSeconds: Int
    /// Nil when it was not said; what that means depends on the command.
    var drainSeconds: Int?
    /// Whether there is a page of metrics.
    var metrics: Bool
    var access: AccessSettings
    /// Nil for HTTP.
    var tls: TLSSettings?

    /// Reads every setting of a node.
    ///
    /// - Throws: ``SettingProblem`` for the first setting that cannot be used.
    init(from reader: SettingReader) throws(SettingProblem) {
        databaseURL = try reader.databaseURL()
        listenDatabaseURL = try reader.databaseURL(.listenDatabaseURL)
        engines = try reader.engines()
        host = reader.text(.host) ?? ""
        port = try reader.integer(.port, in: 0...65535)
        jobs = try reader.isOn(.jobs)
        uniqueWorkerRequests = try reader.isOn(.uniqueWorkerRequests)
        historyLevel = try reader.choice(.historyLevel, of: HistoryLevel.self)
        poolSize = try reader.integer(.poolSize, in: 1...200)
        lanes = try reader.integer(.lanes, in: 1...32)
        preparedStatements = try reader.isOn(.preparedStatements)
        statementTimeoutMilliseconds = try reader.integer(.statementTimeout, in: 100...3_600_000)
        maxBodyBytes = try reader.integer(.maxBodyBytes, in: 1024...1_073_741_824)
        maxUploadBytes = try reader.integer(.maxUploadBytes, in: 1024...1_073_741_824)
        databaseWaitSeconds = try reader.integer(.databaseWait, in: 0...3600)
        let drain = try reader.integer(.drainSeconds, in: 0...600)
        drainSeconds = reader.given(.drainSeconds) == nil ? nil : drain
        metrics = try reader.isOn(.metrics)
        access = try AccessSettings(from: reader)
        tls = try TLSSettings(from: reader)
    }
}

extension SettingReader {
    /// The address of a database, when one was given.
    ///
    /// - Throws: ``SettingProblem`` when it is not a PostgreSQL address. The text is not repeated: it may hold a password.
    func databaseURL(_ setting: Setting = .databaseURL) throws(SettingProblem) -> String? {
        guard let url = given(setting) else { return nil }
        guard Self.isDatabaseURL(url) else {
            throw problem(
                setting,
                "must be a URL that begins with postgres://, or keywords such as host=… dbname=…"
            )
        }
        return url
    }

    /// Whether a text can be the address of a database.
    static func isDatabaseURL(_ text: String) -> Bool {
        text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") || text.contains("=")
    }
}
