import JSON

/// What is told of a task at its end.
enum Report: Sendable {
    case completion(Variables, local: Variables)
    case failure(TaskFailure)
    case bpmnError(BPMNError)

    var operation: EngineOperation {
        switch self {
        case .completion: .complete
        case .failure: .handleFailure
        case .bpmnError: .handleBPMNError
        }
    }

    private var pathEnd: String {
        switch self {
        case .completion: "complete"
        case .failure: "failure"
        case .bpmnError: "bpmnError"
        }
    }

    /// The call that makes the report.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidArgument`` when something cannot be sent.
    func call(on task: TaskHandle) throws -> Call {
        var writer = JSONWriter(reservingCapacity: 128)
        writer.beginObject()
        writer.member("workerId", task.workerID)
        switch self {
        case .completion(let variables, let localVariables):
            try variables.writeMember("variables", to: &writer)
            try localVariables.writeMember("localVariables", to: &writer)
        case .failure(let failure):
            guard let retries = failure.retries, (0...Int(Int32.max)).contains(retries) else {
                throw BatonError(
                    .invalidArgument,
                    operation: operation,
                    message: "A failure must say how many retries are left, 0 to 2,147,483,647"
                )
            }
            let delay = failure.retryAfter ?? .zero
            guard delay >= .zero, delay <= .longest else {
                throw BatonError(
                    .invalidArgument,
                    operation: operation,
                    message: "The delay before a retry must be zero to 36,500 days, not \(delay)"
                )
            }
            writer.member("errorMessage", failure.message)
            if let details = failure.details { writer.member("errorDetails", details) }
            writer.member("retries", retries)
            writer.member("retryTimeout", delay.wholeMilliseconds)
            try failure.variables.writeMember("variables", to: &writer)
            try failure.localVariables.writeMember("localVariables", to: &writer)
        case .bpmnError(let error):
            guard !error.code.isEmpty else {
                throw BatonError(.invalidArgument, message: "A BPMN error must have a code")
            }
            writer.member("errorCode", error.code)
            if let message = error.message { writer.member("errorMessage", message) }
            try error.variables.writeMember("variables", to: &writer)
        }
        writer.endObject()
        return Call(operation: operation, path: task.path(pathEnd), body: .bytes(writer.bytes), repetition: .always)
    }

    /// Whether this error is what a later attempt gets when an earlier one has worked.
    ///
    /// A completed task is gone, and so is one that left by a BPMN error. A task that has failed stays, but may be
    /// another worker's by now, or gone because that one was quick.
    func wouldFollowSuccess(_ error: BatonError) -> Bool {
        switch self {
        case .completion, .bpmnError: error.code == .notFound
        case .failure: error.code == .notFound || error.code == .notLockedByWorker
        }
    }
}

extension EngineClient {
    /// Makes a report, repeating it while it does not get through.
    ///
    /// - Parameters:
    ///   - report: What to tell.
    ///   - task: The task and its worker.
    ///   - patience: For how long; nil for the configuration's.
    ///   - waitsForCredentials: Whether it is repeated also when nobody says who calls, or the server does not believe
    ///     it.
    ///   - wait: Waits between two attempts, and says whether there is to be another one; nil to wait in any case.
    /// - Returns: Whether the engine has said so.
    /// - Throws: ``BatonError``, `CancellationError`.
    func report(
        _ report: Report,
        on task: TaskHandle,
        patience: Duration? = nil,
        waitsForCredentials: Bool = false,
        wait: (@Sendable (Duration) async throws -> Bool)? = nil
    ) async throws -> ReportOutcome {
        var call = try report.call(on: task)
        call.waitsForCredentials = waitsForCredentials
        do {
            let patience = patience ?? configuration.repetition.patience
            _ = try await attempts(at: call, patience: patience, wait: wait)
            return .confirmed
        } catch let failure as FailedCall {
            guard failure.mayHaveWorkedBefore, report.wouldFollowSuccess(failure.error) else { throw failure.error }
            return .presumed
        }
    }
}

extension TaskHandle {
    /// The path of an operation on the task.
    func path(_ operation: String) -> String { "/external-task/\(pathPart(id))/\(operation)" }
}

extension Duration {
    /// The duration in milliseconds, rounded up, at most what 64 bits hold.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, isTooLong) = seconds.multipliedReportingOverflow(by: 1000)
        guard !isTooLong else { return .max }
        return milliseconds + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
