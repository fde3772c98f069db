import Dispatch
import Synchronization

/// Runs tasks one piece at a time, and knows when none has anything to do.
///
/// A task that another one resumes is here before the other one's piece ends, so there is no rest between the two.
final class RestingExecutor: TaskExecutor {
    private struct Load {
        var pieces = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let load = Mutex(Load())
    private let queue = DispatchQueue(label: "baton.testing")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        load.withLock { $0.pieces += 1 }
        queue.async {
            job.runSynchronously(on: self.asUnownedTaskExecutor())
            self.finishPiece()
        }
    }

    /// Returns when no task here has anything to do.
    func rest() async {
        await withCheckedContinuation { continuation in
            let isAtRest = load.withLock { load in
                if load.pieces > 0 { load.waiting.append(continuation) }
                return load.pieces == 0
            }
            if isAtRest { continuation.resume() }
        }
    }

    private func finishPiece() {
        let waiting = load.withLock { load -> [CheckedContinuation<Void, Never>] in
            load.pieces -= 1
            guard load.pieces == 0 else { return [] }
            defer { load.waiting = [] }
            return load.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
