public import BatonClient
public import Logging
import Synchronization

extension Subscription {
    /// Runs the handler with one task, without a worker and without a server.
    ///
    /// ```swift
    /// let handled = try await chargeCard.handle(.sample("charge-card", variables: ["amount": 42]))
    /// #expect(handled.outcome == .completed(["receipt": "R-77"]))
    /// ```
    ///
    /// What the handler does through its context happens in `engine`. Its lock lasts as long as it runs, and the
    /// subscription's time-out does not count: both need a worker (``TestEngine/run(_:while:)``).
    /// - Parameters:
    ///   - task: The task; the handler sees its variables as they are.
    ///   - engine: What the handler's calls go to.
    ///   - configuration: How the worker describes errors.
    ///   - logger: What the handler logs to; nothing is logged without one.
    /// - Returns: What a worker would report, and what the handler did.
    /// - Throws: `BatonError` when a variable of the task cannot be sent to a server, or a setting of the subscription is
    ///   out of its bounds; `CancellationError` when the
    ///   surrounding task is cancelled.
    public func handle(
        _ task: ExternalTask,
        in engine: TestEngine = TestEngine(),
        configuration: Worker.Configuration = Worker.Configuration(),
        logger: Logger? = nil
    ) async throws -> HandledTask {
        try validate()
        let holding = RecordedHolding()
        try engine.adopt(task)
        let context = TaskContext(
            task: task,
            client: engine.client(logger: logger),
            holding: holding,
            logger: logger ?? Logger(label: "baton.testing") { _ in SwiftLogNoOpLogHandler() }
        )
        var outcome: TaskOutcome
        var failure: (any Error)?
        do {
            outcome = try await handler(task, context)
            if case .failed(let reported) = outcome.kind { outcome = .failed(filled(reported, of: task)) }
        } catch {
            try Task.checkCancellation()
            failure = error
            outcome = self.outcome(of: task, after: error, describe: configuration.describe)
        }
        let left = engine.variables(ofExecution: task.executionID)
        return HandledTask(
            outcome: outcome,
            error: failure,
            lockExtensions: holding.extensions,
            processVariables: left.process,
            localVariables: left.local,
            calls: engine.calls
        )
    }
}

/// A lock that lasts, and remembers what it was asked for.
private final class RecordedHolding: LockHolding {
    private let recorded = Mutex<[Duration]>([])

    var extensions: [Duration] { recorded.withLock { $0 } }

    var isLost: Bool { false }

    func extend(by duration: Duration) async throws {
        guard duration >= .milliseconds(1), duration <= .seconds(36_500 * 86_400) else {
            throw BatonError(.invalidArgument, message: "A lock must last 1 ms to 36,500 days, not \(duration)")
        }
        recorded.withLock { $0.append(duration) }
    }
}

extension TestEngine {
    /// Takes in a task that was made elsewhere, with its ids; what it sees are variables of its process.
    fileprivate func adopt(_ task: ExternalTask) throws {
        let variables = try WireVariable.wire(task.variables.withoutFiles)
        change { state, now in
            state.instances[task.processInstanceID] = StoredInstance(
                id: task.processInstanceID,
                definition: StoredDefinition(id: task.processDefinitionID, key: task.processDefinitionKey),
                businessKey: task.businessKey,
                variables: variables
            )
            var stored = StoredTask(
                id: task.id,
                topic: task.topic,
                instanceID: task.processInstanceID,
                executionID: task.executionID,
                activityID: task.activityID,
                createTime: now,
                priority: task.priority,
                extensionProperties: task.extensionProperties
            )
            stored.workerID = task.workerID
            stored.lockEnd = now + .seconds(3600)
            stored.retries = task.retries
            state.tasks.append(stored)
        }
    }

    /// The variables of an execution's process, and its own.
    fileprivate func variables(ofExecution id: String) -> (process: Variables, local: Variables) {
        state.withLock { state in
            guard let index = state.tasks.firstIndex(where: { $0.executionID == id }) else { return ([:], [:]) }
            let process = state.instances[state.tasks[index].instanceID]?.variables ?? [:]
            return (WireVariable.variables(process), WireVariable.variables(state.tasks[index].variables))
        }
    }
}

extension Variables {
    /// Those that can be sent: files that came without content cannot.
    fileprivate var withoutFiles: Variables {
        Variables(values.filter { if case .file(_, nil) = $0.value.content { false } else { true } })
    }
}
