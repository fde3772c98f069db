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
    case rollingRestart = "rolling-restart"
    case fewDescriptors = "few-descriptors"
    case slowNetwork = "slow-network"
    case orderlyRestart = "orderly-restart"
    case terminateSessions = "terminate-sessions"
    case heldRows = "held-rows"
    case lockedTable = "locked-table"
    case standbyCut = "standby-cut"
    case fullDisk = "full-disk"
    case lockStorms = "lock-storms"

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
        case .rollingRestart: "SIGTERM to one node after the other; each comes back before the next one goes"
        case .fewDescriptors: "a node may open no further file or socket for a while"
        case .slowNetwork:
            "what one node exchanges with the database or with workers is slow, stands still, or breaks in the middle"
        case .orderlyRestart: "the database server says farewell and comes back, as with pg_ctl restart -m fast"
        case .terminateSessions: "sessions of nodes are ended by an administrator, listeners included"
        case .heldRows: "somebody keeps a transaction open that has changed instances and tasks"
        case .lockedTable: "somebody locks a whole table for seconds, as careless changes do"
        case .standbyCut:
            "the synchronous standby hears nothing, so commits hang; some sessions are ended; it may take over"
        case .fullDisk: "the database server's disk is full for a while"
        case .lockStorms: "workers extend and give back the same lock many times"
        case .partition: "one node lives in a network of its own and is cut off from the database, or from everybody"
        }
    }

    /// Why this cannot be done here; nil when it can.
    func obstacle() async -> String? {
        switch self {
        case .clockSkew: ClockSkew.library == nil ? "libClockSkew.so is not beside this program" : nil
        case .pgBouncer: PgBouncer.obstacle
        case .partition: await NetworkNamespace.obstacle()
        case .fewDescriptors: Tool.find("prlimit") == nil ? "prlimit is not installed" : nil
        case .fullDisk: SmallDisk.obstacle
        case .killNode, .stopNode, .pauseNode, .killWorkers, .pauseWorkers, .restartDatabase, .killBackend,
            .closedSockets, .slowClients, .fullPool, .failOver, .rollingRestart, .slowNetwork, .orderlyRestart,
            .terminateSessions, .heldRows, .lockedTable, .standbyCut, .lockStorms:
            nil
        }
    }

    /// Those that come and go in a lane of their own; the others are there all the time.
    static let ofNodes: [FaultKind] = [
        .killNode, .stopNode, .pauseNode, .pgBouncer, .partition, .rollingRestart, .fewDescriptors, .slowNetwork,
    ]
    static let ofTheRest: [FaultKind] = [
        .killWorkers, .pauseWorkers, .restartDatabase, .killBackend, .failOver, .orderlyRestart, .terminateSessions,
        .heldRows, .lockedTable, .standbyCut, .fullDisk,
    ]
}
