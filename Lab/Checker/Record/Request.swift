/// What a client is about to send; written down before the first byte leaves.
package struct Request: Sendable, Codable, Hashable {
    /// What is asked for.
    package enum Action: Sendable, Codable, Hashable {
        case start(businessKey: String, process: String = "lab")
        /// All topics are locked for as long.
        case fetch(topics: [String], lockMilliseconds: Int64, waitMilliseconds: Int64)
        case complete(task: String)
        case fail(task: String, retryMilliseconds: Int64, retries: Int = 3)
        case throwError(task: String)
        case extendLock(task: String, milliseconds: Int64)
        case unlock(task: String)
        case claim(userTask: String)
        case completeUserTask(userTask: String)
        case correlate(message: String, instance: String)
        case signal(name: String)
        case delete(instance: String)
        /// Gives retries to all tasks that have none, in the background.
        case resetRetries
        /// Looks something up, and changes nothing.
        case list(path: String)

        /// The external task that is spoken of; nil where there is none.
        package var task: String? {
            switch self {
            case .complete(let task), .fail(let task, _, _), .throwError(let task), .extendLock(let task, _),
                .unlock(let task):
                task
            case .start, .fetch, .claim, .completeUserTask, .correlate, .signal, .delete, .resetRetries, .list: nil
            }
        }

        /// The name of the variable that it writes, with the request's id as the value, and that nothing else writes;
        /// nil when it writes none.
        package var ownVariable: String? {
            switch self {
            case .start: "of start"
            case .complete(let task): "of task \(task)"
            case .completeUserTask(let task): "of user task \(task)"
            case .correlate(let message, _): "of message \(message)"
            case .fetch, .fail, .throwError, .extendLock, .unlock, .claim, .signal, .delete, .resetRetries, .list: nil
            }
        }

        /// Whether it writes its id to ``Rows/lastVariable`` as well.
        package var isLastWriter: Bool {
            switch self {
            case .start, .complete: true
            case .fetch, .fail, .throwError, .extendLock, .unlock, .claim, .completeUserTask, .correlate, .signal,
                .delete, .resetRetries, .list:
                false
            }
        }

        /// The word for it in tables.
        package var name: String {
            switch self {
            case .start: "start"
            case .fetch: "fetchAndLock"
            case .complete: "complete"
            case .fail: "failure"
            case .throwError: "bpmnError"
            case .extendLock: "extendLock"
            case .unlock: "unlock"
            case .claim: "claim"
            case .completeUserTask: "complete (user)"
            case .correlate: "message"
            case .signal: "signal"
            case .delete: "delete"
            case .resetRetries: "retries-async"
            case .list: "list"
            }
        }
    }

    /// Its name in the record; no two have the same.
    package var id: String
    /// Who asks, as the server is told.
    package var worker: String
    /// The life of the process that asks; a worker that is started again after its death leads another one.
    package var life: String
    package var node: String
    package var sent: LabMoment
    /// Whether its client takes its time to send and to read.
    package var isSlow: Bool
    package var action: Action

    package init(
        id: String,
        worker: String,
        life: String,
        node: String,
        sent: LabMoment,
        isSlow: Bool = false,
        action: Action
    ) {
        self.id = id
        self.worker = worker
        self.life = life
        self.node = node
        self.sent = sent
        self.isSlow = isSlow
        self.action = action
    }
}
