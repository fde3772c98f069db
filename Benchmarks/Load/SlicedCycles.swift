import NIOCore

/// Full cycles without a pause, looked at in slices.
final class SlicedCycles: Sendable {
    private let thread: LoadThread
    private let load: NIOLoopBound<CycleLoad>

    private init(_ thread: LoadThread, _ load: NIOLoopBound<CycleLoad>) {
        self.thread = thread
        self.load = load
    }

    /// Begins the load.
    static func begin(_ settings: CycleLoad.Settings, _ thread: LoadThread) async throws -> SlicedCycles {
        let loop = thread.loop
        let load = try await thread.make { CycleLoad(settings, loop: loop) }
        try await thread.run { load.value.begin() }
        return SlicedCycles(thread, load)
    }

    /// Measures for a while.
    func slice(_ length: Duration) async throws -> (rate: Double, cycle: Latencies) {
        let load = load
        let before = try await thread.run {
            load.value.beginWindow()
            return load.value.record.completed
        }
        let begin = ContinuousClock.now
        try await Task.sleep(for: length)
        let record = try await thread.run { load.value.record }
        guard record.refused.isEmpty else { throw BenchmarkFailure("Refused: \(record.refused)") }
        return (Double(record.completed - before) / (ContinuousClock.now - begin).inSeconds, record.cycle)
    }

    /// So many cycles, however long they take.
    static func run(_ count: Int, _ settings: CycleLoad.Settings, _ thread: LoadThread) async throws {
        let cycles = try await begin(settings, thread)
        let load = cycles.load
        let deadline = ContinuousClock.now + .seconds(600)
        while try await thread.run({ load.value.record.completed }) < count {
            guard ContinuousClock.now < deadline else { throw BenchmarkFailure("\(count) cycles take too long.") }
            try await Task.sleep(for: .milliseconds(5))
        }
        try await cycles.end()
    }

    /// Lets everything be completed and ends the load.
    func end() async throws {
        let load = load
        try await thread.run { load.value.stopStarting() }
        let deadline = ContinuousClock.now + .seconds(60)
        while !(try await thread.run { load.value.isDrained }) {
            guard ContinuousClock.now < deadline else { throw BenchmarkFailure("Instances were left unfinished.") }
            try await Task.sleep(for: .milliseconds(20))
        }
        try await thread.run { load.value.end() }
    }
}
