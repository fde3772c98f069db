import Expressions

extension Decision {
    /// Suspends an instance, or lets it go on: its tasks are not handed out, and reports on them are refused.
    mutating func suspendInstance(_ id: ProcessInstanceID, isSuspended: Bool) throws(Refusal) {
        guard var instance = tree.scopes[ExecutionID(id)], var data = instance.process else {
            throw .rejected(.processInstanceNotFound(id.description))
        }
        try tree.requireWhole(instance)
        data.isSuspended = isSuspended
        instance.kind = .process(data)
        record(.scopeChanged(instance))
        for var task in tree.externalTasks.values.sorted(by: { $0.id.description < $1.id.description }) {
            task.isSuspended = isSuspended
            task.isReady = task.isClaimable(at: moment)
            record(.externalTaskChanged(task))
        }
        for var task in tree.userTasks.values.sorted(by: { $0.id.description < $1.id.description }) {
            task.isSuspended = isSuspended
            record(.userTaskChanged(task))
        }
    }
}
