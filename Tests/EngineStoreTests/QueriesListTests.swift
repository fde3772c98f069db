import EngineCore
import Expressions
import Postgres
import TestSupport
import Testing

@testable import EngineStore

/// A list with a name for the test's output.
struct ListUnderTest: Sendable, CustomTestStringConvertible {
    var name: String
    var check: @Sendable () async throws -> Void

    /// Runs the list and its count without conditions, with all of them, and sorted by everything.
    init<Query: ListQuery>(_ query: Query) {
        name = "\(Query.name)"
        check = {
            var sorted = query
            sorted.sorting = Query.Field.allCases.map { Sorting($0, .descending) }
            sorted.page = Page(firstResult: 1, maxResults: 10)
            for query in [Query(), query, sorted] {
                let rows = try await Database.current.pool.run(query.list, rows: Query.rows)
                let counts = try await Database.current.pool.run(query.count, rows: RowDecoder(Int.self))
                #expect(rows.isEmpty)
                #expect(counts == [0])
            }
        }
    }

    var testDescription: String { name }
}

@Suite(.database) struct `Every list` {
    @Test(arguments: Lists.all)
    func `is accepted by the schema with any filter and order`(list: ListUnderTest) async throws {
        try await list.check()
    }
}

/// Every list with every filter set.
private enum Lists {
    static let all: [ListUnderTest] = [
        ListUnderTest(externalTasks), ListUnderTest(processInstances), ListUnderTest(executions),
        ListUnderTest(variables), ListUnderTest(incidents), ListUnderTest(userTasks), ListUnderTest(definitions),
        ListUnderTest(deployments), ListUnderTest(historicInstances), ListUnderTest(historicActivities),
        ListUnderTest(historicVariables), ListUnderTest(historicIncidents), ListUnderTest(historicTasks),
        ListUnderTest(log), ListUnderTest(subscriptions),
    ]

    private static let subscriptions: EventSubscriptionQuery = {
        var query = EventSubscriptionQuery()
        query.subscriptionID = id
        query.eventName = "n"
        query.eventType = "signal"
        query.executionID = id
        query.processInstanceID = id
        query.activityID = "a"
        query.tenants = tenants
        return query
    }()

    static let id = "0b0f0e5e-9d6b-4b43-9a84-5d6a4b3c2d1e"
    static let moment = Instant(millisecondsSinceEpoch: 1_700_000_000_000)

    static let tenants: TenantFilter = {
        var filter = TenantFilter()
        filter.tenantIDIn = ["t"]
        filter.includesWithoutTenantID = true
        return filter
    }()

    static let openIncidents: IncidentFilter = {
        var filter = IncidentFilter()
        (filter.id, filter.type, filter.message, filter.messageLike) = (id, "failedExternalTask", "m", "m%")
        return filter
    }()

    static let moments: MomentFilter = {
        var filter = MomentFilter()
        (filter.at, filter.before, filter.after, filter.isMissing) = (moment, moment, moment, true)
        return filter
    }()

    static let conditions: [VariableFilter] = VariableFilter.Comparison.allCases.flatMap { comparison in
        [.text("x\\"), .whole(3), .fraction(3.5), .null, .boolean(true), .date(moment)].map { value in
            VariableFilter(
                name: "a",
                comparison: comparison,
                value: value,
                ignoresNameCase: true,
                ignoresValueCase: true
            )
        }
    }

    static let externalTasks: ExternalTaskQuery = {
        var query = ExternalTaskQuery()
        query.externalTaskID = id
        query.externalTaskIDIn = [id, "no-id"]
        query.topicName = "t"
        query.activityIDIn = ["a"]
        query.processInstanceIDIn = [id]
        query.processDefinitionNameLike = "n\\"
        query.tenants = tenants
        (query.isLocked, query.isNotLocked, query.withRetriesLeft, query.isActive) = (true, true, true, true)
        (query.lockExpirationBefore, query.lockExpirationAfter) = (moment, moment)
        (query.priorityAtLeast, query.priorityAtMost) = (1, 2)
        query.processVariables = conditions
        return query
    }()

    static let processInstances: ProcessInstanceQuery = {
        var query = ProcessInstanceQuery()
        query.processInstanceIDs = [id]
        query.businessKeyLike = "b%"
        query.processDefinitionKeyNotIn = ["k"]
        query.deploymentID = id
        query.rootProcessInstanceID = id
        (query.isRoot, query.isSuspended) = (true, true)
        (query.incidents, query.tenants) = (openIncidents, tenants)
        query.activityIDIn = ["a"]
        query.variables = conditions
        return query
    }()

    static let executions: ExecutionQuery = {
        var query = ExecutionQuery()
        query.executionID = id
        query.activityID = "a"
        query.isActive = true
        (query.incidents, query.tenants) = (openIncidents, tenants)
        (query.variables, query.processVariables) = (conditions, conditions)
        return query
    }()

    static let variables: VariableInstanceQuery = {
        var query = VariableInstanceQuery()
        query.variableID = id
        (query.variableName, query.variableNameLike, query.ignoresNameCase) = ("n", "n%", true)
        (query.processInstanceIDIn, query.executionIDIn, query.variableScopeIDIn) = ([id], [id], [id])
        (query.taskIDIn, query.activityInstanceIDIn, query.tenants) = ([id], ["a:1"], tenants)
        query.variableValues = conditions
        return query
    }()

    static let incidents: IncidentQuery = {
        var query = IncidentQuery()
        (query.incidentID, query.causeIncidentID, query.rootCauseIncidentID) = (id, id, id)
        (query.timestampBefore, query.timestampAfter) = (moment, moment)
        (query.processDefinitionKeyIn, query.tenants) = (["k"], tenants)
        return query
    }()

    static let userTasks: UserTaskQuery = {
        var query = UserTaskQuery()
        query.taskIDIn = [id]
        query.assigneeNotIn = ["p"]
        (query.taskName, query.taskNameLike, query.taskNameNotEqual, query.taskNameNotLike) = ("n", "n%", "m", "m%")
        (query.priority, query.minPriority, query.maxPriority) = (1, 1, 1)
        (query.due, query.followUp, query.created) = (moments, moments, moments)
        query.followUpBeforeOrNotExistent = moment
        (query.candidates.user, query.candidates.group, query.candidates.groups) = ("u", "g", ["g"])
        (query.candidates.groupLike, query.candidates.involvedUser) = ("g%", "u")
        (query.candidates.withGroups, query.candidates.withoutUsers) = (true, true)
        (query.taskVariables, query.processVariables, query.tenants) = (conditions, conditions, tenants)
        return query
    }()

    static let definitions: DefinitionQuery = {
        var query = DefinitionQuery()
        (query.definitionIDIn, query.deploymentID, query.version) = (["d"], id, 1)
        (query.deployedAfter, query.deployedAt) = (moment, moment)
        (query.isLatestVersion, query.withoutVersionTag, query.isStartableInTasklist) = (true, true, true)
        (query.incidents, query.tenants) = (openIncidents, tenants)
        return query
    }()

    static let deployments: DeploymentQuery = {
        var query = DeploymentQuery()
        (query.deploymentID, query.withoutSource, query.tenants) = (id, true, tenants)
        (query.deployedBefore, query.deployedAfter) = (moment, moment)
        return query
    }()

    static let historicInstances: HistoricInstanceQuery = {
        var query = HistoricInstanceQuery()
        (query.processInstanceIDs, query.processInstanceIDNotIn, query.rootProcessInstanceID) = ([id], [id], id)
        (query.isRoot, query.isFinished, query.isUnfinished, query.withRootIncidents) = (true, true, true, true)
        (query.incidentIDIn, query.incidentStatus, query.incidentMessageLike) = ([id], "resolved", "m%")
        (query.executedActivityBefore, query.executedActivityAfter) = (moment, moment)
        (query.executedActivityIDIn, query.activeActivityIDIn, query.states) = (["a"], ["a"], ["ACTIVE"])
        (query.startedBefore, query.finishedAfter) = (moment, moment)
        (query.variables, query.tenants) = (conditions, tenants)
        return query
    }()

    static let historicActivities: HistoricActivityQuery = {
        var query = HistoricActivityQuery()
        (query.activityInstanceID, query.processInstanceID, query.executionID) = ("a:1", id, id)
        (query.activityName, query.activityType) = ("n", "serviceTask")
        query.runningActivities = [RunningActivity(definitionID: "d", activityID: "a", name: nil, type: "serviceTask")]
        (query.isFinished, query.isCanceled, query.completesScope) = (true, true, true)
        (query.startedBefore, query.finishedAfter, query.tenants) = (moment, moment, tenants)
        return query
    }()

    static let historicVariables: HistoricVariableQuery = {
        var query = HistoricVariableQuery()
        (query.variableName, query.ignoresNameCase, query.value) = ("n", true, conditions[0])
        (query.variableTypeIn, query.processDefinitionID, query.processDefinitionKey) = (["String"], "d", "k")
        (query.processInstanceID, query.executionIDIn, query.taskIDIn) = (id, [id], [id])
        query.tenants = tenants
        return query
    }()

    static let historicIncidents: HistoricIncidentQuery = {
        var query = HistoricIncidentQuery()
        (query.incidentID, query.states, query.processDefinitionKeyIn) = (id, ["open", "deleted"], ["k"])
        (query.createdBefore, query.endedAfter, query.tenants) = (moment, moment, tenants)
        return query
    }()

    static let historicTasks: HistoricTaskQuery = {
        var query = HistoricTaskQuery()
        (query.businessKeyIn, query.due, query.followUp, query.priority) = (["b"], moments, moments, 1)
        (query.isProcessFinished, query.isProcessUnfinished, query.isFinished) = (true, true, true)
        (query.taskVariables, query.processVariables, query.tenants) = (conditions, conditions, tenants)
        return query
    }()

    static let log: ExternalTaskLogQuery = {
        var query = ExternalTaskLogQuery()
        (query.logID, query.externalTaskID, query.executionIDIn) = (id, id, [id])
        (query.priorityAtLeast, query.priorityAtMost, query.state, query.tenants) = (1, 2, "failed", tenants)
        return query
    }()
}
