import EngineCore
import EngineStore
import JSON

/// The body of a fetch: its members read, not yet checked.
struct FetchBody: Sendable {
    private let worker: String?
    private let maxTasks: Int32
    private let usePriority: Bool
    private let timeout: Int64?
    private let sorting: [Sorting]
    private let topics: [FetchTopic]

    private struct Sorting: Sendable {
        var field: String?
        var order: String?
    }

    /// Reads the members.
    ///
    /// `longestPoll`: The longest a poll may wait, in milliseconds.
    /// - Throws: ``APIError`` when one has the wrong JSON type, or the time to wait is too long.
    init(_ fields: JSONFields, longestPoll longest: Int64) throws(APIError) {
        worker = try fields.string("workerId")
        maxTasks = try fields.int32("maxTasks")
        usePriority = try fields.bool("usePriority")
        timeout = try fields.optionalInt64("asyncResponseTimeout")
        _ = try fields.optionalBool("includeExtensionProperties")  // Accepted here, without effect.
        var sorting: [Sorting] = []
        for entry in try fields.list("sorting") ?? [] {
            guard let entry else { throw .nullPointer("An element of 'sorting' is null") }
            sorting.append(Sorting(field: try entry.string("sortBy"), order: try entry.string("sortOrder")))
        }
        self.sorting = sorting
        var topics: [FetchTopic] = []
        for entry in try fields.list("topics") ?? [] {
            guard let entry else { throw .nullPointer("An element of 'topics' is null") }
            topics.append(try FetchTopic(entry))
        }
        self.topics = topics
        if let timeout, timeout > longest {
            throw .invalidRequest(
                "The asynchronous response timeout cannot be set to a value greater than \(longest) milliseconds"
            )
        }
    }

    /// The wish that the body stands for.
    ///
    /// As in the contract, what the caller may not fetch is left out without a word.
    ///
    /// `permitted`: The topics that the caller is limited to; nil for none of that.
    /// - Throws: ``APIError`` for the first check that fails, in the contract's order.
    func request(within permitted: Set<String>? = nil) throws(APIError) -> FetchRequest {
        let direction = try direction()
        guard let worker else { throw .missing("workerId") }
        guard maxTasks >= 0 else { throw .engine("maxResults is not greater than or equal to 0") }
        var requests: [TopicRequest] = []
        requests.reserveCapacity(topics.count)
        for topic in topics { requests.append(try topic.request()) }
        if let permitted { requests.removeAll { !permitted.contains($0.topic) } }
        return FetchRequest(
            worker: WorkerID(worker),
            maxTasks: Int(maxTasks),
            order: FetchOrder(usePriority: usePriority, createTime: direction),
            topics: requests,
            timeout: timeout.map { .milliseconds(max(0, $0)) }
        )
    }

    /// Only the create time can be sorted by; of several wishes the first counts.
    private func direction() throws(APIError) -> FetchOrder.SortDirection? {
        var first: FetchOrder.SortDirection?
        for sorting in sorting {
            guard sorting.field == "createTime" else {
                throw .invalidRequest("Cannot set query sortBy parameter to value \(sorting.field ?? "null")")
            }
            let direction: FetchOrder.SortDirection
            switch sorting.order {
            case "asc"?: direction = .ascending
            case "desc"?: direction = .descending
            case nil: throw .directionMissing
            case let order?: throw .invalidRequest("Cannot set query sortOrder parameter to value \(order)")
            }
            first = first ?? direction
        }
        return first
    }
}

/// One topic of a fetch, read but not checked.
private struct FetchTopic: Sendable {
    private let name: String?
    private let lockDuration: Int64
    /// Everything but the name and the duration.
    private let template: TopicRequest
    private let processVariables: JSONObject

    init(_ fields: JSONFields) throws(APIError) {
        name = try fields.string("topicName")
        lockDuration = try fields.int64("lockDuration")
        processVariables = try fields.fields("processVariables")?.object ?? JSONObject()
        var template = TopicRequest(topic: name ?? "", lockMilliseconds: lockDuration)
        template.variables = try fields.strings("variables")?.compactMap(\.self)
        template.localVariables = try fields.bool("localVariables")
        template.deserializeValues = try fields.bool("deserializeValues")
        template.includeExtensionProperties = try fields.bool("includeExtensionProperties")
        template.businessKey = try fields.string("businessKey")
        template.processDefinitionID = try fields.string("processDefinitionId")
        template.processDefinitionKey = try fields.string("processDefinitionKey")
        template.processDefinitionIDIn = try fields.strings("processDefinitionIdIn") ?? []
        template.processDefinitionKeyIn = try fields.strings("processDefinitionKeyIn") ?? []
        template.processDefinitionVersionTag = try fields.string("processDefinitionVersionTag")
        template.tenantIDIn = try fields.strings("tenantIdIn")
        template.withoutTenantID = try fields.bool("withoutTenantId")
        self.template = template
    }

    func request() throws(APIError) -> TopicRequest {
        guard name != nil else { throw .missing("topicName") }
        guard lockDuration > 0 else { throw .engine("lockTime is not greater than 0") }
        var request = template
        for (name, value) in processVariables {
            request.processVariables.append(try VariableInput(queried: name, value))
        }
        return request
    }
}

extension VariableInput {
    /// A variable that is asked for by its value; the JSON type decides what type it must have.
    ///
    /// - Throws: ``APIError`` for objects and arrays.
    init(queried name: String, _ value: JSONValue) throws(APIError) {
        guard !name.utf8.contains(0) else { throw .unstorable }
        switch value {
        case .null: self.init(name: name, value: .null)
        case .boolean(let value): self.init(name: name, value: .boolean(value))
        case .integer(let value):
            self.init(name: name, value: Int32(exactly: value).map { .integer($0) } ?? .long(value))
        case .number(let value): self.init(name: name, value: .double(value))
        case .string: self.init(name: name, value: .string(try value.coercedToString()))
        case .bigInteger, .array, .object: throw .engine("Object values cannot be used to query")
        }
    }
}

extension APIError {
    /// A sorting without a direction.
    static let directionMissing = APIError.notValid(
        "Invalid query: call asc() or desc() after using orderByXX(): direction is null"
    )
}
