public import BatonClient
import Synchronization

extension TestEngine {
    /// Adds a task in a process instance of its own.
    ///
    /// - Parameters:
    ///   - topic: The task's topic.
    ///   - variables: The variables of its process.
    ///   - localVariables: The task's own variables.
    ///   - businessKey: The business key of its process instance.
    ///   - processKey: The key of its process.
    ///   - priority: Higher is more urgent.
    ///   - retries: The remaining attempts, at least 0; nil for a task that has not failed.
    ///   - extensionProperties: The activity's extension properties.
    /// - Returns: The task's id.
    /// - Throws: `BatonError` when a variable cannot be sent to a server.
    @discardableResult
    public func addTask(
        _ topic: String,
        variables: Variables = [:],
        localVariables: Variables = [:],
        businessKey: String? = nil,
        processKey: String = "process",
        priority: Int64 = 0,
        retries: Int? = nil,
        extensionProperties: [String: String?] = [:]
    ) throws -> String {
        let process = try WireVariable.wire(variables)
        let local = try WireVariable.wire(localVariables)
        return change { state, now in
            let definition =
                state.definitions[processKey] ?? StoredDefinition(id: "\(processKey):1:definition", key: processKey)
            let instance = StoredInstance(
                id: state.nextID("instance"),
                definition: definition,
                businessKey: businessKey,
                variables: process
            )
            state.instances[instance.id] = instance
            return state.add(topic, to: instance.id, at: now) { task in
                task.priority = priority
                task.retries = retries
                task.variables = local
                task.extensionProperties = extensionProperties
            }
        }
    }

    /// Adds a process whose tasks come one after the other; `EngineClient.startProcess(_:)` starts it.
    ///
    /// - Parameters:
    ///   - key: The process's key.
    ///   - topics: The topics of its tasks, in their order.
    ///   - versionTag: The version tag of its definition.
    ///   - tenantID: The tenant that it belongs to.
    public func addProcess(_ key: String, topics: [String], versionTag: String? = nil, tenantID: String? = nil) {
        change { state, _ in
            state.definitions[key] = StoredDefinition(
                id: "\(key):1:definition",
                key: key,
                versionTag: versionTag,
                tenantID: tenantID,
                topics: topics
            )
        }
    }

    /// Makes somebody wait for a message, once; another message of this name is refused.
    public func expectMessage(_ name: String) {
        change { state, _ in state.awaitedMessages[name, default: 0] += 1 }
    }

    /// Gives a task to another worker, as if its lock had run out and that one had fetched it.
    ///
    /// - Parameters:
    ///   - id: The task's id; without effect when there is no such open task.
    ///   - worker: Who has it now.
    ///   - duration: For how long.
    public func stealLock(of id: String, for worker: String = "thief", duration: Duration = .seconds(300)) {
        change { state, now in
            guard let index = state.openTask(id) else { return }
            state.tasks[index].workerID = worker
            state.tasks[index].lockEnd = now + duration
        }
    }

    /// Takes a task away, as happens when its process instance is cancelled.
    public func cancelTask(_ id: String) {
        change { state, _ in state.tasks.removeAll { $0.id == id } }
    }

    /// Suspends a task, or activates it again: nobody gets it, and reports are refused meanwhile.
    public func setSuspended(_ isSuspended: Bool, task id: String) {
        change { state, _ in
            guard let index = state.openTask(id) else { return }
            state.tasks[index].isSuspended = isSuspended
        }
    }

    /// Sets the remaining attempts of a task, as an operator does to resolve an incident.
    ///
    /// - Parameters:
    ///   - retries: The attempts, at least 0.
    ///   - id: The task's id; without effect when there is no such open task.
    public func setRetries(_ retries: Int, task id: String) {
        change { state, _ in
            guard let index = state.openTask(id) else { return }
            state.tasks[index].retries = max(0, retries)
        }
    }
}

// MARK: Looking

extension TestEngine {
    /// A task as it is now; nil when there is none of this id.
    public func task(_ id: String) -> TaskSnapshot? {
        let now = clock.now.offset
        return state.withLock { state in
            state.tasks.first { $0.id == id }.map { TaskSnapshot($0, in: state, at: now) }
        }
    }

    /// All tasks as they are now, in the order of their creation, also those at their end.
    public var tasks: [TaskSnapshot] {
        let now = clock.now.offset
        return state.withLock { state in state.tasks.map { TaskSnapshot($0, in: state, at: now) } }
    }

    /// Waits until a task is as wanted.
    ///
    /// Looks when something changes in the engine; moving the clock is no change.
    /// - Parameters:
    ///   - id: The task's id.
    ///   - isAsWanted: Is asked of the task now and after each change.
    /// - Returns: The task as it is then.
    /// - Throws: `CancellationError` when the task that waits is cancelled, by a test's time limit for instance.
    public func task(
        _ id: String,
        where isAsWanted: @Sendable (TaskSnapshot) -> Bool
    ) async throws -> TaskSnapshot {
        try await wait { state, now in
            state.tasks.first { $0.id == id }.map { TaskSnapshot($0, in: state, at: now) }
                .flatMap { isAsWanted($0) ? $0 : nil }
        }
    }

    /// Waits until there is a task as wanted, such as the next one of a process.
    ///
    /// - Parameter isAsWanted: Is asked of all tasks, in the order of their creation, now and after each change.
    /// - Returns: The first one.
    /// - Throws: `CancellationError` when the task that waits is cancelled.
    public func firstTask(where isAsWanted: @Sendable (TaskSnapshot) -> Bool) async throws -> TaskSnapshot {
        try await wait { state, now in
            state.tasks.lazy.map { TaskSnapshot($0, in: state, at: now) }.first(where: isAsWanted)
        }
    }

    /// Every call so far, in the order in which they came.
    public var calls: [RecordedCall] { state.withLock { $0.calls } }

    /// The calls so far of one operation, in the order in which they came.
    public func calls(of operation: EngineOperation) -> [RecordedCall] {
        calls.filter { $0.operation == operation }
    }

    /// Waits until there were so many calls of an operation.
    ///
    /// - Parameters:
    ///   - count: At least 1.
    ///   - operation: The operation.
    /// - Returns: The first `count` calls.
    /// - Throws: `CancellationError` when the task that waits is cancelled.
    @discardableResult
    public func waitForCalls(_ count: Int = 1, of operation: EngineOperation) async throws -> [RecordedCall] {
        try await wait { state, _ in
            let calls = state.calls.filter { $0.operation == operation }
            return calls.count >= count ? Array(calls.prefix(count)) : nil
        }
    }

    /// Waits until a fetch waits for tasks: the worker is idle.
    ///
    /// - Throws: `CancellationError` when the task that waits is cancelled.
    public func waitForPoll() async throws {
        try await wait { state, _ in state.parkedPolls > 0 ? () : nil }
    }

    /// Waits until `look` finds something.
    private func wait<Result: Sendable>(
        _ look: @Sendable (EngineState, Duration) -> Result?
    ) async throws -> Result {
        while true {
            let now = clock.now.offset
            let (result, version) = state.withLock { (look($0, now), $0.version) }
            if let result { return result }
            try await waitForChange(after: version)
        }
    }
}

// MARK: Breaking

extension TestEngine {
    /// Lets something go wrong with the next calls.
    ///
    /// Faults wait in line: a call meets the first one that is for its operation.
    /// - Parameters:
    ///   - fault: What goes wrong.
    ///   - operation: The operation whose calls meet it; nil for all.
    ///   - times: How many calls meet it, at least 1; nil until ``repair()``.
    public func inject(_ fault: Fault, into operation: EngineOperation? = nil, times: Int? = 1) {
        change { state, _ in
            state.faults.append(InjectedFault(fault: fault, operation: operation, remaining: times.map { max(1, $0) }))
        }
    }

    /// Takes back all faults that still wait.
    public func repair() {
        change { state, _ in state.faults = [] }
    }
}
