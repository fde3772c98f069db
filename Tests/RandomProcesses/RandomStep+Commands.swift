package import EngineCore
import Expressions
package import FoundationEssentials

extension RandomStep {
    /// The commands that the step means for a tree; none when there is nothing that it could concern.
    ///
    /// What is in the tree is put in order by identifier, whenever that was made, so that the same step means the same in
    /// a tree that came to be in the same way.
    package func commands(for tree: InstanceTree, root: ProcessInstanceID) -> [Command] {
        switch action {
        case .complete, .completeWithoutLock, .fail, .throwError, .lock, .extendLock, .unlock, .setRetries,
            .setPriority:
            return externalTask(in: tree).map { commands(for: $0) } ?? []
        case .completeUserTask, .throwUserTaskError, .changeUserTask:
            return userTask(in: tree).map { [command(for: $0)] } ?? []
        case .deliver(let name, let bySubscription):
            return delivery(in: tree, name: name, bySubscription: bySubscription).map { [.deliverEvent($0)] } ?? []
        case .signalExecution:
            return execution(in: tree, waitingOnly: pick % 8 != 0).map { [.signalExecution($0, variables: variables)] }
                ?? []
        case .changeVariables(let remove, let locally):
            return execution(in: tree, waitingOnly: false).map {
                [.changeVariables($0, set: variables, remove: remove, locally: locally)]
            } ?? []
        case .suspend(let isSuspended): return [.suspendInstance(isStranger ? .nobody : root, isSuspended: isSuspended)]
        case .delete(let skipsMappings):
            return [.deleteInstance(isStranger ? .nobody : root, reason: "enough", skipMappings: skipsMappings)]
        case .wait: return []
        }
    }

    private func externalTask(in tree: InstanceTree) -> ExternalTask? {
        let tasks = tree.externalTasks.values.sorted { $0.id.comesBefore($1.id) }
        return tasks.isEmpty ? nil : tasks[pick % tasks.count]
    }

    private func commands(for task: ExternalTask) -> [Command] {
        let worker: WorkerID = isStranger ? "stranger" : task.worker ?? "w"
        let command: Command
        switch action {
        case .fail(let retries, let milliseconds):
            let report = FailureReport(
                worker: worker,
                message: pick % 3 == 0 ? nil : "failed",
                details: pick % 2 == 0 ? "details" : nil,
                retries: retries,
                retryMilliseconds: milliseconds,
                variables: variables,
                localVariables: localVariables
            )
            command = .failExternalTask(task.id, report)
        case .throwError(let code):
            let report = ErrorReport(worker: worker, code: code, message: "error", variables: variables)
            command = .throwExternalTaskError(task.id, report)
        case .lock: return [limited(.lockExternalTask(task.id, worker: worker, milliseconds: 1000))]
        case .extendLock: return [limited(.extendExternalTaskLock(task.id, worker: worker, milliseconds: 5000))]
        case .unlock: return [limited(.unlockExternalTask(task.id))]
        case .setRetries(let retries): return [limited(.setExternalTaskRetries(task.id, retries))]
        case .setPriority(let priority): return [limited(.setExternalTaskPriority(task.id, priority))]
        default:
            command = .completeExternalTask(
                task.id,
                worker: worker,
                variables: variables,
                localVariables: localVariables
            )
        }
        if task.worker != nil { return [limited(command)] }
        if case .completeWithoutLock = action { return [limited(command)] }
        return [.lockExternalTask(task.id, worker: "w", milliseconds: 1000), limited(command)]
    }

    private func limited(_ command: Command) -> Command {
        topics.map { .limited(toTopics: $0, command) } ?? command
    }

    private func userTask(in tree: InstanceTree) -> UserTask? {
        let tasks = tree.userTasks.values.sorted { $0.id.comesBefore($1.id) }
        return tasks.isEmpty ? nil : tasks[pick % tasks.count]
    }

    private func command(for task: UserTask) -> Command {
        switch action {
        case .throwUserTaskError(let code):
            .throwUserTaskError(task.id, code: code, message: nil, variables: variables)
        case .changeUserTask(let kind): .changeUserTask(task.id, change(kind))
        case .completeUserTask(let returnsVariables):
            .completeUserTask(
                task.id,
                variables: variables,
                localVariables: localVariables,
                returnsVariables: returnsVariables
            )
        default: .deleteUserTask(task.id)
        }
    }

    private func change(_ kind: Int) -> UserTaskChange {
        let user = pick % 3 == 0 ? nil : "u\(pick % 3)"
        return switch kind {
        case 0: .claim(user: user)
        case 1: .assign(user: user)
        case 2: .own(user: user)
        case 3: .delegate(to: user)
        case 4: .resolve(variables: variables)
        case 5: .update(UserTaskProperties(name: user, description: "described", priority: 3))
        case 6: .link(IdentityLink(type: IdentityLink.candidate, .user("x")))
        default: .unlink(IdentityLink(type: IdentityLink.candidate, pick % 2 == 0 ? .user("x") : .group("g")))
        }
    }

    private func delivery(in tree: InstanceTree, name: String?, bySubscription: Bool) -> EventDelivery? {
        let subscriptions = tree.subscriptions.values.joined().sorted { $0.id.comesBefore($1.id) }
        guard !subscriptions.isEmpty else { return nil }
        let subscription = subscriptions[pick % subscriptions.count]
        return EventDelivery(
            owner: isStranger ? ExecutionID(.nobody) : subscription.owner,
            kind: subscription.kind,
            name: name ?? subscription.name,
            subscription: bySubscription ? subscription.id : nil,
            variables: variables,
            localVariables: localVariables
        )
    }

    private func execution(in tree: InstanceTree, waitingOnly: Bool) -> ExecutionID? {
        if isStranger { return ExecutionID(.nobody) }
        var executions = tree.tokens.values.filter { !waitingOnly || $0.kind.isWait }.map(\.id)
        if !waitingOnly || pick % 4 == 0 {
            executions += tree.externalTasks.keys.map(\.execution) + tree.userTasks.keys.map(\.execution)
        }
        if !waitingOnly { executions += tree.scopes.keys }
        executions.sort { $0.comesBefore($1) }
        return executions.isEmpty ? nil : executions[pick % executions.count]
    }
}

extension Identifier {
    /// An order that does not depend on when the identifiers were made: without the milliseconds that they begin with.
    fileprivate func comesBefore(_ other: Self) -> Bool { description.dropFirst(13) < other.description.dropFirst(13) }
}

extension ProcessInstanceID {
    /// An identifier that nothing has.
    fileprivate static let nobody = ProcessInstanceID(UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0, 7)))
}

extension Command {
    /// The row that the command names; a start names none.
    package var target: UUID? {
        switch self {
        case .startInstance: nil
        case .deleteInstance(let id, reason: _, skipMappings: _), .suspendInstance(let id, isSuspended: _): id.rawValue
        case .completeExternalTask(let id, worker: _, variables: _, localVariables: _), .failExternalTask(let id, _),
            .throwExternalTaskError(let id, _), .extendExternalTaskLock(let id, worker: _, milliseconds: _),
            .lockExternalTask(let id, worker: _, milliseconds: _), .unlockExternalTask(let id),
            .setExternalTaskRetries(let id, _), .setExternalTaskPriority(let id, _):
            id.rawValue
        case .completeUserTask(let id, variables: _, localVariables: _, returnsVariables: _),
            .throwUserTaskError(let id, code: _, message: _, variables: _), .changeUserTask(let id, _),
            .createUserTask(let id, _), .deleteUserTask(let id):
            id.rawValue
        case .deliverEvent(let delivery): delivery.owner.rawValue
        case .signalExecution(let id, variables: _), .changeVariables(let id, set: _, remove: _, locally: _):
            id.rawValue
        case .limited(toTopics: _, let command): command.target
        }
    }
}
