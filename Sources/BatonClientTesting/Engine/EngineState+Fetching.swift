import BatonClient
import Foundation
import JSON

/// A fetch as it was asked for.
struct Fetch: Sendable {
    struct Topic: Sendable {
        var name: String
        var lockDuration: Duration
        var entry: JSONValue
    }

    var workerID: String
    var maximumTasks: Int
    var usesPriority: Bool
    /// Whether the oldest come first; nil for no order.
    var isOldestFirst: Bool?
    var timeout: Duration
    var topics: [Topic]

    /// Reads the body of a fetch, in the contract's order.
    init(_ body: JSONValue) throws(Reply) {
        timeout = .milliseconds(body["asyncResponseTimeout"]?.int64Value ?? 0)
        if timeout > FetchRequest.longestPollTimeout {
            throw .error(
                400,
                "InvalidRequestException",
                "The asynchronous response timeout cannot be set to a value greater than 1800000 milliseconds",
                code: .null
            )
        }
        guard let workerID = body["workerId"]?.stringValue else { throw .isNull("workerId") }
        self.workerID = workerID
        maximumTasks = Int(body["maxTasks"]?.int64Value ?? 0)
        guard maximumTasks >= 0 else {
            throw .error(500, "ProcessEngineException", "maxResults is not greater than or equal to 0")
        }
        usesPriority = body["usePriority"]?.boolValue ?? false
        let order = body["sorting"]?[0]?["sortOrder"]?.stringValue
        isOldestFirst = order.map { $0 == "asc" }
        var topics: [Topic] = []
        for entry in body["topics"]?.arrayValue ?? [] {
            guard let name = entry["topicName"]?.stringValue else { throw .isNull("topicName") }
            let milliseconds = entry["lockDuration"]?.int64Value ?? 0
            guard milliseconds > 0 else {
                throw .error(500, "ProcessEngineException", "lockTime is not greater than 0")
            }
            // Of two entries with one name the later one counts.
            topics.removeAll { $0.name == name }
            topics.append(Topic(name: name, lockDuration: .milliseconds(milliseconds), entry: entry))
        }
        self.topics = topics
    }
}

extension EngineState {
    /// Locks the tasks that a fetch may have, and returns them as they are answered.
    mutating func fetch(_ fetch: Fetch, at now: Duration) -> [JSONValue] {
        let candidates = tasks.indices.compactMap { index -> (index: Int, topic: Fetch.Topic)? in
            guard tasks[index].isFree(at: now) else { return nil }
            let topic = fetch.topics.first { $0.name == tasks[index].topic && matches(tasks[index], $0.entry) }
            return topic.map { (index, $0) }
        }
        let ordered = candidates.sorted { left, right in
            let (first, second) = (tasks[left.index], tasks[right.index])
            if fetch.usesPriority, first.priority != second.priority { return first.priority > second.priority }
            if let isOldestFirst = fetch.isOldestFirst, first.createTime != second.createTime {
                return (first.createTime < second.createTime) == isOldestFirst
            }
            return left.index < right.index
        }
        return ordered.prefix(fetch.maximumTasks).map { index, topic in
            tasks[index].workerID = fetch.workerID
            tasks[index].lockEnd = now + topic.lockDuration
            return answer(tasks[index], topic.entry)
        }
    }

    /// When the next lock runs out that a fetch might be waiting for.
    func nextLockEnd(after now: Duration) -> Duration? {
        tasks.filter { $0.status == .open }.compactMap(\.lockEnd).filter { $0 > now }.min()
    }

    private func matches(_ task: StoredTask, _ filter: JSONValue) -> Bool {
        guard let instance = instances[task.instanceID] else { return false }
        let definition = instance.definition
        func equals(_ name: String, _ value: String?) -> Bool {
            filter[name]?.stringValue.map { $0 == value } ?? true
        }
        func contains(_ name: String, _ value: String?) -> Bool {
            guard let list = filter[name]?.arrayValue, !list.isEmpty else { return true }
            return list.contains { $0.stringValue == value && value != nil }
        }
        let isOfTenant =
            if filter["tenantIdIn"]?.arrayValue != nil { contains("tenantIdIn", definition.tenantID) } else {
                filter["withoutTenantId"]?.boolValue != true || definition.tenantID == nil
            }
        return equals("businessKey", instance.businessKey)
            && equals("processDefinitionId", definition.id) && contains("processDefinitionIdIn", definition.id)
            && equals("processDefinitionKey", definition.key) && contains("processDefinitionKeyIn", definition.key)
            && matchesVersionTag(filter["processDefinitionVersionTag"]?.stringValue, definition.versionTag)
            && isOfTenant && matchesVariables(filter["processVariables"]?.objectValue, instance)
    }

    /// One of several is enough, with the same value and type.
    private func matchesVariables(_ wanted: JSONObject?, _ instance: StoredInstance) -> Bool {
        guard let wanted, !wanted.isEmpty else { return true }
        return wanted.contains { name, value in
            guard let variable = instance.variables[name] else { return false }
            let typed = WireVariable.typed(["value": value])
            return variable["type"] == typed["type"] && variable["value"] == typed["value"]
        }
    }

    /// `%` stands for any text, `_` for any character.
    private func matchesVersionTag(_ pattern: String?, _ tag: String?) -> Bool {
        guard let pattern else { return true }
        guard let tag else { return false }
        return Self.isLike(Array(tag)[...], Array(pattern)[...])
    }

    private static func isLike(_ text: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        if first == "%" { return (0...text.count).contains { isLike(text.dropFirst($0), rest) } }
        return !text.isEmpty && (first == "_" || first == text.first) && isLike(text.dropFirst(), rest)
    }

    private func answer(_ task: StoredTask, _ entry: JSONValue) -> JSONValue {
        let instance = instances[task.instanceID]
        var variables = task.variables
        if entry["localVariables"]?.boolValue != true {
            variables.merge(instance?.variables ?? [:]) { own, _ in own }
        }
        if let names = entry["variables"]?.arrayValue?.compactMap(\.stringValue) {
            variables = variables.filter { names.contains($0.key) }
        }
        let brings = entry["includeExtensionProperties"]?.boolValue == true
        return [
            "id": .string(task.id), "workerId": .optional(task.workerID), "topicName": .string(task.topic),
            "activityId": .string(task.activityID), "activityInstanceId": .string("\(task.activityID):\(task.id)"),
            "executionId": .string(task.executionID), "processInstanceId": .string(task.instanceID),
            "processDefinitionId": .optional(instance?.definition.id),
            "processDefinitionKey": .optional(instance?.definition.key),
            "processDefinitionVersionTag": .optional(instance?.definition.versionTag),
            "tenantId": .optional(instance?.definition.tenantID), "businessKey": .optional(instance?.businessKey),
            "errorMessage": .optional(task.errorMessage), "errorDetails": .optional(task.errorDetails),
            "retries": task.retries.map { .integer(Int64($0)) } ?? .null, "suspended": false,
            "priority": .integer(task.priority),
            "lockExpirationTime": task.lockEnd.map { .string(WireVariable.date($0)) } ?? .null,
            "createTime": .string(WireVariable.date(task.createTime)),
            "variables": .object(JSONObject(variables.map { ($0, WireVariable.answered($1)) })),
            "extensionProperties": .object(
                JSONObject(brings ? task.extensionProperties.map { ($0, .optional($1)) } : [])
            ),
        ]
    }
}

extension JSONValue {
    static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
