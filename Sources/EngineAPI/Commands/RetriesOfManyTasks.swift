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
            _ = try RetriesOfManyTasks(try await call.fields())
            throw APIError.invalidRequest("Batches are not supported yet")
        }
    }
}

/// A number of retries and the tasks that get it: the union of all given sources.
private struct RetriesOfManyTasks: Sendable {
    /// The most tasks that are changed at the same time.
    private static let concurrency = 64

    private let retries: Int32
    private let taskIDs: [String]
    private let instanceIDs: [String]
    private let taskQuery: ExternalTaskQuery?
    private let instanceQuery: ProcessInstanceQuery?
    private let historicQuery: HistoricInstanceQuery?

    /// Reads the body.
    ///
    /// - Throws: ``APIError`` when the number is missing or an id is null.
    init(_ fields: JSONFields) throws(APIError) {
        let taskIDs = try fields.strings("externalTaskIds") ?? []
        instanceIDs = (try fields.strings("processInstanceIds") ?? []).compactMap(\.self)
        taskQuery = try fields.query("externalTaskQuery", .externalTasks)
        instanceQuery = try fields.query("processInstanceQuery", .processInstances)
        historicQuery = try fields.query("historicProcessInstanceQuery", .historicProcessInstances)
        retries = try RetriesBody.retries(fields)
        guard !taskIDs.contains(nil) else {
            throw .invalidRequest("External task id cannot be null: externalTaskIds contains null value")
        }
        self.taskIDs = taskIDs.compactMap(\.self)
    }

    /// Sets the retries of every task.
    ///
    /// - Throws: ``APIError`` when there is no task, or one does not exist, ``Rejection`` when one is of another topic than
    ///   `topics`; nothing was changed then.
    func perform(by engine: Engine, within topics: Set<String>?) async throws {
        let tasks = try await tasks(engine)
        guard !tasks.isEmpty else { throw APIError.invalidRequest("externalTaskIds is empty") }
        let retries = try RetriesBody.checked(retries, or: .ofManyTasks)
        try await refuseUnknown(engine)
        if let topics { try await Self.refuse(tasks, outside: topics, engine) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, task) in tasks.enumerated() {
                if index >= Self.concurrency { try await group.next() }
                group.addTask { try await engine.setExternalTaskRetries(task, retries, within: topics) }
            }
            try await group.waitForAll()
        }
    }

    private func tasks(_ engine: Engine) async throws -> Set<String> {
        var tasks = Set(taskIDs)
        if let taskQuery { tasks.formUnion(try await engine.externalTasks(taskQuery).map(\.id.description)) }
        var instances = Set(instanceIDs)
        if let instanceQuery {
            instances.formUnion(try await engine.processInstances(instanceQuery).map(\.id.description))
        }
        if let historicQuery {
            instances.formUnion(try await engine.historicProcessInstances(historicQuery).map(\.id.description))
        }
        if !instances.isEmpty {
            var query = ExternalTaskQuery()
            query.processInstanceIDIn = Array(instances)
            tasks.formUnion(try await engine.externalTasks(query).map(\.id.description))
        }
        return tasks
    }

    private static func refuse(_ tasks: Set<String>, outside topics: Set<String>, _ engine: Engine) async throws {
        var query = ExternalTaskQuery()
        query.externalTaskIDIn = Array(tasks)
        for task in try await engine.externalTasks(query) where !(task.topicName.map(topics.contains) ?? false) {
            throw Rejection.topicNotPermitted(
                instance: task.processInstanceID,
                definitionKey: task.processDefinitionKey
            )
        }
    }

    private func refuseUnknown(_ engine: Engine) async throws {
        guard !taskIDs.isEmpty else { return }
        var query = ExternalTaskQuery()
        query.externalTaskIDIn = taskIDs
        let known = Set(try await engine.externalTasks(query).map(\.id))
        for id in taskIDs {
            guard let task = ExternalTaskID(id), known.contains(task) else {
                throw APIError.notFound("Cannot find external task with id \(id): externalTask is null")
            }
        }
    }
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
