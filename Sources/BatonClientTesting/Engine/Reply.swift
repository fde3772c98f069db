import BatonClient
import HTTPTypes
import JSON

/// What the test engine answers.
struct Reply: Error {
    var status: Int
    var headerFields: HTTPFields = [:]
    var bytes: [UInt8] = []

    /// Success without content.
    static let done = Reply(status: 204)

    /// Success with JSON.
    static func json(_ value: JSONValue) -> Reply {
        Reply(status: 200, headerFields: [.contentType: "application/json"], bytes: value.encoded())
    }

    /// An error in the contract's form.
    static func error(_ status: Int, _ type: String, _ message: String, code: JSONValue = 0) -> Reply {
        let body: JSONValue = ["type": .string(type), "message": .string(message), "code": code]
        return Reply(status: status, headerFields: [.contentType: "application/json"], bytes: body.encoded())
    }

    static func noTask(_ id: String) -> Reply {
        .error(404, "RestException", "External task with id \(id) does not exist")
    }

    static func suspended(_ id: String) -> Reply {
        .error(400, "RestException", "ENGINE-03043 ExternalTask with id '\(id)' is suspended.")
    }

    static func isNull(_ member: String) -> Reply {
        .error(500, "NullValueException", "\(member) is null")
    }

    static func unreadable() -> Reply {
        .error(400, "InvalidRequestException", "", code: .null)
    }

    static func noSuchPath(_ path: String) -> Reply {
        .error(404, "NotFoundException", "The test engine has no resource \(path)", code: .null)
    }

    var response: EngineResponse {
        EngineResponse(status: status, headerFields: headerFields, body: ByteStream(bytes))
    }
}
