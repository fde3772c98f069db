import EngineCore

/// The commands of a node that wait for a batch, and which batches are under way.
///
/// One batch at a time loads and decides, while others are written: whoever arrives meanwhile is in the next one, so an
/// idle node adds no delay and a busy one makes few, large batches, which cost the database much less than many small
/// ones. Commands of one process instance are never in two batches at a time. A value without continuations: what it
/// decides is carried out by ``CommandRunner``.
struct CommandQueue: Sendable {
    private var pending: [CommandJob] = []
    /// The bytes of the large values among them.
    private var pendingBytes = 0
    /// The kins of the commands in batches under way, and how many have each.
    private var underWay: [UInt16: Int] = [:]
    private var isLoading = false
    private var isDraining = false
    /// Batches under way that wait for a root.
    private var waitingBatches = 0
    private let lanes: Int

    /// The most commands in one batch: one transaction.
    static let maximumBatch = 100
    /// The most commands that wait; more are refused, so that memory stays bounded when the database is slow.
    static let maximumPending = 10_000
    /// The most bytes of large values in one batch, unless one command alone has more.
    static let maximumBatchBytes = 64 * 1024 * 1024
    /// The most bytes of large values that wait, unless one command alone has more; further ones are refused.
    static let maximumPendingBytes = 512 * 1024 * 1024
    /// A root that was held by another node this often is waited for.
    static let maximumSkips = 2

    /// A queue for so many lanes, at least 1.
    ///
    /// Of several lanes one is kept for commands that need not wait for a root: another node that is stuck with some
    /// roots must not hold up all the others.
    init(lanes: Int) { self.lanes = max(1, lanes) }

    enum Admission: Sendable { case admitted, refusedFull, refusedDraining }

    /// What a lane is to do next.
    enum Turn: Sendable {
        case run(Batch)
        case sleep
        case stop
    }

    /// Commands that are run together.
    struct Batch: Sendable {
        var jobs: [CommandJob]
        /// Whether a root that another node holds is waited for; all commands of such a batch have one kin.
        var waitsForLocks = false
    }

    mutating func submit(_ job: CommandJob) -> Admission {
        guard !isDraining else { return .refusedDraining }
        guard pending.count < Self.maximumPending, hasRoom(for: job.byteCount) else { return .refusedFull }
        pending.append(job)
        pendingBytes += job.byteCount
        return .admitted
    }

    /// The next batch; it counts as under way until ``ended(_:skipped:)``, and as loading until ``loaded()``.
    mutating func next() -> Turn {
        guard let batch = takeBatch() else { return isDraining && pending.isEmpty ? .stop : .sleep }
        if batch.waitsForLocks { waitingBatches += 1 } else { isLoading = true }
        for job in batch.jobs { underWay[job.kin, default: 0] += 1 }
        return .run(batch)
    }

    /// Whether ``next()`` has something else than to sleep.
    var isReady: Bool { pending.isEmpty ? isDraining : pending.contains(where: canRun) }

    /// The same when nothing has happened since a lane went to sleep but that a command was admitted.
    var isReadyForLast: Bool { pending.last.map(canRun) ?? false }

    /// The batch that was loading has been decided.
    mutating func loaded() { isLoading = false }

    /// A batch is done but for the commands whose root another node holds; they keep their order and go first.
    mutating func ended(_ batch: Batch, skipped: [CommandJob]) {
        if batch.waitsForLocks { waitingBatches -= 1 }
        for job in batch.jobs {
            guard let count = underWay[job.kin] else { continue }
            underWay[job.kin] = count > 1 ? count - 1 : nil
        }
        pending.insert(
            contentsOf: skipped.map { job in
                var job = job
                job.skips += 1
                return job
            },
            at: 0
        )
        pendingBytes += skipped.byteCount
    }

    /// Takes out the commands that came before a moment and are still not in a batch.
    mutating func expire(arrivedBefore moment: ContinuousClock.Instant) -> [CommandJob] {
        let isLate: (CommandJob) -> Bool = { $0.arrival < moment }
        guard pending.contains(where: isLate) else { return [] }
        let late = pending.filter(isLate)
        pending.removeAll(where: isLate)
        pendingBytes -= late.byteCount
        return late
    }

    /// Commands that wait for a batch.
    var waiting: Int { pending.count }

    /// Takes no more commands; those that wait are still run.
    mutating func drain() { isDraining = true }

    private func hasRoom(for byteCount: Int) -> Bool {
        byteCount == 0 || pendingBytes == 0 || pendingBytes + byteCount <= Self.maximumPendingBytes
    }

    private func canRun(_ job: CommandJob) -> Bool {
        guard job.waits ? waitingBatches < max(1, lanes - 1) : !isLoading else { return false }
        return underWay[job.kin] == nil
    }

    /// A command that was skipped too often, with the others of its kin; or as many others as may run, in their order.
    private mutating func takeBatch() -> Batch? {
        if let place = pending.firstIndex(where: { $0.waits && canRun($0) }) {
            let kin = pending[place].kin
            return Batch(jobs: take { $0.kin == kin }, waitsForLocks: true)
        }
        guard !isLoading else { return nil }
        let underWay = underWay
        let jobs = take { !$0.waits && underWay[$0.kin] == nil }
        return jobs.isEmpty ? nil : Batch(jobs: jobs)
    }

    /// Takes out as many commands as a batch may have, in their order.
    private mutating func take(_ isWanted: (CommandJob) -> Bool) -> [CommandJob] {
        var jobs: [CommandJob] = []
        var others: [CommandJob] = []
        var byteCount = 0
        var end = 0
        while end < pending.count, jobs.count < Self.maximumBatch {
            if isWanted(pending[end]) {
                byteCount += pending[end].byteCount
                if pending[end].byteCount > 0, !jobs.isEmpty, byteCount > Self.maximumBatchBytes { break }
                jobs.append(pending[end])
            } else {
                others.append(pending[end])
            }
            end += 1
        }
        if !jobs.isEmpty {
            pending.replaceSubrange(..<end, with: others)
            pendingBytes -= jobs.byteCount
        }
        return jobs
    }
}

extension [CommandJob] {
    fileprivate var byteCount: Int { reduce(0) { $0 + $1.byteCount } }
}

extension CommandJob {
    /// Whether its root was held so often that it is waited for.
    fileprivate var waits: Bool { skips >= CommandQueue.maximumSkips }
}
