package import EngineCore

/// A poll that waits, as all nodes are told of it when a worker may have only one.
package struct WorkerPoll: Sendable, Hashable {
    package var worker: WorkerID
    /// The poll's name on its node.
    package var id: WaiterID

    package init(worker: WorkerID, id: WaiterID) {
        self.worker = worker
        self.id = id
    }
}
