import EngineCore
import EngineRuntime
import HTTPTypes

extension RouteTable {
    /// What a worker reports about its task, and what others may do to it.
    mutating func addExternalTaskCommands() {
        post("/external-task/{id}/complete") { try await $0.completeExternalTask() }
        post("/external-task/{id}/failure") { try await $0.failExternalTask() }
        post("/external-task/{id}/bpmnError") { try await $0.throwExternalTaskError() }
        post("/external-task/{id}/extendLock") { try await $0.extendExternalTaskLock() }
        post("/external-task/{id}/lock") { try await $0.lockExternalTask() }
        post("/external-task/{id}/unlock", consumes: .anything) { call in
            try await call.engine.unlockExternalTask(call.path["id"], within: call.permittedTopics)
            return .noContent
        }
        put("/external-task/{id}/retries") { try await $0.setExternalTaskRetries() }
        put("/external-task/{id}/priority") { try await $0.setExternalTaskPriority() }
    }
}

// Each operation first reads all members, then converts variables, then checks, in the contract's order.
extension Call {
    fileprivate func completeExternalTask() async throws -> Answer {
        let fields = try await fields()
        let worker = try fields.string("workerId")
        let variables = try fields.variables("variables")
        let localVariables = try fields.variables("localVariables")
        let (inputs, localInputs) = (try variables.inputs(), try localVariables.inputs())
        guard let worker else { throw APIError.missing("workerId") }
        try await engine.completeExternalTask(
            path["id"],
            worker: WorkerID(worker),
            variables: inputs,
            localVariables: localInputs,
            within: permittedTopics
        )
        return .noContent
    }

    fileprivate func failExternalTask() async throws -> Answer {
        let fields = try await fields()
        let worker = try fields.string("workerId")
        let message = try fields.string("errorMessage")
        let details = try fields.string("errorDetails")
        let retries = try fields.int32("retries")
        let retryMilliseconds = try fields.int64("retryTimeout")
        let variables = try fields.variables("variables")
        let localVariables = try fields.variables("localVariables")
        let (inputs, localInputs) = (try variables.inputs(), try localVariables.inputs())
        guard let worker else { throw APIError.missing("workerId") }
        let report = FailureReport(
            worker: WorkerID(worker),
            message: message,
            details: details,
            retries: retries,
            retryMilliseconds: retryMilliseconds,
            variables: inputs,
            localVariables: localInputs
        )
        try await engine.failExternalTask(path["id"], report, within: permittedTopics)
        return .noContent
    }

    fileprivate func throwExternalTaskError() async throws -> Answer {
        let fields = try await fields()
        let worker = try fields.string("workerId")
        let code = try fields.string("errorCode")
        let message = try fields.string("errorMessage")
        let inputs = try fields.variables("variables").inputs()
        guard let worker else { throw APIError.missing("workerId") }
        guard let code else { throw APIError.missing("errorCode") }
        let report = ErrorReport(worker: WorkerID(worker), code: code, message: message, variables: inputs)
        try await engine.throwExternalTaskError(path["id"], report, within: permittedTopics)
        return .noContent
    }

    fileprivate func extendExternalTaskLock() async throws -> Answer {
        let fields = try await fields()
        let worker = try fields.string("workerId")
        let milliseconds = try fields.int64("newDuration")
        guard milliseconds > 0 else { throw Rejection.notPositive(parameter: "lockTime") }
        guard let worker else { throw APIError.missing("workerId") }
        try await engine.extendExternalTaskLock(
            path["id"],
            worker: WorkerID(worker),
            milliseconds: milliseconds,
            within: permittedTopics
        )
        return .noContent
    }

    fileprivate func lockExternalTask() async throws -> Answer {
        let fields = try await fields()
        let worker = try fields.string("workerId")
        let milliseconds = try fields.int64("lockDuration")
        guard let worker else { throw APIError.missing("workerId") }
        try await engine.lockExternalTask(
            path["id"],
            worker: WorkerID(worker),
            milliseconds: milliseconds,
            within: permittedTopics
        )
        return .noContent
    }

    fileprivate func setExternalTaskRetries() async throws -> Answer {
        let retries = try RetriesBody.retries(try await fields())
        try await engine.setExternalTaskRetries(
            path["id"],
            try RetriesBody.checked(retries, or: .ofOneTask),
            within: permittedTopics
        )
        return .noContent
    }

    fileprivate func setExternalTaskPriority() async throws -> Answer {
        guard let priority = try await fields().optionalInt64("priority") else {
            throw APIError.nullPointer("The priority cannot be null.")
        }
        try await engine.setExternalTaskPriority(path["id"], priority, within: permittedTopics)
        return .noContent
    }
}

/// The number of retries in a body, and what is wrong with it.
enum RetriesBody {
    /// How a negative number is refused.
    enum Refusal {
        case ofOneTask, ofManyTasks
    }

    /// The number.
    ///
    /// - Throws: ``APIError`` when it is missing, null or no number of 32 bits.
    static func retries(_ fields: JSONFields) throws(APIError) -> Int32 {
        guard let retries = try fields.optionalInt32("retries") else {
            throw .invalidRequest("The number of retries cannot be null.")
        }
        return retries
    }

    /// The number, if it is not negative.
    static func checked(_ retries: Int32, or refusal: Refusal) throws(APIError) -> Int32 {
        guard retries < 0 else { return retries }
        let message = "The number of retries cannot be negative: retries is not greater than or equal to 0"
        switch refusal {
        case .ofOneTask: throw APIError(.badRequest, "BadUserRequestException", message, code: 0)
        case .ofManyTasks: throw .invalidRequest(message)
        }
    }
}
