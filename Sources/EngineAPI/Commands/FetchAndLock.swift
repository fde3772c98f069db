import BPMN
import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// `POST /external-task/fetchAndLock`.
    mutating func addFetching() {
        post("/external-task/fetchAndLock", produces: .json) { call in
            let longestPoll = call.configuration.maximumPollMilliseconds
            let wish = try FetchBody(try await call.fields(), longestPoll: longestPoll)
            let request = try wish.request(within: call.permittedTopics)
            return try await call.fetch(request)
        }
    }
}

extension Call {
    /// Fetches tasks; while there are none, the answer is pending.
    ///
    /// A poll that waits is taken out when its client goes.
    fileprivate func fetch(_ request: FetchRequest) async throws -> Answer {
        let look: @Sendable () async throws -> ExternalTaskFetcher.Look = { [engine] in
            try await engine.look(for: request, check: Self.check)
        }
        return try await request.timeout == nil ? answer(look()) : answer(untilClosed: look)
    }

    /// What a look found, which is given up when the client goes.
    private func answer(
        untilClosed look: @escaping @Sendable () async throws -> ExternalTaskFetcher.Look
    ) async throws -> Answer {
        guard let connection else { return try await answer(look()) }
        return try await answer(connection.untilClosed(look))
    }

    private func answer(_ look: ExternalTaskFetcher.Look) async throws -> Answer {
        switch look {
        case .found(let tasks): return try await answer(tasks)
        case .nothing(let poll):
            let pending = PendingAnswer { onWake in
                poll.park { wake in onWake { try await answer(after: wake, of: poll) } }
            } cancel: {
                poll.cancel()
            }
            return Answer(pending)
        }
    }

    private func answer(after wake: LongPoll.Wake, of poll: ExternalTaskFetcher.WaitingPoll) async throws -> Answer {
        switch wake {
        case .ended: return try await answer([])
        case .superseded: return Answer(status: .serviceUnavailable)
        case .cancelled: throw CancellationError()
        case .fetch:
            do {
                return try await answer(untilClosed: { try await poll.lookAgain() })
            } catch {
                // The client may have gone before the poll could look.
                poll.cancel()
                throw error
            }
        }
    }

    /// Refuses tasks for a worker whose name is too long, which as in the contract goes unnoticed until there is one, and
    /// tasks with a variable that cannot be deserialized although their topic wants that.
    private static func check(_ tasks: [LockedTask]) throws {
        if let worker = tasks.first?.worker, worker.rawValue.utf16.count > WorkerID.maximumLength {
            throw APIError.persistence(
                code: 10_002,
                because: "workerId is longer than \(WorkerID.maximumLength) characters"
            )
        }
        for task in tasks where task.deserializeValues {
            for variable in task.variables { _ = try variable.value.deserialized(variable.name) }
        }
    }

    /// The tasks as the worker gets them.
    ///
    /// If it cannot get them, they are given back.
    private func answer(_ tasks: [LockedTask]) async throws -> Answer {
        let engine = engine
        do {
            if connection?.isClosed == true { throw CancellationError() }
            var answer = try await Self.json(tasks)
            if !tasks.isEmpty { answer.onUndelivered = { await engine.releaseUndelivered(tasks) } }
            return answer
        } catch {
            if !tasks.isEmpty { await engine.releaseUndelivered(tasks) }
            throw error
        }
    }

    private static func json(_ tasks: [LockedTask]) async throws -> Answer {
        let write = { () throws in try Answer.json(list: tasks) { task, writer in try writer.lockedTask(task) } }
        guard tasks.contains(where: { !$0.largeValues.isEmpty }) else { return try write() }
        // Other connections share this one's event loop, and need not wait.
        return try await withTaskExecutorPreference(globalConcurrentExecutor) { try write() }
    }
}

extension JSONWriter {
    /// Writes a task as its worker gets it.
    fileprivate mutating func lockedTask(_ task: LockedTask) throws(APIError) {
        beginObject()
        member("activityId", task.activityID)
        member("activityInstanceId", task.activityInstanceID.description)
        member("errorMessage", task.errorMessage)
        member("errorDetails", task.errorDetails)
        let id = task.id.description
        member("executionId", id)
        member("id", id)
        member("lockExpirationTime", task.lockExpirationTime)
        member("createTime", task.createTime)
        member("processDefinitionId", task.processDefinitionID.description)
        member("processDefinitionKey", task.processDefinitionKey)
        member("processDefinitionVersionTag", task.processDefinitionVersionTag)
        member("processInstanceId", task.processInstanceID.description)
        member("retries", task.retries)
        member("suspended", false)
        member("workerId", task.worker.rawValue)
        member("topicName", task.topic)
        member("tenantId", task.tenantID)
        key("variables")
        try variables(task.variables, as: task.deserializeValues ? .deserialized : .serialized)
        member("priority", task.priority)
        member("businessKey", task.businessKey)
        key("extensionProperties")
        extensionProperties(task)
        endObject()
    }

    /// Of properties with one name the last counts.
    private mutating func extensionProperties(_ task: LockedTask) {
        var properties = JSONObject()
        for property in task.extensionProperties {
            properties[property.name] = property.value.map(JSONValue.string) ?? .null
        }
        write(.object(properties))
    }
}
