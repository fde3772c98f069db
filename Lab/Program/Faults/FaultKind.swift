import ArgumentParser

/// What the lab can do to its stage.
enum FaultKind: String, CaseIterable, ExpressibleByArgument {
    case killNode = "kill-node"
    case stopNode = "stop-node"
    case pauseNode = "pause-node"
    case killWorkers = "kill-workers"
    case pauseWorkers = "pause-workers"
    case restartDatabase = "restart-database"
    case killBackend = "kill-backend"
    case closedSockets = "closed-sockets"
    case slowClients = "slow-clients"
    case fullPool = "full-pool"
    case clockSkew = "clock-skew"
    case pgBouncer = "pgbouncer"
    case failOver = "fail-over"
    case partition

    /// What it does, for people.
    var explanation: String {
        switch self {
        case .killNode: "SIGKILL to a node, which comes back"
        case .stopNode: "SIGTERM to a node under load, which comes back"
        case .pauseNode: "SIGSTOP to a node for longer than locks last, then SIGCONT"
        case .killWorkers: "SIGKILL to a process of workers; a new one comes that knows nothing"
        case .pauseWorkers: "SIGSTOP to a process of workers for longer than locks last, then SIGCONT"
        case .restartDatabase: "the database server ends as in a crash and comes back"
        case .killBackend: "SIGKILL to a process of the database server, which then recovers"
        case .closedSockets: "clients leave after asking, some with a reset"
        case .slowClients: "clients send and read a few bytes at a time"
        case .fullPool: "nodes have two connections, and one lane"
        case .clockSkew: "the clocks of two nodes are an hour ahead and an hour behind"
        case .pgBouncer: "one node goes through PgBouncer in transaction mode, which is killed and comes back"
        case .failOver: "the database server is gone for good, and its synchronous standby takes over"
        case .partition: "one node lives in a network of its own and is cut off from the database, or from everybody"
        }
    }

    /// Why this cannot be done here; nil when it can.
    func obstacle() async -> String? {
        switch self {
        case .clockSkew: ClockSkew.library == nil ? "libClockSkew.so is not beside this program" : nil
        case .pgBouncer: PgBouncer.obstacle
        case .partition: await NetworkNamespace.obstacle()
        case .killNode, .stopNode, .pauseNode, .killWorkers, .pauseWorkers, .restartDatabase, .killBackend,
            .closedSockets, .slowClients, .fullPool, .failOver:
            nil
        }
    }

    /// Those that come and go in a lane of their own; the others are there all the time.
    static let ofNodes: [FaultKind] = [.killNode, .stopNode, .pauseNode, .pgBouncer, .partition]
    static let ofTheRest: [FaultKind] = [
        .killWorkers, .pauseWorkers, .restartDatabase, .killBackend, .failOver,
    ]
}
