import EngineCore
import FoundationEssentials
import Testing

@testable import EngineRuntime

@Suite struct `The queue of commands` {
    private func job(_ number: UInt64, kin: UInt16? = nil, skips: Int = 0) -> CommandJob {
        CommandJob(
            request: .command(.unlockExternalTask(ExternalTaskID(UUID())), target: UUID()),
            kin: kin ?? UInt16(truncatingIfNeeded: number),
            seed: number,
            skips: skips
        ) { _ in }
    }

    private func job(_ number: UInt64, bytes: Int) -> CommandJob {
        var job = job(number)
        job.byteCount = bytes
        return job
    }

    private func queue(_ jobs: CommandJob...) -> CommandQueue {
        jobs.reduce(into: CommandQueue(lanes: 3)) { queue, job in _ = queue.submit(job) }
    }

    private func batch(_ queue: inout CommandQueue) throws -> CommandQueue.Batch {
        let isReady = queue.isReady
        let turn = queue.next()
        guard case .run(let batch) = turn else { throw Nothing() }
        #expect(isReady)
        return batch
    }

    private struct Nothing: Error {}

    /// A lane has nothing to do, and is not woken for nothing.
    private func expectSleep(_ queue: inout CommandQueue) {
        #expect(!queue.isReady)
        guard case .sleep = queue.next() else {
            Issue.record("nothing can run now")
            return
        }
    }

    private func seeds(_ batch: CommandQueue.Batch) -> [UInt64] { batch.jobs.map(\.seed) }

    @Test func `makes one batch of what waits, in the order of arrival`() throws {
        var queue = queue(job(0), job(1), job(2))
        #expect(seeds(try batch(&queue)) == [0, 1, 2])
        expectSleep(&queue)
    }

    @Test func `makes smaller batches of large values, the first of which always fits`() throws {
        let half = CommandQueue.maximumBatchBytes / 2
        var queue = queue(
            job(1, bytes: 3 * half),
            job(2, bytes: half),
            job(3),
            job(4, bytes: half),
            job(5, bytes: 1),
            job(6)
        )
        var batches: [[UInt64]] = []
        for _ in 0..<3 {
            batches.append(seeds(try batch(&queue)))
            queue.loaded()
        }
        #expect(batches == [[1], [2, 3, 4], [5, 6]])
    }

    @Test func `refuses large values when too many of them wait, and takes others`() throws {
        let most = CommandQueue.maximumPendingBytes
        var queue = CommandQueue(lanes: 3)
        #expect(queue.submit(job(1, bytes: most + 1)) == .admitted)
        #expect(queue.submit(job(2, bytes: 1)) == .refusedFull)
        #expect(queue.submit(job(3)) == .admitted)
        let first = try batch(&queue)
        #expect(seeds(first) == [1, 3])
        #expect(queue.submit(job(4, bytes: most)) == .admitted)
        queue.ended(first, skipped: [first.jobs[1]])
        #expect(queue.expire(arrivedBefore: .now).map(\.seed) == [3, 4])
        #expect(queue.submit(job(5, bytes: most)) == .admitted)
    }

    @Test func `counts the values that cannot be bounded otherwise`() {
        let variables = [
            VariableInput(name: "a", value: .bytes([1, 2])), VariableInput(name: "b", value: .json("äb")),
            VariableInput(name: "c", value: .string("abc")), VariableInput(name: "d", value: .integer(1)),
        ]
        let local = [
            VariableInput(name: "e", value: .object(ObjectValue(text: "{}", typeName: nil, format: nil))),
            VariableInput(
                name: "f",
                value: .file(FileValue(content: [1], name: "f", mimeType: nil, encoding: nil))
            ),
        ]
        let task = ExternalTaskID(UUID())
        let command = Command.completeExternalTask(task, worker: "w", variables: variables, localVariables: local)
        let job = CommandJob(request: .command(command, target: task.rawValue), kin: 0, seed: 0) { _ in }
        #expect(job.byteCount == 8)
    }

    @Test func `lets one batch load at a time, while others are written`() throws {
        var queue = queue(job(1))
        let first = try batch(&queue)
        _ = queue.submit(job(2))
        expectSleep(&queue)
        queue.loaded()
        #expect(seeds(try batch(&queue)) == [2])
        _ = queue.submit(job(3))
        queue.ended(first, skipped: [])
        expectSleep(&queue)
        queue.loaded()
        #expect(seeds(try batch(&queue)) == [3])
    }

    @Test func `never has one process instance in two batches`() throws {
        var queue = queue(job(1, kin: 7))
        let first = try batch(&queue)
        queue.loaded()
        for next in [job(2, kin: 7), job(3, kin: 8), job(4, kin: 7)] { _ = queue.submit(next) }
        let second = try batch(&queue)
        #expect(seeds(second) == [3])
        queue.loaded()
        expectSleep(&queue)
        queue.ended(second, skipped: [])
        expectSleep(&queue)
        queue.ended(first, skipped: [])
        #expect(seeds(try batch(&queue)) == [2, 4])
    }

    @Test func `bounds a batch, and what waits`() throws {
        var queue = CommandQueue(lanes: 3)
        for number in 0..<CommandQueue.maximumPending { _ = queue.submit(job(UInt64(number))) }
        #expect(queue.submit(job(0)) == .refusedFull)
        #expect(try batch(&queue).jobs.count == CommandQueue.maximumBatch)
        #expect(queue.submit(job(0)) == .admitted)
    }

    @Test func `gives up what came before a moment and is in no batch`() throws {
        var queue = queue(job(1))
        let moment = ContinuousClock.now
        _ = queue.submit(job(2))
        #expect(queue.expire(arrivedBefore: moment).map(\.seed) == [1])
        #expect(queue.expire(arrivedBefore: moment).isEmpty)
        #expect(seeds(try batch(&queue)) == [2])
    }

    @Test func `puts skipped commands first, and lets those wait alone that were skipped too often`() throws {
        var queue = queue(job(1), job(2, skips: CommandQueue.maximumSkips - 1))
        let first = try batch(&queue)
        _ = queue.submit(job(7))
        queue.loaded()
        queue.ended(first, skipped: first.jobs)
        let alone = try batch(&queue)
        #expect(seeds(alone) == [2])
        #expect(alone.waitsForLocks)
        #expect(seeds(try batch(&queue)) == [1, 7])
    }

    @Test func `lets all commands of an instance wait together`() throws {
        var queue = queue(job(1, kin: 7, skips: CommandQueue.maximumSkips), job(2, kin: 8), job(3, kin: 7))
        let waiting = try batch(&queue)
        #expect(seeds(waiting) == [1, 3])
        #expect(waiting.waitsForLocks)
        #expect(seeds(try batch(&queue)) == [2])
    }

    @Test func `does not hold up others for a command that waits for its root`() throws {
        var queue = queue(job(1))
        _ = try batch(&queue)
        _ = queue.submit(job(2, skips: CommandQueue.maximumSkips))
        #expect(try batch(&queue).waitsForLocks)
        _ = queue.submit(job(3))
        expectSleep(&queue)
        queue.loaded()
        #expect(seeds(try batch(&queue)) == [3])
    }

    @Test func `keeps a lane for commands that need not wait`() throws {
        var queue = queue()
        for number in 1...3 { _ = queue.submit(job(UInt64(number), skips: CommandQueue.maximumSkips)) }
        let first = try batch(&queue)
        #expect(try batch(&queue).waitsForLocks)
        expectSleep(&queue)
        _ = queue.submit(job(4))
        #expect(queue.isReadyForLast)
        #expect(seeds(try batch(&queue)) == [4])
        queue.ended(first, skipped: [])
        #expect(seeds(try batch(&queue)) == [3])
    }

    @Test func `finishes what it took on before it stops`() throws {
        var queue = queue(job(1))
        queue.drain()
        #expect(queue.submit(job(2)) == .refusedDraining)
        #expect(seeds(try batch(&queue)) == [1])
        #expect(queue.isReady)
        guard case .stop = queue.next() else {
            Issue.record("a drained queue stops")
            return
        }
    }
}
