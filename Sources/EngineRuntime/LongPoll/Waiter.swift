import EngineCore

/// Names a poll while it is with the node; later polls have greater names.
package struct WaiterID: Sendable, Hashable, Comparable {
    package let value: UInt64
    package init(_ value: UInt64) { self.value = value }
    package static func < (left: WaiterID, right: WaiterID) -> Bool { left.value < right.value }
}

/// A poll that may have to wait.
struct Waiter: Sendable {
    let topics: [String]
    /// Whether the poll takes only some of its topics' tasks, so that work for the topic need not be work for the poll.
    let isFiltered: Bool
    let deadline: Duration
    /// Whose poll it is, when a worker may have only one that waits.
    var worker: WorkerID?
    var state: State
    /// Whether the deadline stands among the moments.
    var isDeadlineSet = false
    /// Whether a newer poll of the worker has taken its place while it was fetching.
    var isSuperseded = false

    /// Parked polls become fetching when they are woken; a fetch that found nothing parks the poll (again) or ends it.
    enum State: Sendable, Equatable {
        case parked
        case fetching(Turn)
    }

    /// Why a poll is fetching, and what happened meanwhile.
    struct Turn: Sendable, Equatable {
        /// The wake-up that it follows; nil for the first fetch of a poll and for filtered polls.
        var wakeUp: WakeUp?
        /// Topics that gained work after the fetch began: the fetch may not have seen it.
        var missed: Set<String> = []
        /// Whether the poll ends after this fetch.
        var isLast = false
    }

    /// One task's call for one poll.
    struct WakeUp: Sendable, Equatable {
        var topic: String
        /// How many polls it was handed on by that found nothing.
        var passes: Int
    }
}

/// Polls of one topic, the oldest first.
struct WaiterQueue: Sendable {
    private(set) var ids: [WaiterID] = []

    var isEmpty: Bool { ids.isEmpty }
    var oldest: WaiterID? { ids.first }

    /// Puts a poll in by its age.
    mutating func insert(_ id: WaiterID) {
        let index = position(of: id)
        if index < ids.count && ids[index] == id { return }
        ids.insert(id, at: index)
    }

    mutating func remove(_ id: WaiterID) {
        let index = position(of: id)
        guard index < ids.count, ids[index] == id else { return }
        ids.remove(at: index)
    }

    /// Where the poll stands, or would stand.
    private func position(of id: WaiterID) -> Int {
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What is known of a topic while polls wait for it.
struct WaitedTopic: Sendable {
    /// Unfiltered polls that are parked.
    var parked = WaiterQueue()
    /// Filtered polls that are parked.
    var parkedFiltered = WaiterQueue()
    /// Polls of either kind that are fetching now.
    var fetching = WaiterQueue()
    /// When filtered polls were last woken.
    var filteredWoken: Duration?
    /// When filtered polls will be woken because work appeared too soon after that.
    var filteredDue: Duration?
    /// When the next task becomes claimable without anybody's doing, as far as known.
    var nextClaimable: Duration?
    /// Whether the database was asked for ``nextClaimable`` since it last passed.
    var isNextKnown = false

    var hasParked: Bool { !parked.isEmpty || !parkedFiltered.isEmpty }
    var isEmpty: Bool { !hasParked && fetching.isEmpty }
}
