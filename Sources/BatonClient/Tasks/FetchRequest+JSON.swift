import JSON

extension FetchRequest {
    /// The most topics and tasks that make sense in 32 bits.
    private static let bound = Int(Int32.max)

    /// The request's body.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidArgument`` when something is out of its bounds.
    func json() throws -> [UInt8] {
        try validate()
        var writer = JSONWriter(reservingCapacity: 512)
        writer.beginObject()
        writer.member("workerId", workerID)
        writer.member("maxTasks", maximumTasks)
        writer.member("usePriority", usesPriority)
        if let creationOrder {
            let order: JSONValue = creationOrder.isAscending ? "asc" : "desc"
            writer.member("sorting", [["sortBy": "createTime", "sortOrder": order]])
        }
        if let pollTimeout { writer.member("asyncResponseTimeout", pollTimeout.wholeMilliseconds) }
        writer.key("topics")
        writer.beginArray()
        for topic in topics {
            try topic.write(to: &writer)
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private func validate() throws {
        func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
            guard condition else {
                throw BatonError(.invalidArgument, operation: .fetchAndLock, message: message())
            }
        }
        try require(!workerID.isEmpty, "A worker must have an id")
        try require(
            (1...Self.bound).contains(maximumTasks),
            "A fetch must ask for at least 1 task, not \(maximumTasks)"
        )
        try require(!topics.isEmpty, "A fetch must name a topic")
        try require(Set(topics.map(\.name)).count == topics.count, "A fetch must name each topic once")
        for topic in topics {
            try require(!topic.name.isEmpty, "A topic must have a name")
            try require(
                topic.lockDuration >= .milliseconds(1) && topic.lockDuration <= .longest,
                "The lock of \(topic.name) must last 1 ms to 36,500 days, not \(topic.lockDuration)"
            )
        }
        if let pollTimeout {
            try require(
                pollTimeout >= .zero && pollTimeout <= Self.longestPollTimeout,
                "The time-out of a poll must be zero to 30 minutes, not \(pollTimeout)"
            )
        }
    }
}

extension FetchRequest.Topic {
    fileprivate func write(to writer: inout JSONWriter) throws {
        writer.beginObject()
        writer.member("topicName", name)
        writer.member("lockDuration", lockDuration.wholeMilliseconds)
        if let variables = options.variables { writer.member("variables", .strings(variables)) }
        if options.bringsLocalVariablesOnly { writer.member("localVariables", true) }
        if options.deserializesValues { writer.member("deserializeValues", true) }
        if options.includesExtensionProperties { writer.member("includeExtensionProperties", true) }
        if let key = options.businessKey { writer.member("businessKey", key) }
        if let id = options.processDefinitionID { writer.member("processDefinitionId", id) }
        if let key = options.processDefinitionKey { writer.member("processDefinitionKey", key) }
        if let tag = options.processDefinitionVersionTag { writer.member("processDefinitionVersionTag", tag) }
        for (name, values) in [
            ("processDefinitionIdIn", options.processDefinitionIDs),
            ("processDefinitionKeyIn", options.processDefinitionKeys), ("tenantIdIn", options.tenantIDs),
        ] where !values.isEmpty {
            writer.member(name, .strings(values))
        }
        if options.withoutTenant { writer.member("withoutTenantId", true) }
        if !options.processVariables.isEmpty {
            writer.key("processVariables")
            writer.beginObject()
            for (name, variable) in options.processVariables {
                writer.member(name, try variable.comparable(name))
            }
            writer.endObject()
        }
        writer.endObject()
    }
}

extension Variable {
    /// The bare value that a filter compares with.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidArgument`` when there is none for this type.
    fileprivate func comparable(_ name: String) throws -> JSONValue {
        switch content {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .short(let value): return .integer(Int64(value))
        case .integer(let value): return .integer(Int64(value))
        case .long(let value): return .integer(value)
        case .double(let value): return .number(value)
        case .string(let value): return .string(value)
        case .untyped(let text):
            if let value = try? JSONParser.parse(text), value.objectValue == nil, value.arrayValue == nil {
                return value
            }
        default: break
        }
        throw BatonError(
            .invalidArgument,
            operation: .fetchAndLock,
            message: "A filter cannot compare a variable of type \(type?.rawValue ?? "Object")",
            variable: name
        )
    }
}

extension JSONValue {
    fileprivate static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
}
