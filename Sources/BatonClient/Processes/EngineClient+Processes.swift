import HTTPTypes
import JSON

extension EngineClient {
    /// Deploys models and other files.
    ///
    /// - Throws: ``BatonError``; ``BatonError/Code/refused`` when a model cannot be used, with what is wrong in its
    ///   message.
    @discardableResult
    public func deploy(_ request: DeploymentRequest) async throws -> Deployment {
        let fields: [(String, String?)] = [
            ("deployment-name", request.name), ("deployment-source", request.source), ("tenant-id", request.tenantID),
            ("enable-duplicate-filtering", request.skipsDuplicates ? "true" : nil),
        ]
        let form = MultipartForm()
        let body = form.body(
            fields: fields.compactMap { name, value in value.map { (name, $0) } },
            files: request.files
        )
        let call = Call(
            operation: .deploy,
            path: "/deployment/create",
            body: .bytes(body),
            contentType: form.contentType,
            repetition: .ifNothingHappened,
            additionalTime: .seconds(60)
        )
        return try Deployment(json: try await json(answering: call))
    }

    /// Starts a process.
    ///
    /// Not repeated when the outcome is unknown: there would be two instances.
    /// - Throws: ``BatonError``; ``BatonError/Code/notFound`` when there is no such process.
    public func startProcess(_ request: StartRequest) async throws -> ProcessInstance {
        var writer = JSONWriter()
        writer.beginObject()
        if let key = request.businessKey { writer.member("businessKey", key) }
        try request.variables.writeMember("variables", to: &writer)
        writer.endObject()
        let tenant = request.tenantID.map { "/tenant-id/\(pathPart($0))" } ?? ""
        let call = Call(
            operation: .startProcess,
            path: "/process-definition/key/\(pathPart(request.processKey))\(tenant)/start",
            body: .bytes(writer.bytes),
            repetition: .ifNothingHappened
        )
        return try ProcessInstance(json: try await json(answering: call))
    }

    /// Correlates a message.
    ///
    /// Not repeated when the outcome is unknown: it might start or move two instances.
    /// - Throws: ``BatonError``; ``BatonError/Code/refused`` when nobody waits for it, or several do.
    public func correlate(_ message: Message) async throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("messageName", message.name)
        if let key = message.businessKey { writer.member("businessKey", key) }
        if let id = message.processInstanceID { writer.member("processInstanceId", id) }
        try message.correlationKeys.writeMember("correlationKeys", to: &writer)
        try message.variables.writeMember("processVariables", to: &writer)
        if message.isForAll { writer.member("all", true) }
        writer.endObject()
        let call = Call(
            operation: .correlateMessage,
            path: "/message",
            body: .bytes(writer.bytes),
            repetition: .ifNothingHappened
        )
        _ = try await answer(to: call)
    }

    /// The version that the server says it has, such as `7.24.0`; nil when it does not say.
    ///
    /// - Throws: ``BatonError``.
    public func version() async throws -> String? {
        let call = Call(operation: .version, method: .get, path: "/version", repetition: .always)
        return try await json(answering: call)["version"]?.stringValue
    }
}

// MARK: Reading

extension Deployment {
    fileprivate init(json: JSONValue) throws {
        guard let id = json["id"]?.stringValue else {
            throw BatonError(.invalidAnswer, operation: .deploy, message: "The answer names no deployment")
        }
        let definitions = json["deployedProcessDefinitions"]?.objectValue.map { Array($0.values) } ?? []
        self.init(
            id: id,
            name: json["name"]?.stringValue,
            processDefinitions: definitions.compactMap { ProcessDefinition(json: $0) }
        )
    }
}

extension ProcessDefinition {
    fileprivate init?(json: JSONValue) {
        guard let id = json["id"]?.stringValue, let key = json["key"]?.stringValue else { return nil }
        self.init(
            id: id,
            key: key,
            version: json["version"]?.int64Value.map { Int($0) } ?? 1,
            name: json["name"]?.stringValue,
            tenantID: json["tenantId"]?.stringValue
        )
    }
}

extension ProcessInstance {
    fileprivate init(json: JSONValue) throws {
        guard let id = json["id"]?.stringValue else {
            throw BatonError(.invalidAnswer, operation: .startProcess, message: "The answer names no process instance")
        }
        self.init(
            id: id,
            processDefinitionID: json["definitionId"]?.stringValue ?? "",
            businessKey: json["businessKey"]?.stringValue,
            isEnded: json["ended"]?.boolValue ?? false,
            isSuspended: json["suspended"]?.boolValue ?? false,
            tenantID: json["tenantId"]?.stringValue
        )
    }
}
