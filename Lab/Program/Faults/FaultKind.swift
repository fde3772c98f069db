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
        }
    }

    /// Why this cannot be done here; nil when it can.
    var obstacle: String? {
        switch self {
        case .clockSkew: ClockSkew.library == nil ? "libClockSkew.so is not beside this program" : nil
        case .killNode, .stopNode, .pauseNode, .killWorkers, .pauseWorkers, .restartDatabase, .killBackend,
            .closedSockets, .slowClients, .fullPool:
            nil
        }
    }

    /// Those that come and go in a lane of their own; the others are there all the time.
    static let ofNodes: [FaultKind] = [.killNode, .stopNode, .pauseNode]
    static let ofTheRest: [FaultKind] = [.killWorkers, .pauseWorkers, .restartDatabase, .killBackend]
}
