import JSON

extension ExternalTask {
    /// Reads the answer to a fetch.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidAnswer`` when it is none.
    static func list(json: JSONValue) throws -> [ExternalTask] {
        guard let elements = json.arrayValue else { throw unreadable("it is no array") }
        return try elements.map { try ExternalTask(json: $0) }
    }

    private init(json: JSONValue) throws {
        func required(_ name: String) throws -> String {
            guard let text = json[name]?.stringValue else { throw Self.unreadable("a task has no \(name)") }
            return text
        }
        self.init(
            id: try required("id"),
            workerID: try required("workerId"),
            topic: try required("topicName"),
            variables: Variables(json: json["variables"]),
            businessKey: json["businessKey"]?.stringValue,
            retries: json["retries"]?.int64Value.map { Int($0) },
            priority: json["priority"]?.int64Value ?? 0,
            lockExpiration: json["lockExpirationTime"]?.stringValue.flatMap { Moment.date($0) },
            createTime: json["createTime"]?.stringValue.flatMap { Moment.date($0) },
            errorMessage: json["errorMessage"]?.stringValue,
            errorDetails: json["errorDetails"]?.stringValue,
            activityID: json["activityId"]?.stringValue ?? "",
            activityInstanceID: json["activityInstanceId"]?.stringValue ?? "",
            executionID: json["executionId"]?.stringValue ?? "",
            processInstanceID: json["processInstanceId"]?.stringValue ?? "",
            processDefinitionID: json["processDefinitionId"]?.stringValue ?? "",
            processDefinitionKey: json["processDefinitionKey"]?.stringValue ?? "",
            processDefinitionVersionTag: json["processDefinitionVersionTag"]?.stringValue,
            tenantID: json["tenantId"]?.stringValue,
            extensionProperties: Dictionary(
                (json["extensionProperties"]?.objectValue ?? JSONObject()).map { ($0.key, $0.value.stringValue) }
            ) { _, last in last }
        )
    }

    private static func unreadable(_ reason: String) -> BatonError {
        BatonError(.invalidAnswer, operation: .fetchAndLock, message: "The answer cannot be read: \(reason)")
    }
}
