import EngineCore

/// The polls that wait, by worker, when a worker may have only one: a newer one takes the place of the older.
///
/// Announcements reach all nodes in one order, which says what is newer, whatever the nodes' clocks say: of the polls
/// here, those that all nodes had heard of are older than one that they hear of now.
struct WorkerPlaces: Sendable {
    private struct Place: Sendable {
        let id: WaiterID
        /// Whether all nodes have heard of the poll.
        var isHeardOf = false
    }

    private var places: [WorkerID: [Place]] = [:]

    /// A poll waits for the first time; returns those whose place it takes.
    mutating func take(_ id: WaiterID, of worker: WorkerID) -> [WaiterID] {
        let older = places[worker, default: []].map(\.id)
        places[worker, default: []].append(Place(id: id))
        return older
    }

    /// A poll waits no more.
    mutating func leave(_ id: WaiterID, of worker: WorkerID) {
        places[worker]?.removeAll { $0.id == id }
        if places[worker]?.isEmpty == true { places[worker] = nil }
    }

    /// All nodes heard of a poll, which is one of these if `isOwn`; returns those whose place it takes.
    mutating func heard(_ poll: WorkerPoll, isOwn: Bool) -> [WaiterID] {
        let isItself = { (place: Place) in isOwn && place.id == poll.id }
        let older = (places[poll.worker] ?? []).filter { $0.isHeardOf && !isItself($0) }.map(\.id)
        if let index = places[poll.worker]?.firstIndex(where: isItself) {
            places[poll.worker]?[index].isHeardOf = true
        }
        return older
    }

    /// The polls that not all nodes have heard of.
    var unheard: [WorkerPoll] {
        places.flatMap { worker, places in
            places.filter { !$0.isHeardOf }.map { WorkerPoll(worker: worker, id: $0.id) }
        }
    }
}
