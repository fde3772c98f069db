import EngineCore
import EngineRuntime
import EngineStore
import FoundationEssentials
import TestSupport
import Testing

@Suite(.database) struct `User tasks on several nodes` {
    @Test func `are claimed by one of many who want them`() async throws {
        try await RunningEngine.nodes(2) { nodes in
            let definition = try await nodes[0].deploy("claimed", oneUserTask)
            let started = try await nodes[0].start(definition)
            let standalone = try await nodes[1].createUserTask(nil, UserTaskProperties(name: "alone"))
            for id in [try await nodes[0].userTask(of: started.id).id, standalone] {
                let winners = await withTaskGroup(of: String?.self) { group in
                    for number in 0..<20 {
                        let (node, user) = (nodes[number % 2], "user-\(number)")
                        group.addTask {
                            do {
                                try await node.changeUserTask(id.description, .claim(user: user))
                                return user
                            } catch {
                                #expect(error as? Rejection == .userTaskClaimed(id))
                                return nil
                            }
                        }
                    }
                    return await group.reduce(into: [String]()) { if let user = $1 { $0.append(user) } }
                }
                #expect(winners.count == 1)
                var query = UserTaskQuery()
                query.taskID = id.description
                #expect(try await nodes[1].userTasks(query).first?.assignee == winners.first)
            }
        }
    }

    @Test(arguments: [
        UserTaskChange.assign(user: String(repeating: "x", count: 256)),
        .link(IdentityLink(type: String(repeating: "x", count: 256), .user("u"))),
        .update(UserTaskProperties(description: String(repeating: "x", count: 4_001))),
    ])
    func `take no texts that are too long`(change: UserTaskChange) async throws {
        try await RunningEngine.one { engine in
            let task = try await engine.createUserTask(nil, UserTaskProperties())
            let rejection = await #expect(throws: Rejection.self) {
                try await engine.changeUserTask(task.description, change)
            }
            guard case .valueTooLong? = rejection else {
                Issue.record("\(String(describing: rejection))")
                return
            }
        }
    }

    @Test func `do not take an id that something else has`() async throws {
        try await RunningEngine.one { engine in
            let definition = try await engine.deploy("taken", oneUserTask)
            let started = try await engine.start(definition)
            let id = UserTaskID(started.id.rawValue)
            await #expect(throws: Rejection.userTaskExists(id)) {
                try await engine.createUserTask(id.description, UserTaskProperties())
            }
        }
    }
}

@Suite(.database) struct `Identity links` {
    @Test func `leave no identity links behind, however they end`() async throws {
        try await RunningEngine.one { engine in
            let definition = try await engine.deploy("linked", oneUserTask)
            let completed = try await engine.start(definition)
            let deleted = try await engine.start(definition)
            #expect(try await engine.count("identity_link") == 4)
            let id = try await engine.userTask(of: completed.id).id.description
            try await engine.changeUserTask(id, .link(IdentityLink(type: "watcher", .user("w"))))
            #expect(
                try await engine.identityLinks(ofUserTask: id).map(\.type) == ["candidate", "candidate", "watcher"]
            )
            try await engine.completeUserTask(id)
            #expect(try await engine.count("identity_link") == 2)
            try await engine.deleteProcessInstance(deleted.id.description)
            #expect(try await engine.count("identity_link") == 0)
            #expect(try await engine.count("user_task") == 0)
        }
    }
}

/// A process of one user task that three entries name as candidates, one of them twice.
private let oneUserTask = """
    <startEvent id='start'/><userTask id='work' camunda:candidateGroups='a,b,a'/><endEvent id='end'/>
    <sequenceFlow id='f1' sourceRef='start' targetRef='work'/><sequenceFlow id='f2' sourceRef='work' targetRef='end'/>
    """

extension Engine {
    fileprivate func userTask(of instance: ProcessInstanceID) async throws -> UserTaskView {
        var query = UserTaskQuery()
        query.processInstanceID = instance.description
        return try #require(try await userTasks(query).first)
    }
}
