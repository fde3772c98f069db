package import BPMN

/// Why a caller's request cannot be done.
///
/// Nothing was written.
///
/// `description` is safe to show to a stranger; the texts follow the REST reference where clients know them.
package enum Rejection: Error, Sendable, Hashable {
    // What is named does not exist.
    case externalTaskNotFound(String)
    case userTaskNotFound(String)
    case processInstanceNotFound(String)
    case executionNotFound(String)
    /// Nobody waits there for this message or signal.
    case subscriptionNotFound(execution: String, kind: EventTrigger.Kind, name: String)
    case definitionNotFound(id: String)
    case definitionKeyNotFound(String)
    case deploymentNotFound(String)

    /// Nobody waits for a message.
    case messageNotCorrelated(name: String)

    // The caller may not, now.
    case messageAmbiguous(MessageMismatch)
    case externalTaskNotHeld(ExternalTaskID, by: WorkerID, owner: WorkerID?, doing: ExternalTaskOperation)
    case lockExpired(expiration: Int64, now: Int64)
    case externalTaskSuspended(ExternalTaskID)
    case userTaskSuspended(UserTaskID)
    /// It is somebody else's.
    case userTaskClaimed(UserTaskID)
    /// Its id is taken.
    case userTaskExists(UserTaskID)
    /// It cannot be deleted by itself.
    case userTaskOfProcess(UserTaskID)
    case userTaskWithoutProcess(UserTaskID)
    case processInstanceSuspended(ProcessInstanceID)
    case executionSuspended(ExecutionID)
    case notSignallable(ExecutionID)
    case definitionSuspended(DefinitionID)
    /// The task has a topic that the caller is not allowed to work on.
    case topicNotPermitted(instance: ProcessInstanceID, definitionKey: String)

    // The request itself is wrong.
    case missing(parameter: String)
    case invalid(message: String)
    case negative(parameter: String)
    case notPositive(parameter: String)
    case valueTooLong(parameter: String, maximum: Int)
    case emptyErrorCode

    // What the model asks for cannot be done with this data.
    case expressionFailed(String)
    case noFlowSelectable(activity: String, isGateway: Bool)
    case errorPropagationFailed(code: String, cause: String)
    case invalidTopic(activity: String)
    case invalidPriority(String)
    case multiInstanceInvalid(String)
    case startEventMissing(DefinitionID)
    case tooManySteps(limit: Int)

    // Deployments.
    case modelInvalid(resource: String, errors: [ModelProblem], warnings: [ModelProblem])
    case modelUnreadable(resource: String, ModelProblem, isWellFormed: Bool)
    case duplicateProcessKey(String)
    case emptyDeployment
    /// A message of a start event starts another process of the tenant.
    case startMessageTaken(resource: String, name: String)

    /// Which operation of an external task was refused: it words the answer.
    package enum ExternalTaskOperation: Sendable, Hashable {
        case complete, fail, reportError, extendLock, lock
    }
}

/// A problem in a deployed model, with its place.
package struct ModelProblem: Sendable, Hashable {
    package var message: String
    package var line: Int
    package var column: Int
    package var mainElementID: String?
    package var elementIDs: [String]

    package init(message: String, line: Int, column: Int, mainElementID: String?, elementIDs: [String]) {
        self.message = message
        self.line = line
        self.column = column
        self.mainElementID = mainElementID
        self.elementIDs = elementIDs
    }
}

extension Rejection: CustomStringConvertible {
    package var description: String {
        switch self {
        case .externalTaskNotFound(let id): "External task with id \(id) does not exist"
        case .userTaskNotFound(let id): "Cannot find task with id \(id): task is null"
        case .processInstanceNotFound(let id): "Process instance with id \(id) does not exist"
        case .executionNotFound(let id): "execution \(id) doesn't exist: execution is null"
        case .subscriptionNotFound(let id, .message, let name):
            "Execution with id '\(id)' does not have a subscription to a message event with name '\(name)'"
        case .subscriptionNotFound(let id, .signal, let name):
            "Execution '\(id)' has not subscribed to a signal event with name '\(name)'."
        case .messageNotCorrelated(let name):
            "Cannot correlate message '\(name)': No process definition or execution matches the parameters"
        case .messageAmbiguous(let mismatch): mismatch.description
        case .definitionNotFound(id: let id):
            "no deployed process definition found with id '\(id)': processDefinition is null"
        case .definitionKeyNotFound(let key): "no processes deployed with key '\(key)': processDefinition is null"
        case .deploymentNotFound(let id): "Deployment with id '\(id)' does not exist"
        case .externalTaskNotHeld(let id, let worker, let owner, let operation):
            Self.notHeld(id, by: worker, owner: owner, doing: operation)
        case .lockExpired(_, let now):
            "Cannot extend a lock that expired: lockExpirationTime is not greater than or equal to \(now)"
        case .externalTaskSuspended(let id): "ENGINE-03043 ExternalTask with id '\(id)' is suspended."
        case .userTaskSuspended(let id): "ENGINE-03043 task with id '\(id)' is suspended."
        case .userTaskClaimed(let id): "Task '\(id)' is already claimed by someone else."
        case .userTaskExists(let id): "The id '\(id)' is taken already."
        case .userTaskOfProcess: "The task cannot be deleted because is part of a running process"
        case .userTaskWithoutProcess(let id): "Task '\(id)' belongs to no process that could catch an error."
        case .processInstanceSuspended(let id): "ENGINE-03043 Process instance with id '\(id)' is suspended."
        case .executionSuspended(let id): "ENGINE-03043 Execution with id '\(id)' is suspended."
        case .notSignallable(let id): "Execution with id '\(id)' does not wait for a signal"
        case .definitionSuspended(let id): "ENGINE-03043 Process definition with id '\(id)' is suspended."
        case .topicNotPermitted(let instance, _):
            "There is no permission to update process instance '\(instance)' through tasks of this topic"
        case .missing(let parameter): "\(parameter) is null"
        case .invalid(let message): message
        case .negative(let parameter): "\(parameter) is not greater than or equal to 0"
        case .notPositive(let parameter): "\(parameter) is not greater than 0"
        case .valueTooLong(let parameter, let maximum): "\(parameter) is longer than \(maximum) characters"
        case .emptyErrorCode: "Error Code is empty"
        case .expressionFailed(let message): message
        case .noFlowSelectable(let activity, isGateway: true):
            "ENGINE-02004 No outgoing sequence flow for the element with id '\(activity)' could be selected for continuing the process."
        case .noFlowSelectable(let activity, isGateway: false):
            "ENGINE-02006 No outgoing sequence flow of the element with id '\(activity)' could be selected for continuing the process."
        case .errorPropagationFailed(let code, _): "ENGINE-13033 Propagation of bpmn error \(code) failed. "
        case .invalidTopic(let activity): "The topic of external task '\(activity)' must be text"
        case .invalidPriority(let message): message
        case .multiInstanceInvalid(let message): message
        case .startEventMissing(let id):
            "Process definition '\(id)' has no start event that can be used without a trigger"
        case .tooManySteps(let limit):
            "The process made more than \(limit) steps without reaching a wait state; the command was rolled back"
        case .modelInvalid(let resource, let errors, _): Self.modelInvalid(resource: resource, errors: errors)
        case .modelUnreadable(let resource, let problem, _): Self.placed(problem, in: resource)
        case .duplicateProcessKey(let key): "The deployment contains several process definitions with the key '\(key)'"
        case .startMessageTaken(let resource, let name):
            "ENGINE-01011 Cannot deploy process definition '\(resource)': there already is a message event subscription for the message with name '\(name)'."
        case .emptyDeployment: "No deployment resources contained in the form upload."
        }
    }

    private static func notHeld(
        _ id: ExternalTaskID,
        by worker: WorkerID,
        owner: WorkerID?,
        doing operation: ExternalTaskOperation
    ) -> String {
        let held = "It is locked by worker '\(owner?.rawValue ?? "null")'."
        return switch operation {
        case .complete: "External Task \(id) cannot be completed by worker '\(worker)'. \(held)"
        case .fail: "Failure of External Task \(id) cannot be reported by worker '\(worker)'. \(held)"
        case .reportError: "Bpmn error of External Task \(id) cannot be reported by worker '\(worker)'. \(held)"
        // The doubled apostrophe is the contract's.
        case .extendLock: "The lock of the External Task \(id) cannot be extended by worker '\(worker)''. \(held)"
        case .lock: "External Task \(id) cannot be locked by worker '\(worker)'. \(held)"
        }
    }

    private static func placed(_ problem: ModelProblem, in resource: String) -> String {
        let place = problem.line > 0 ? " | line \(problem.line) | column \(problem.column)" : ""
        return "\(problem.message) | resource \(resource)\(place)"
    }

    private static func modelInvalid(resource: String, errors: [ModelProblem]) -> String {
        let lines = errors.map { "* \(placed($0, in: resource))" }
        return (["ENGINE-09005 Could not parse BPMN process. Errors: "] + lines).joined(separator: "\n")
    }
}
