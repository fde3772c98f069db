import Access
import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// Setting the retries of many tasks at once.
    mutating func addRetriesOfManyTasks() {
        put("/external-task/retries") { call in
            let wish = try RetriesOfManyTasks(try await call.fields())
            try await wish.perform(by: call.engine, within: call.permittedTopics)
            return .noContent
        }
        post("/external-task/retries-async", produces: .json) { call in
            let wish = try RetriesOfManyTasks(try await call.fields())
            let batch = try await wish.performLater(by: call.engine, for: call.identity?.userID)
            return .json { $0.object(batch) }
        }
    }
}

/// A number of retries and the tasks that get it: the union of all given sources.
private struct RetriesOfManyTasks: Sendable {
    /// The most tasks that are changed at the same time: some batches of commands.
    private static let concurrency = 400

    private let retries: Int32
    private let targets: ExternalTaskSelection

    /// Reads the body.
    ///
    /// - Throws: ``APIError`` when the number is missing or an id is null.
    init(_ fields: JSONFields) throws(APIError) {
        var targets = ExternalTaskSelection()
        let taskIDs = try fields.strings("externalTaskIds") ?? []
        targets.instanceIDs = (try fields.strings("processInstanceIds") ?? []).compactMap(\.self)
        targets.taskQuery = try fields.query("externalTaskQuery", .externalTasks)
        targets.instanceQuery = try fields.query("processInstanceQuery", .processInstances)
        targets.historicQuery = try fields.query("historicProcessInstanceQuery", .historicProcessInstances)
        retries = try RetriesBody.retries(fields)
        guard !taskIDs.contains(nil) else {
            throw .invalidRequest("External task id cannot be null: externalTaskIds contains null value")
        }
        targets.taskIDs = taskIDs.compactMap(\.self)
        self.targets = targets
    }

    /// Makes a batch that sets the retries of every task in the background.
    ///
    /// What is wrong with single tasks, or with the number, shows in its jobs.
    /// - Throws: ``APIError`` when there is no task.
    func performLater(by engine: Engine, for userID: String?) async throws -> BulkView {
        let operation = BulkOperation.setExternalTaskRetries(retries)
        guard let batch = try await engine.createBatch(operation, on: targets, userID: userID) else {
            throw Self.noTasks
        }
        return batch
    }

    /// Sets the retries of every task.
    ///
    /// - Throws: ``APIError`` when there is no task, or one does not exist, ``Rejection`` when one is of another topic than
    ///   `topics`; nothing was changed then. For one that goes after it was looked up, it is thrown when others have been
    ///   set.
    func perform(by engine: Engine, within topics: Set<String>?) async throws {
        let tasks = try await engine.selectedTasks(targets)
        guard !tasks.isEmpty || !targets.strangers.isEmpty else { throw Self.noTasks }
        let retries = try RetriesBody.checked(retries, or: .ofManyTasks)
        try refuseUnknown(tasks)
        if let topics { try await Self.refuse(tasks, outside: topics, engine) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, task) in tasks.enumerated() {
                if index >= Self.concurrency { try await group.next() }
                group.addTask {
                    try await engine.setExternalTaskRetries(task.id.description, retries, within: topics)
                }
            }
            try await group.waitForAll()
        }
    }

    /// Names the first unknown task of the list.
    private func refuseUnknown(_ tasks: [SelectedTask]) throws(APIError) {
        let unknown = Set(tasks.lazy.filter { !$0.exists }.map(\.id))
        guard !unknown.isEmpty || !targets.strangers.isEmpty else { return }
        for id in targets.taskIDs where ExternalTaskID(id).map(unknown.contains) ?? true {
            throw .notFound("Cannot find external task with id \(id): externalTask is null")
        }
    }

    private static func refuse(_ tasks: [SelectedTask], outside topics: Set<String>, _ engine: Engine) async throws {
        var query = ExternalTaskQuery()
        query.externalTaskIDIn = tasks.map(\.id.description)
        for task in try await engine.externalTasks(query) where !(task.topicName.map(topics.contains) ?? false) {
            throw Rejection.topicNotPermitted(
                instance: task.processInstanceID,
                definitionKey: task.processDefinitionKey
            )
        }
    }

    private static let noTasks = APIError.invalidRequest("externalTaskIds is empty")
}

extension JSONFields {
    /// A list's question, as it stands in a body.
    fileprivate func query<Query>(
        _ name: String,
        _ operation: ListOperation<Query>
    ) throws(APIError) -> Query? {
        guard let fields = try fields(name) else { return nil }
        return try operation.query(Filters(fields))
    }
}
