import BPMN
import EngineCore
import OrderedCollections

extension RandomProcess {
    /// The most steps that a process needs to its end.
    private static let maximumDrivingSteps = 600

    /// Drives the instance to its end, as somebody who wants it to end.
    ///
    /// - Returns: How it ended: by itself, or stuck at joins that wait for tokens which went elsewhere.
    /// - Throws: ``Failure`` when it cannot go on although nothing blocks it.
    package mutating func drive(_ random: inout SeededGenerator) throws(Failure) -> String {
        guard let root else { return "not started" }
        try run([.suspendInstance(root, isSuspended: false)], checking: &random)
        var futile = 0
        for _ in 0..<Self.maximumDrivingSteps {
            if isEnded { return "ended" }
            let waiting = whatWaits
            guard !waiting.isEmpty else { return "stuck at a join" }
            try mendVariables(&random)
            let isDone = try goOn(waiting[random.below(waiting.count)], &random)
            futile = isDone ? 0 : futile + 1
            guard futile < 60 else {
                throw Failure("an instance cannot go on", "\(waiting) in \(tree.scopes.values.map(\.activityID))")
            }
        }
        throw Failure("an instance does not end", "\(whatWaits)")
    }

    private enum Waiting {
        case externalTask(ExternalTaskID)
        case userTask(UserTaskID)
        case token(ExecutionID)
    }

    /// What somebody can do something about.
    private var whatWaits: [Waiting] {
        tree.externalTasks.keys.sorted { $0.description < $1.description }.map { .externalTask($0) }
            + tree.userTasks.keys.sorted { $0.description < $1.description }.map { .userTask($0) }
            + tree.tokens.values.filter(\.kind.isWait).map(\.id).sorted { $0.description < $1.description }
            .map { .token($0) }
    }

    /// - Returns: Whether the command was accepted.
    private mutating func goOn(_ waiting: Waiting, _ random: inout SeededGenerator) throws(Failure) -> Bool {
        let commands: [Command]
        switch waiting {
        case .externalTask(let id):
            let worker = tree.externalTasks[id]?.worker ?? "w"
            commands = [
                .lockExternalTask(id, worker: worker, milliseconds: 1000),
                .completeExternalTask(id, worker: worker, variables: [], localVariables: []),
            ]
        case .userTask(let id):
            commands = [.completeUserTask(id, variables: [], localVariables: [], returnsVariables: false)]
        case .token(let id):
            let own = tree.subscriptions[id]?.first { subscription in
                guard let event = definition.node(id: subscription.activityID) else { return false }
                if case .boundaryEvent = definition[event].kind { return false }
                return true
            }
            if let own {
                let delivery = EventDelivery(owner: id, kind: own.kind, name: own.name, subscription: own.id)
                commands = [.deliverEvent(delivery)]
            } else {
                commands = [.signalExecution(id, variables: [])]
            }
        }
        guard case .decided? = try run(commands, checking: &random).last else { return false }
        return true
    }

    /// Gives all variables that models mention a value with which a process can go on, wherever they are.
    private mutating func mendVariables(_ random: inout SeededGenerator) throws(Failure) {
        guard let root else { return }
        let names = ["a", "b", "c", "d", "flag", "again", "list"]
        var commands: [Command] = []
        let inputs = RandomStep.saneInputs(&random)
        commands.append(.changeVariables(ExecutionID(root), set: inputs, remove: [], locally: true))
        for owner in tree.variables.keys.sorted(by: { $0.description < $1.description }) where tree.hasExecution(owner)
        {
            let own = names.filter { tree.variables[owner]?[$0] != nil }
            guard !own.isEmpty, owner != ExecutionID(root) else { continue }
            let inputs = own.map { VariableInput(name: $0, value: RandomStep.saneValue(of: $0, &random)) }
            commands.append(.changeVariables(owner, set: inputs, remove: [], locally: true))
        }
        try run(commands, checking: &random)
    }
}
