/// What a client is about to send; written down before the first byte leaves.
package struct Request: Sendable, Codable, Hashable {
    /// What is asked for.
    package enum Action: Sendable, Codable, Hashable {
        case start(businessKey: String)
        /// All topics are locked for as long.
        case fetch(topics: [String], lockMilliseconds: Int64, waitMilliseconds: Int64)
        case complete(task: String)
        case fail(task: String, retryMilliseconds: Int64)
        case throwError(task: String)
        case extendLock(task: String, milliseconds: Int64)
        case unlock(task: String)

        /// The task that is spoken of; nil for starts and fetches.
        package var task: String? {
            switch self {
            case .start, .fetch: nil
            case .complete(let task), .fail(let task, _), .throwError(let task), .extendLock(let task, _),
                .unlock(let task):
                task
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
