import EngineCore
import HTTPTypes
import JSON

extension APIError {
    /// The answer to a request that the engine rejected.
    ///
    /// The one place where rejections become statuses. Resources that word an error differently do so afterwards.
    init(_ rejection: Rejection) {
        let message = rejection.description
        switch rejection {
        case .externalTaskNotFound:
            self.init(.notFound, "RestException", message, code: 0)
        case .processInstanceNotFound:
            self.init(.notFound, "InvalidRequestException", message, code: 0)
        case .deploymentNotFound:
            self.init(.notFound, "InvalidRequestException", message)
        case .userTaskNotFound, .executionNotFound, .definitionNotFound, .definitionKeyNotFound, .missing:
            self.init(.internalServerError, "NullValueException", message, code: 0)

        case .userTaskClaimed:
            self.init(.internalServerError, "TaskAlreadyClaimedException", message, code: 0)
        case .userTaskExists:
            self = .invalidRequest(message)
        case .userTaskOfProcess:
            self = .engine(message)

        case .userTaskWithoutProcess, .externalTaskNotHeld, .lockExpired, .externalTaskSuspended, .notPositive,
            .invalid, .messageNotCorrelated, .messageAmbiguous:
            self.init(.badRequest, "RestException", message, code: 0)
        case .userTaskSuspended, .processInstanceSuspended, .definitionSuspended, .executionSuspended:
            self.init(.badRequest, "SuspendedEntityInteractionException", message, code: 0)

        case .topicNotPermitted(let instance, let definitionKey):
            self = .notPermitted([
                MissingPermission("UPDATE", on: "ProcessInstance", instance.description),
                MissingPermission("UPDATE_INSTANCE", on: "ProcessDefinition", definitionKey),
            ])

        case .negative, .expressionFailed, .noFlowSelectable, .errorPropagationFailed, .invalidPriority,
            .multiInstanceInvalid, .startEventMissing, .tooManySteps, .duplicateProcessKey,
            .emptyErrorCode, .startMessageTaken, .subscriptionNotFound, .notSignallable:
            self = .engine(message)
        case .invalidTopic:
            self.init(.internalServerError, "ClassCastException", message)
        case .valueTooLong:
            self = .persistence(code: 10_002, because: rejection.description)

        case .modelInvalid(let resource, let errors, let warnings):
            self.init(
                .badRequest,
                "ParseException",
                message,
                code: 0,
                details: .report(of: resource, errors: errors, warnings: warnings)
            )
        case .modelUnreadable(_, _, isWellFormed: true):
            self = .engine(message)
        case .modelUnreadable(let resource, let problem, isWellFormed: false):
            self.init(
                .badRequest,
                "ParseException",
                message,
                code: 0,
                details: .report(of: resource, errors: [problem], warnings: [])
            )
        case .emptyDeployment:
            self = .invalidRequest(message)
        }
    }
}

extension JSONValue {
    /// The problems of one file, by its name.
    fileprivate static func report(
        of resource: String,
        errors: [ModelProblem],
        warnings: [ModelProblem]
    ) -> JSONValue {
        let report = JSONObject([
            ("errors", .array(errors.map(JSONValue.init))), ("warnings", .array(warnings.map(JSONValue.init))),
        ])
        return .object(JSONObject([(resource, .object(report))]))
    }

    private init(_ problem: ModelProblem) {
        let elements = JSONValue.array(problem.elementIDs.map(JSONValue.string))
        self = .object(
            JSONObject([
                ("message", .string(problem.message)),
                ("line", .integer(Int64(problem.line))),
                ("column", .integer(Int64(problem.column))),
                ("mainElementId", problem.mainElementID.map(JSONValue.string) ?? .null),
                // The contract spells this with a Cyrillic first letter, its documentation does not.
                ("\u{0435}lementIds", elements),
                ("elementIds", elements),
            ])
        )
    }
}
