/// Everything that can be configured.
///
/// The raw value is the name of the flag without its dashes.
///
/// Each setting has a flag and an environment variable: `--database-url` and `BATON_DATABASE_URL`. A flag wins over
/// its variable, a variable over the default; an empty variable counts as absent.
enum Setting: String, CaseIterable {
    case databaseURL = "database-url"
    case listenDatabaseURL = "listen-database-url"
    case engine
    case listenEngine = "listen-engine"
    case host
    case port
    case jobs
    case uniqueWorkerRequests = "unique-worker-requests"
    case historyLevel = "history-level"
    case authentication
    case usersFile = "users-file"
    case jwtIssuer = "jwt-issuer"
    case jwtAudience = "jwt-audience"
    case jwtKeys = "jwt-jwks"
    case jwtLeeway = "jwt-leeway-seconds"
    case jwtUserClaim = "jwt-user-claim"
    case jwtGroupsClaim = "jwt-groups-claim"
    case jwtTopicsClaim = "jwt-topics-claim"
    case jwtWorkerClaim = "jwt-worker-claim"
    case tlsCertificate = "tls-certificate"
    case tlsPrivateKey = "tls-private-key"
    case poolSize = "pool-size"
    case lanes
    case preparedStatements = "prepared-statements"
    case statementTimeout = "statement-timeout-ms"
    case maxBodyBytes = "max-body-bytes"
    case maxUploadBytes = "max-upload-bytes"
    case databaseWait = "database-wait-seconds"
    case drainSeconds = "drain-seconds"
    case metrics
    case logLevel = "log-level"
    case logFormat = "log-format"
    case nodes
    case dataDirectory = "data-directory"
    case url
    case user
    case password
    case token
    case caCertificate = "ca-certificate"

    /// The flag as it is typed: `--database-url`.
    var flag: String { "--\(rawValue)" }

    /// The environment variable: `BATON_DATABASE_URL`.
    var variable: String { "BATON_" + words.joined(separator: "_").uppercased() }

    /// The words of the variable's name.
    var words: [String] {
        switch self {
        // The flag is given once for each, the variable holds all of them.
        case .engine: ["engines"]
        case .listenEngine: ["listen", "engines"]
        default: rawValue.split(separator: "-").map(String.init)
        }
    }

    /// What applies when neither flag nor variable is given, as it would be typed; nil when there is no default.
    var defaultText: String? {
        switch self {
        case .databaseURL, .listenDatabaseURL, .engine, .listenEngine: nil
        case .host: "127.0.0.1"
        case .port: "8080"
        case .jobs: "on"
        case .uniqueWorkerRequests: "off"
        case .historyLevel: "full"
        case .usersFile, .jwtIssuer, .jwtAudience, .jwtKeys, .tlsCertificate, .tlsPrivateKey, .user, .password, .token,
            .caCertificate:
            nil
        case .authentication: "none"
        case .jwtLeeway: "30"
        case .jwtUserClaim: "sub"
        case .jwtGroupsClaim: "groups"
        case .jwtTopicsClaim: "topics"
        case .jwtWorkerClaim: "worker"
        case .poolSize: "10"
        case .lanes: "2"
        case .preparedStatements: "on"
        case .statementTimeout: "30000"
        case .maxBodyBytes: "33554432"
        case .maxUploadBytes: "52428800"
        case .databaseWait: "30"
        case .drainSeconds: "5"
        case .metrics: "on"
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
        case .listenDatabaseURL:
            "The same database past a transaction pooler, for wake-ups; without it, --database-url serves for them, too."
        case .engine:
            """
            A further engine, once for each: NAME, in a schema of its own, or NAME=URL, in its own database. The \
            variable holds all of them, separated by commas or one per line.
            """
        case .listenEngine:
            """
            The same for an engine with its own address, once for each: NAME=URL. The variable holds all of them, as \
            BATON_ENGINES does.
            """
        case .host: "The address to listen on; 0.0.0.0 for every interface."
        case .port: "The port to listen on; dev uses this one and those after it, one per node."
        case .jobs:
            "on: jobs, such as those of batches, run by themselves; off: only when asked for over the API."
        case .uniqueWorkerRequests:
            "on: a worker's newer poll takes the place of the one that waits, on any node, which is answered 503."
        case .historyLevel: "How much history is written: none, activity, audit or full."
        case .authentication:
            "Who may call: none asks nobody; basic, users with passwords; jwt, tokens; basic,jwt, both."
        case .usersFile: "A file with users for basic, besides those of the database: lines of baton user hash."
        case .jwtIssuer: "Who must have made a token: its claim iss."
        case .jwtAudience: "Whom a token must be for: one of its claim aud."
        case .jwtKeys: "The public keys of tokens, a JSON Web Key Set: a file, or an address with https:// or http://."
        case .jwtLeeway: "By how many seconds the clock of the tokens' issuer may differ, 0 to 300."
        case .jwtUserClaim: "The claim of a token with the user's id."
        case .jwtGroupsClaim: "The claim of a token with the user's groups."
        case .jwtTopicsClaim: "The claim of a token with the topics that it is limited to."
        case .jwtWorkerClaim: "The claim of a token that is true when it is limited to what workers do."
        case .tlsCertificate: "The server's certificate and those above it, a PEM file; HTTPS instead of HTTP."
        case .tlsPrivateKey: "The private key of the certificate, a PEM file without a pass phrase."
        case .poolSize: "Database connections for queries, 1 to 200; half as many more are for fetches."
        case .lanes: "Database connections on which commands run in batches, 1 to 32."
        case .preparedStatements: "on, or off behind a transaction pooler, which keeps neither statements nor settings."
        case .statementTimeout: "Milliseconds after which PostgreSQL gives up a statement, 100 to 3600000."
        case .maxBodyBytes: "The largest JSON body that is read, in bytes, 1024 to 1073741824."
        case .maxUploadBytes: "The largest form (a deployment, a file) that is read, in bytes, 1024 to 1073741824."
        case .databaseWait: "Seconds to wait at the start for a database that cannot be reached yet, 0 to 3600."
        case .drainSeconds:
            "Seconds from a SIGTERM, when a node stops being ready, until it stops listening, 0 to 600; in dev 0."
        case .metrics: "on: GET /metrics answers with counters for Prometheus; off: there is no such page."
        case .logLevel: "trace, debug, info, notice, warning, error or critical."
        case .logFormat: "text, json, or auto: text on a terminal and JSON lines otherwise."
        case .nodes: "How many nodes to run, 1 to 32."
        case .dataDirectory: "Where the private PostgreSQL cluster lives; reused at the next start."
        case .url: "The API of a running server."
        case .user: "The user to call as, for a server that asks."
        case .password: "The user's password; better given by the variable, because others see the flags of a program."
        case .token: "A token instead of a user; better given by the variable, too."
        case .caCertificate:
            "Certificates to trust, a PEM file, for a server whose certificate the system does not know."
        }
    }

    /// What stands for the value in a usage line: `<url>`.
    var valueName: String {
        switch self {
        case .databaseURL, .listenDatabaseURL, .url: "url"
        case .engine: "name[=url]"
        case .listenEngine: "name=url"
        case .host: "address"
        case .port, .poolSize, .lanes, .nodes: "n"
        case .jobs, .uniqueWorkerRequests, .preparedStatements, .metrics: "on|off"
        case .historyLevel: "none|activity|audit|full"
        case .authentication: "none|basic|jwt"
        case .usersFile, .tlsCertificate, .tlsPrivateKey, .caCertificate: "file"
        case .jwtIssuer, .jwtAudience, .password, .token: "text"
        case .jwtKeys: "file|url"
        case .jwtLeeway, .databaseWait, .drainSeconds: "seconds"
        case .jwtUserClaim, .jwtGroupsClaim, .jwtTopicsClaim, .jwtWorkerClaim, .user: "name"
        case .statementTimeout: "ms"
        case .maxBodyBytes, .maxUploadBytes: "bytes"
        case .logLevel: "level"
        case .logFormat: "auto|text|json"
        case .dataDirectory: "directory"
        }
    }

    /// Whether the value must not be shown: it may hold a password.
    var isSecret: Bool {
        switch self {
        case .databaseURL, .listenDatabaseURL, .engine, .listenEngine, .password, .token: true
        default: false
        }
    }
}
