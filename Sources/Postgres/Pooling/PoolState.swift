/// Who has which session of a pool, and who waits for one.
///
/// Knows no clock, no session and no task.
///
/// A session is connecting → leased → idle → leased … → gone. Waiters are served first come, first served.
struct PoolState: Sendable {
    typealias SessionID = Int
    typealias WaiterID = Int

    /// What a caller that wants a session gets.
    enum Acquisition: Equatable {
        /// An idle session; it is the caller's now.
        case lease(SessionID)
        /// The right to open a session under this number.
        case connect(SessionID)
        /// A place in the queue; an ``Offer`` follows.
        case wait
        /// The queue is full.
        case full
        /// The pool is shut down.
        case closed
    }

    /// What a waiter gets in the end.
    enum Offer: Equatable {
        case lease(SessionID)
        case connect(SessionID)
    }

    /// What is to be done after a session came back, or was not opened.
    struct Release: Equatable {
        /// The session to close.
        var close: SessionID?
        /// The waiter to wake, and with what.
        var offer: (waiter: WaiterID, what: Offer)?
        /// Whether the pool is shut down and nobody has a session any more.
        var isDrained = false

        static func == (left: Self, right: Self) -> Bool {
            left.close == right.close && left.offer?.waiter == right.offer?.waiter
                && left.offer?.what == right.offer?.what && left.isDrained == right.isDrained
        }
    }

    /// The most sessions at any time.
    let maximum: Int
    /// The most callers that may wait at any time.
    let maximumWaiters: Int

    private(set) var idle: [SessionID] = []
    /// Connecting or leased.
    private(set) var busy: Set<SessionID> = []
    private(set) var waiters: [WaiterID] = []
    private(set) var isClosed = false
    private var lastSession = 0

    /// An empty pool.
    init(maximum: Int, maximumWaiters: Int) {
        self.maximum = max(1, maximum)
        self.maximumWaiters = max(0, maximumWaiters)
    }

    /// Connecting, leased or idle.
    var count: Int { idle.count + busy.count }

    /// A caller wants a session.
    ///
    /// `waiter` is its number if it has to wait; no two may have the same.
    mutating func acquire(_ waiter: WaiterID) -> Acquisition {
        guard !isClosed else { return .closed }
        // The one used last is the one whose memory is warm.
        if let session = idle.popLast() {
            busy.insert(session)
            return .lease(session)
        }
        if count < maximum { return .connect(newSession()) }
        guard waiters.count < maximumWaiters else { return .full }
        waiters.append(waiter)
        return .wait
    }

    /// A waiter gave up.
    ///
    /// False when it has been offered something already, which it must take or give back.
    mutating func withdraw(_ waiter: WaiterID) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// A session came back, or could not be opened.
    ///
    /// `isUsable` says whether another caller can have it.
    mutating func release(_ session: SessionID, isUsable: Bool) -> Release {
        guard busy.remove(session) != nil else { return Release() }
        if isClosed { return Release(close: session, isDrained: busy.isEmpty) }
        if isUsable {
            guard !waiters.isEmpty else {
                idle.append(session)
                return Release()
            }
            busy.insert(session)
            return Release(offer: (waiters.removeFirst(), .lease(session)))
        }
        guard !waiters.isEmpty else { return Release(close: session) }
        return Release(close: session, offer: (waiters.removeFirst(), .connect(newSession())))
    }

    /// Takes out idle sessions that nobody needs; `isSpare` is asked for the longest idle first, and `minimum` stay.
    mutating func trim(toMinimum minimum: Int, where isSpare: (SessionID) -> Bool) -> [SessionID] {
        var spare: [SessionID] = []
        while count > minimum, let first = idle.first, isSpare(first) { spare.append(idle.removeFirst()) }
        return spare
    }

    /// No more sessions are handed out.
    ///
    /// The waiters are to be refused, the idle sessions to be closed.
    mutating func close() -> (waiters: [WaiterID], idle: [SessionID], isDrained: Bool) {
        isClosed = true
        defer {
            waiters = []
            idle = []
        }
        return (waiters, idle, busy.isEmpty)
    }

    private mutating func newSession() -> SessionID {
        lastSession += 1
        busy.insert(lastSession)
        return lastSession
    }
}
