import Dispatch
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Starts a thread that ends when `body` returns; nobody waits for it.
///
/// Throws when the system has no more threads.
func startThread(_ body: @escaping @Sendable () -> Void) throws(PostgresError) {
    final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    let retained = Unmanaged.passRetained(Body(body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    #if canImport(Darwin)
    var thread: pthread_t?
    let failure = pthread_create(&thread, &attributes, { runThread($0) }, retained.toOpaque())
    #else
    var thread = pthread_t()
    let failure = pthread_create(&thread, &attributes, { runThread($0) }, retained.toOpaque())
    #endif
    guard failure != 0 else { return }
    retained.release()
    throw PostgresError(.connection, message: "No thread could be started (error \(failure)).")

    func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
    }
}

/// Runs a session's work on one thread of its own, so that waiting for the database never holds up other tasks.
final class SessionThread: SerialExecutor {
    private let jobs: JobQueue

    init() throws(PostgresError) {
        let jobs = JobQueue()
        self.jobs = jobs
        try startThread {
            while let job = jobs.next() { job.run() }
        }
    }

    deinit { jobs.stop() }

    func enqueue(_ job: consuming ExecutorJob) {
        jobs.append(JobQueue.Job(job: UnownedJob(job), executor: asUnownedSerialExecutor()))
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

/// Jobs waiting for a thread.
private final class JobQueue: Sendable {
    struct Job: Sendable {
        var job: UnownedJob
        var executor: UnownedSerialExecutor
        func run() { job.runSynchronously(on: executor) }
    }

    private let jobs = Mutex<(waiting: [Job], isStopped: Bool)>(([], false))
    private let available = DispatchSemaphore(value: 0)

    func append(_ job: Job) {
        jobs.withLock { $0.waiting.append(job) }
        available.signal()
    }

    func stop() {
        jobs.withLock { $0.isStopped = true }
        available.signal()
    }

    /// Waits for the next job; nil when there are none left and the queue is stopped.
    func next() -> Job? {
        while true {
            available.wait()
            let (job, isStopped) = jobs.withLock { jobs -> (Job?, Bool) in
                (jobs.waiting.isEmpty ? nil : jobs.waiting.removeFirst(), jobs.isStopped)
            }
            if let job { return job }
            if isStopped { return nil }
        }
    }
}
