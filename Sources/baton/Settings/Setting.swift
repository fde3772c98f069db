/// Everything that can be configured.
///
/// The raw value is the name of the flag without its dashes.
///
/// Each setting has a flag and an environment variable: `--database-url` and `BATON_DATABASE_URL`. A flag wins over
/// its variable, a variable over the default; an empty variable counts as absent.
enum Setting: String, CaseIterable {
    case databaseURL = "database-url"
    case engine
    case host
    case port
    case jobs
    case uniqueWorkerRequests = "unique-worker-requests"
    case historyLevel = "history-level"
    case authentication
    case poolSize = "pool-size"
    case lanes
    case preparedStatements = "prepared-statements"
    case statementTimeout = "statement-timeout-ms"
    case maxBodyBytes = "max-body-bytes"
    case maxUploadBytes = "max-upload-bytes"
    case logLevel = "log-level"
    case logFormat = "log-format"
    case nodes
    case dataDirectory = "data-directory"
    case url

    /// The flag as it is typed: `--database-url`.
    var flag: String { "--\(rawValue)" }

    /// The environment variable: `BATON_DATABASE_URL`.
    var variable: String { "BATON_" + words.joined(separator: "_").uppercased() }

    /// The words of the variable's name.
    var words: [String] {
        switch self {
        // The flag is given once for each, the variable holds all of them.
        case .engine: ["engines"]
        default: rawValue.split(separator: "-").map(String.init)
        }
    }

    /// What applies when neither flag nor variable is given, as it would be typed; nil when there is no default.
    var defaultText: String? {
        switch self {
        case .databaseURL, .engine: nil
        case .host: "127.0.0.1"
        case .port: "8080"
        case .jobs: "on"
        case .uniqueWorkerRequests: "off"
        case .historyLevel: "full"
        case .authentication: "none"
        case .poolSize: "10"
        case .lanes: "2"
        case .preparedStatements: "on"
        case .statementTimeout: "30000"
        case .maxBodyBytes: "33554432"
        case .maxUploadBytes: "52428800"
        case .logLevel: "info"
        case .logFormat: "auto"
        case .nodes: "2"
        case .dataDirectory: ".baton"
        case .url: "http://127.0.0.1:8080/engine-rest"
        }
    }

    /// One sentence for `--help` and the README.
    var summary: String {
        switch self {
        case .databaseURL: "The PostgreSQL database: postgres://user:password@host:5432/name, or libpq's keywords."
        case .engine:
            """
            A further engine, once for each: NAME, in a schema of its own, or NAME=URL, in its own database. The \
            variable holds all of them, separated by commas or one per line.
            """
        case .host: "The address to listen on; 0.0.0.0 for every interface."
        case .port: "The port to listen on; dev uses this one and those after it, one per node."
        case .jobs:
            """
            on: timers and asynchronous continuations run by themselves; off: only when asked for over the API. There \
            are none yet.
            """
        case .uniqueWorkerRequests:
            "on: a worker's newer poll takes the place of the one that waits, on any node, which is answered 503."
        case .historyLevel: "How much history is written: none, activity, audit or full."
        case .authentication: "Who may call: none asks nobody; basic and jwt are not available yet and are refused."
        case .poolSize: "Database connections for queries, 1 to 200; half as many more are for fetches."
        case .lanes: "Database connections on which commands run in batches, 1 to 32."
        case .preparedStatements: "on, or off behind a transaction pooler, which keeps neither statements nor settings."
        case .statementTimeout: "Milliseconds after which PostgreSQL gives up a statement, 100 to 3600000."
        case .maxBodyBytes: "The largest JSON body that is read, in bytes, 1024 to 1073741824."
        case .maxUploadBytes: "The largest form (a deployment, a file) that is read, in bytes, 1024 to 1073741824."
        case .logLevel: "trace, debug, info, notice, warning, error or critical."
        case .logFormat: "text, json, or auto: text on a terminal and JSON lines otherwise."
        case .nodes: "How many nodes to run, 1 to 32."
        case .dataDirectory: "Where the private PostgreSQL cluster lives; reused at the next start."
        case .url: "The API of a running server."
        }
    }

    /// What stands for the value in a usage line: `<url>`.
    var valueName: String {
        switch self {
        case .databaseURL, .url: "url"
        case .engine: "name[=url]"
        case .host: "address"
        case .port, .poolSize, .lanes, .nodes: "n"
        case .jobs, .uniqueWorkerRequests, .preparedStatements: "on|off"
        case .historyLevel: "none|activity|audit|full"
        case .authentication: "none|basic|jwt"
        case .statementTimeout: "ms"
        case .maxBodyBytes, .maxUploadBytes: "bytes"
        case .logLevel: "level"
        case .logFormat: "auto|text|json"
        case .dataDirectory: "directory"
        }
    }

    /// Whether the value must not be shown: it may hold a password.
    var isSecret: Bool { self == .databaseURL || self == .engine }
}
