import JSON
import Testing

/// Requests in one call, below the API's root.
extension RawConnection {
    mutating func get(_ path: String) async throws -> Answer { try await ask("GET", path) }

    mutating func delete(_ path: String) async throws -> Answer { try await ask("DELETE", path) }

    mutating func post(_ path: String, _ json: String) async throws -> Answer { try await ask("POST", path, json) }

    mutating func put(_ path: String, _ json: String) async throws -> Answer { try await ask("PUT", path, json) }

    /// Sends a request and waits for its answer.
    mutating func ask(_ method: String, _ path: String, _ json: String? = nil) async throws -> Answer {
        try await send(method, path, json)
        return try #require(try await answer())
    }

    /// Sends a request; the hot path takes it if it is one of its own.
    func send(_ method: String, _ path: String, _ body: String?, type: String = "application/json") async throws {
        let fields = body.map { "Content-Type: \(type)\r\nContent-Length: \($0.utf8.count)\r\n" } ?? ""
        try await send("\(method) /engine-rest\(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n\(body ?? "")")
    }

    /// Deploys a model to the engine whose path this is, for a tenant or for none.
    @discardableResult
    mutating func deploy(_ model: String, to engine: String = "", tenant: String? = nil) async throws -> JSONValue {
        var form = "--b\r\nContent-Disposition: form-data; name=\"d\"; filename=\"model.bpmn\"\r\n\r\n\(model)\r\n"
        if let tenant {
            form += "--b\r\nContent-Disposition: form-data; name=\"tenant-id\"\r\n\r\n\(tenant)\r\n"
        }
        try await send(
            "POST",
            "\(engine)/deployment/create",
            form + "--b--\r\n",
            type: "multipart/form-data; boundary=b"
        )
        let answer = try #require(try await answer())
        #expect(answer.status == 200, "\(answer.body)")
        return answer.json
    }
}

extension RawConnection.Answer {
    /// The body as JSON; null when it is none.
    var json: JSONValue { (try? JSONParser.parse(Array(body.utf8))) ?? .null }

    /// The message of an error.
    var message: String? { json["message"]?.stringValue }
}

extension JSONValue {
    /// The elements of a list; none when it is no list.
    var elements: [JSONValue] { arrayValue ?? [] }

    /// The texts that the elements of a list have under a name, sorted; null is `-`.
    func texts(_ name: String) -> [String] { elements.map { $0[name]?.stringValue ?? "-" }.sorted() }
}

/// A model whose instances wait in one external task of the topic `work`, unless `content` says otherwise.
func workModel(_ key: String, _ content: String? = nil) -> String {
    let content =
        content
            ?? """
            <startEvent id="start"/><sequenceFlow id="a" sourceRef="start" targetRef="work"/>
            <serviceTask id="work" camunda:type="external" camunda:topic="work"/>
            <sequenceFlow id="b" sourceRef="work" targetRef="end"/><endEvent id="end"/>
            """
    return """
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
            xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
          <process id="\(key)" isExecutable="true">\(content)</process>
        </definitions>
        """
}
