/// The commands that wait for a lane's next batch.
///
/// A value without continuations: what it decides is carried out by ``CommandLane``.
struct CommandQueue: Sendable {
    private var pending: [CommandJob] = []
    private var isDraining = false

    /// The most commands in one batch: one transaction.
    static let maximumBatch = 100
    /// The most commands that wait in one lane; more are refused, so that memory stays bounded when the database is slow.
    static let maximumPending = 5_000
    /// A root that was held by another node this often is waited for.
    static let maximumSkips = 2

    enum Admission: Sendable { case admitted, refusedFull, refusedDraining }

    /// What the lane is to do next.
    enum Turn: Sendable {
        case run([CommandJob], waitsForLocks: Bool)
        case sleep
        case stop
    }

    mutating func submit(_ job: CommandJob) -> Admission {
        guard !isDraining else { return .refusedDraining }
        guard pending.count < Self.maximumPending else { return .refusedFull }
        pending.append(job)
        return .admitted
    }

    /// Puts commands back whose root another node holds; they keep their order and go first.
    mutating func putBack(_ jobs: [CommandJob]) {
        pending.insert(
            contentsOf: jobs.map { job in
                var job = job
                job.skips += 1
                return job
            },
            at: 0
        )
    }

    /// The next batch.
    ///
    /// A command whose root was held too often runs alone and waits for the lock.
    mutating func next() -> Turn {
        guard let first = pending.first else { return isDraining ? .stop : .sleep }
        if first.skips >= Self.maximumSkips {
            return .run([pending.removeFirst()], waitsForLocks: true)
        }
        let end = pending.firstIndex { $0.skips >= Self.maximumSkips } ?? pending.endIndex
        let batch = Array(pending[..<min(end, Self.maximumBatch)])
        pending.removeFirst(batch.count)
        return .run(batch, waitsForLocks: false)
    }

    /// Takes out the commands that came before a moment and are still not in a batch.
    mutating func expire(arrivedBefore moment: ContinuousClock.Instant) -> [CommandJob] {
        let isLate: (CommandJob) -> Bool = { $0.arrival < moment }
        guard pending.contains(where: isLate) else { return [] }
        defer { pending.removeAll(where: isLate) }
        return pending.filter(isLate)
    }

    /// Takes no more commands; those that wait are still run.
    mutating func drain() { isDraining = true }
}
