import EngineCore
import Expressions
import OrderedCollections
import Testing

@Suite struct `A user task` {
    private static func process(_ attributes: String, _ inside: String = "") throws -> ProcessUnderTest {
        try ProcessUnderTest(
            """
            <startEvent id="start"/><userTask id="work" \(attributes)>\(inside)</userTask><endEvent id="end"/>
            """ + flows("start-work", "work-end")
        )
    }

    private func task(of process: ProcessUnderTest) throws -> UserTask {
        try #require(process.tree.userTasks.values.first)
    }

    @Test func `has what its model says, evaluated when it is made`() throws {
        var process = try Self.process(
            """
            name="Check ${what}" camunda:assignee="${who}" camunda:priority="${level}" camunda:dueDate="${due}"
            camunda:followUpDate="2025-03-01T10:00:00" camunda:candidateUsers="ann, ${who}"
            camunda:candidateGroups="${groups}" camunda:formKey="form-${what}"
            """,
            "<documentation>Of ${what}</documentation>"
        )
        let due = Instant(millisecondsSinceEpoch: 1_800_000_000_000)
        let groups = VariableValue(.list([.string("office"), .string("sales")]))
        try process.start([
            "what": .string("claim"), "who": .string("bob"), "level": .integer(70), "due": .date(due), "groups": groups,
        ])
        let task = try task(of: process)
        #expect(task.name == "Check claim")
        #expect(task.description == "Of claim")
        #expect(task.assignee == "bob")
        #expect(task.priority == 70)
        #expect(task.dueTime == due)
        #expect(task.followUpTime == Instant(iso8601: "2025-03-01T10:00:00Z"))
        #expect(task.formKey == "form-claim")
        #expect(task.lastUpdateTime == nil)
        #expect(process.links == ["candidate ann", "candidate bob", "candidate group office", "candidate group sales"])
    }

    @Test func `has defaults where its model is silent`() throws {
        var process = try Self.process("")
        try process.start()
        let task = try task(of: process)
        #expect(task.priority == UserTask.defaultPriority)
        #expect(task.assignee == nil && task.dueTime == nil && task.formKey == nil && task.formReference == nil)
        #expect(process.links.isEmpty)
    }

    @Test func `knows its form by reference`() throws {
        var process = try Self.process(
            #"camunda:formRef="${form}" camunda:formRefBinding="version" camunda:formRefVersion="${2 + 1}""#
        )
        try process.start(["form": .string("invoice")])
        let task = try task(of: process)
        #expect(task.formReference == FormReference(key: "invoice", binding: "version", version: 3))
    }

    @Test(
        arguments: [
            ("P2D", 172_800_000), ("PT1H30M", 5_400_000), ("PT0.5S", 500), ("P1W", 604_800_000),
        ] as [(String, Int64)]
    )
    func `is due a while from now`(duration: String, milliseconds: Int64) throws {
        var process = try Self.process("camunda:dueDate=\"\(duration)\"")
        let now = process.moment
        try process.start()
        #expect(try task(of: process).dueTime == now.advanced(byMilliseconds: milliseconds))
    }

    @Test(arguments: [
        #"camunda:dueDate="soon""#, #"camunda:dueDate="P""#, #"camunda:dueDate="PT""#, #"camunda:dueDate="P1S""#,
        #"camunda:dueDate="${1}""#, #"camunda:priority="high""#, #"camunda:assignee="${nobody}""#,
        #"camunda:formRef="f" camunda:formRefVersion="new""#,
    ])
    func `cannot be made from what makes no sense`(attributes: String) throws {
        var process = try Self.process(attributes)
        let refusal = #expect(throws: Refusal.self) { try process.start() }
        guard case .rejected(.expressionFailed)? = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(process.events.isEmpty)
    }
}

@Suite struct `Working on a user task` {
    private func started() throws -> (ProcessUnderTest, UserTaskID) {
        var process = try ProcessUnderTest(
            """
            <startEvent id="start"/><userTask id="work"/><endEvent id="end"/>
            """ + flows("start-work", "work-end")
        )
        try process.start(["x": .integer(1)])
        return (process, try #require(process.tree.userTasks.keys.first))
    }

    @Test func `begins with claiming it`() throws {
        var (process, id) = try started()
        let moment = process.moment
        try process.decide(.changeUserTask(id, .claim(user: "ann")))
        #expect(process.tree.userTasks[id]?.assignee == "ann")
        #expect(process.tree.userTasks[id]?.lastUpdateTime == moment)
        try process.decide(.changeUserTask(id, .claim(user: "ann")))
        #expect(throws: Refusal.rejected(.userTaskClaimed(id))) {
            try process.decide(.changeUserTask(id, .claim(user: "bob")))
        }
        try process.decide(.changeUserTask(id, .assign(user: "bob")))
        #expect(process.tree.userTasks[id]?.assignee == "bob")
        try process.decide(.changeUserTask(id, .claim(user: nil)))
        #expect(process.tree.userTasks[id]?.assignee == nil)
    }

    @Test func `may be delegated, and comes back resolved`() throws {
        var (process, id) = try started()
        try process.decide(.changeUserTask(id, .assign(user: "ann")))
        try process.decide(.changeUserTask(id, .delegate(to: "bob")))
        #expect(process.tree.userTasks[id]?.owner == "ann")
        #expect(process.tree.userTasks[id]?.assignee == "bob")
        #expect(process.tree.userTasks[id]?.delegation == .pending)
        let variables = [VariableInput(name: "x", value: .integer(2)), VariableInput(name: "y", value: .boolean(true))]
        try process.decide(.changeUserTask(id, .resolve(variables: variables)))
        #expect(process.tree.userTasks[id]?.assignee == "ann")
        #expect(process.tree.userTasks[id]?.delegation == .resolved)
        #expect(process.instanceVariables == ["x": .integer(2), "y": .boolean(true)])
    }

    @Test func `keeps the owner that there is when it is delegated`() throws {
        var (process, id) = try started()
        try process.decide(.changeUserTask(id, .own(user: "carl")))
        try process.decide(.changeUserTask(id, .delegate(to: "bob")))
        #expect(process.tree.userTasks[id]?.owner == "carl")
    }

    @Test func `replaces all its properties, but not its tenant`() throws {
        var (process, id) = try started()
        let due = Instant(millisecondsSinceEpoch: 5)
        let properties = UserTaskProperties(
            name: "n",
            description: "d",
            assignee: "a",
            owner: "o",
            delegation: .pending,
            dueTime: due,
            priority: 3,
            tenantID: "t"
        )
        try process.decide(.changeUserTask(id, .update(properties)))
        let task = try #require(process.tree.userTasks[id])
        #expect([task.name, task.description, task.assignee, task.owner] == ["n", "d", "a", "o"])
        #expect(task.delegation == .pending && task.dueTime == due && task.priority == 3)
        #expect(task.tenantID == nil)
    }

    @Test func `links people to it`() throws {
        var (process, id) = try started()
        try process.decide(.changeUserTask(id, .link(IdentityLink(type: "reviewer", .user("ann")))))
        try process.decide(.changeUserTask(id, .unlink(IdentityLink(type: "candidate", .group("it")))))
        #expect(process.links == ["reviewer ann", "no candidate group it"])
    }

    @Test func `is over when it is completed`() throws {
        var (process, id) = try started()
        try process.decide(.changeUserTask(id, .assign(user: "ann")))
        try process.decide(
            .completeUserTask(id, variables: [], localVariables: [], returnsVariables: false)
        )
        #expect(process.isEnded)
        #expect(process.history.contains("work"))
        #expect(throws: Refusal.rejected(.userTaskNotFound(id.description))) {
            try process.decide(.changeUserTask(id, .claim(user: "bob")))
        }
    }

    @Test func `needs the values of the variables that it is to tell`() throws {
        let (process, id) = try started()
        let whole = try #require(process.tree.scopes.values.first)
        var variable = try #require(process.tree.variables[whole.id]?["x"])
        variable.value = nil
        var rows = LoadedRows()
        rows.scopes = [whole]
        rows.userTasks = Array(process.tree.userTasks.values)
        rows.variables = [variable]
        var partial = InstanceTree()
        partial.add(rows)
        #expect(throws: Refusal.needs(.value(variable.id))) {
            try partial.decide(
                .completeUserTask(id, variables: [], localVariables: [], returnsVariables: true),
                given: process.facts
            )
        }
    }

    @Test func `is refused while it is suspended`() throws {
        var (process, id) = try started()
        let instance = try #require(process.tree.scopes.values.first?.instance)
        try process.decide(.suspendInstance(instance, isSuspended: true))
        for change in [UserTaskChange.claim(user: "a"), .delegate(to: "a"), .update(UserTaskProperties())] {
            #expect(throws: Refusal.rejected(.userTaskSuspended(id))) {
                try process.decide(.changeUserTask(id, change))
            }
        }
    }

    @Test func `is remembered when its own variables are set`() throws {
        var (process, id) = try started()
        let input = VariableInput(name: "v", value: .integer(1))
        try process.decide(.changeVariables(id.execution, set: [input], remove: [], locally: false))
        #expect(process.tree.userTasks[id]?.lastUpdateTime == nil)
        let moment = process.moment
        try process.decide(.changeVariables(id.execution, set: [input], remove: [], locally: true))
        #expect(process.tree.userTasks[id]?.lastUpdateTime == moment)
    }
}

@Suite struct `A task that belongs to no process` {
    private func created() throws -> (ProcessUnderTest, UserTaskID) {
        var process = try ProcessUnderTest("<startEvent id='start'/>")
        let id = try #require(UserTaskID("0196fd1c-0000-7000-8000-00000000000a"))
        try process.decide(.createUserTask(id, UserTaskProperties(name: "call", priority: 9, tenantID: "acme")))
        return (process, id)
    }

    @Test func `is made, changed, and completed with its variables`() throws {
        var (process, id) = try created()
        #expect(process.tree.userTasks[id]?.tenantID == "acme")
        try process.decide(.changeUserTask(id, .claim(user: "ann")))
        let input = VariableInput(name: "v", value: .integer(1))
        try process.decide(.changeVariables(id.execution, set: [input], remove: [], locally: false))
        #expect(process.tree.variables[id.execution]?["v"]?.value == .integer(1))
        try process.decide(.changeUserTask(id, .resolve(variables: [VariableInput(name: "w", value: .null)])))
        #expect(process.tree.variables[id.execution]?["w"]?.value == .null)
        try process.decide(.completeUserTask(id, variables: [], localVariables: [], returnsVariables: true))
        #expect(process.tree.userTasks.isEmpty)
        #expect(process.tree.variables[id.execution] == nil)
        #expect(process.history.isEmpty)
    }

    @Test func `can be deleted, while a task of a process cannot`() throws {
        var (process, id) = try created()
        try process.decide(.deleteUserTask(id))
        #expect(process.tree.userTasks.isEmpty)
        #expect(throws: Refusal.rejected(.userTaskNotFound(id.description))) { try process.decide(.deleteUserTask(id)) }

        var other = try ProcessUnderTest(
            "<startEvent id='start'/><userTask id='work'/>" + flows("start-work")
        )
        try other.start()
        let task = try #require(other.tree.userTasks.keys.first)
        #expect(throws: Refusal.rejected(.userTaskOfProcess(task))) { try other.decide(.deleteUserTask(task)) }
    }

    @Test func `is not made twice, and has nobody to catch an error`() throws {
        var (process, id) = try created()
        #expect(throws: Refusal.rejected(.userTaskExists(id))) {
            try process.decide(.createUserTask(id, UserTaskProperties()))
        }
        #expect(throws: Refusal.rejected(.userTaskWithoutProcess(id))) {
            try process.decide(.throwUserTaskError(id, code: "c", message: nil, variables: []))
        }
    }
}

extension ProcessUnderTest {
    /// What happened to identity links: type and party, with `no` before those that were removed.
    fileprivate var links: [String] {
        events.compactMap { event in
            switch event {
            case .identityLinkAdded(_, let link): link.text
            case .identityLinkRemoved(_, let link): "no " + link.text
            default: nil
            }
        }
    }
}

extension IdentityLink {
    fileprivate var text: String {
        switch party {
        case .user(let user): "\(type) \(user)"
        case .group(let group): "\(type) group \(group)"
        }
    }
}
