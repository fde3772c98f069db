import EngineCore
import FoundationEssentials
import HTTPTypes
import JSON
import Postgres
import Testing

@testable import EngineAPI

@Suite struct `A rejection of the engine` {
    private static let task = ExternalTaskID(UUID())

    @Test(
        arguments: [
            (.externalTaskNotFound("4711"), 404, "RestException", 0),
            (.externalTaskNotHeld(task, by: "w", owner: nil, doing: .complete), 400, "RestException", 0),
            (.lockExpired(expiration: 1, now: 2), 400, "RestException", 0),
            (.externalTaskSuspended(task), 400, "RestException", 0),
            (.notPositive(parameter: "lockTime"), 400, "RestException", 0),
            (.negative(parameter: "retries"), 500, "ProcessEngineException", 0),
            (.missing(parameter: "workerId"), 500, "NullValueException", 0),
            (.executionNotFound("nope"), 500, "NullValueException", 0),
            (.processInstanceNotFound("nope"), 404, "InvalidRequestException", 0),
            (.valueTooLong(parameter: "x", maximum: 4000), 500, "ProcessEnginePersistenceException", 10_002),
            (.expressionFailed("no"), 500, "ProcessEngineException", 0),
            (.duplicateProcessKey("k"), 500, "ProcessEngineException", 0),
            (.deploymentNotFound("d"), 404, "InvalidRequestException", nil),
            (.emptyDeployment, 400, "InvalidRequestException", nil),
        ] as [(Rejection, Int, String, Int?)]
    )
    func `has the contract's status, type and code`(rejection: Rejection, status: Int, type: String, code: Int?) {
        let error = APIError(rejection)
        #expect(error.status.code == status)
        #expect(error.type == type)
        #expect(error.code == code)
    }

    @Test func `of a model lists its problems under both spellings of their elements`() throws {
        let problem = ModelProblem(message: "no", line: 3, column: 4, mainElementID: "a", elementIDs: ["a", "b"])
        let error = APIError(.modelInvalid(resource: "m.bpmn", errors: [problem], warnings: []))
        let json = try JSONParser.parse(try #require(error.answer.body))
        #expect(json["type"] == "ParseException")
        #expect(json["code"] == 0)
        let report = try #require(json["details"]?["m.bpmn"])
        #expect(report["warnings"] == [])
        #expect(report["errors"]?[0]?["line"] == 3)
        #expect(report["errors"]?[0]?["elementIds"] == ["a", "b"])
        #expect(report["errors"]?[0]?["\u{0435}lementIds"] == ["a", "b"])
    }
}

@Suite struct `A failure of the database` {
    @Test(
        arguments: [
            .connection, .poolTimeout, .timeout, .closed, .server(.adminShutdown), .server(.diskFull),
            .server(.tooManyConnections), .server(SQLState(rawValue: "53200")), .server(SQLState(rawValue: "58030")),
        ] as [PostgresError.Kind]
    )
    func `asks the client to come back`(kind: PostgresError.Kind) {
        let error = APIError(PostgresError(kind, statement: "secret", message: "select secret"))
        #expect(error.status == .serviceUnavailable)
        #expect(error.answer.headers[.retryAfter] == "1")
        #expect(!error.message.contains("secret"))
    }

    @Test(arguments: [
        ("22001", 10_002), ("22021", 0), ("23503", 10_001), ("40P01", 10_000), ("40001", 1), ("42703", 0),
    ])
    func `has the contract's code and says no more`(state: String, code: Int) {
        let failure = PostgresError(.server(SQLState(rawValue: state)), message: "select secret")
        var expected = APIError.persistence(code: code)
        // For the log alone.
        expected.cause = failure
        #expect(APIError(failure) == expected)
        #expect(!"\(APIError(failure).answer)".contains("secret"))
    }
}

@Suite struct `An error that a resource passes on` {
    @Test func `keeps its status when it never reached the engine`() {
        let error = APIError(.badRequest, "RestException", "Unsupported value type 'Foo'")
        let passedOn = error.prefixed("Cannot put x: ", engineStatus: .internalServerError)
        #expect(passedOn == .invalidRequest("Cannot put x: Unsupported value type 'Foo'"))
    }

    @Test func `becomes 500 when the engine refused, unless it stays as it is`() {
        let error = APIError(.badRequest, "BadUserRequestException", "too long", code: 0)
        #expect(
            error.prefixed("p: ", engineStatus: .internalServerError)
                == APIError(.internalServerError, "RestException", "p: too long", code: 0)
        )
        #expect(
            error.prefixed("p: ", engineStatus: .kept) == APIError(.badRequest, "RestException", "p: too long", code: 0)
        )
    }

    @Test func `is untouched when the body could not be read`() {
        #expect(APIError.malformedBody.prefixed("p: ", engineStatus: .kept) == .malformedBody)
    }

    @Test func `is written with every member`() throws {
        let answer = APIError.malformedBody.answer
        #expect(answer.headers[.contentType] == "application/json")
        let text = String(decoding: try #require(answer.body), as: UTF8.self)
        #expect(text == #"{"type":"InvalidRequestException","message":"","code":null}"#)
    }
}
