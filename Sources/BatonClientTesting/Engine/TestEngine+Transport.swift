public import BatonClient
import Synchronization
import JSON

extension TestEngine {
    /// Answers a request, as a server does.
    ///
    /// - Throws: `BatonError` for faults of the connection; `CancellationError`.
    public func send(_ request: EngineRequest) async throws -> EngineResponse {
        let parsed = try await ParsedRequest(request)
        let fault = note(parsed, request)
        switch fault?.kind {
        case nil: return try await answer(parsed).response
        case .unreachable: throw BatonError(.unreachable, message: "The test engine refuses the connection")
        case .lostBeforeEffect: throw lost()
        case .lostAfterEffect:
            _ = try await answer(parsed)
            throw lost()
        case .hanging:
            try await sleepForEver()
            throw lost()
        case .delayed(let delay):
            let reply = try await answer(parsed)
            try await clock.sleep(until: clock.now.advanced(by: delay), counts: false)
            return reply.response
        case .answered(let reply): return reply.response
        }
    }

    private func lost() -> BatonError {
        BatonError(.connectionLost, message: "The test engine ended the connection", isOutcomeUnknown: true)
    }

    private func sleepForEver() async throws {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        for await _ in stream {}
        withExtendedLifetime(continuation) {}
        try Task.checkCancellation()
    }

    /// Records a call, and finds what goes wrong with it.
    private func note(_ parsed: ParsedRequest, _ request: EngineRequest) -> Fault? {
        change { state, now in
            let fault = state.takeFault(for: parsed.operation)
            state.calls.append(
                RecordedCall(
                    operation: parsed.operation,
                    taskID: parsed.taskID,
                    time: TestClock.Instant(offset: now),
                    method: parsed.method,
                    path: parsed.path,
                    headerFields: request.headerFields,
                    body: parsed.bytes,
                    metFault: fault != nil
                )
            )
            return fault
        }
    }

    private func answer(_ request: ParsedRequest) async throws -> Reply {
        guard request.parts == ["external-task", "fetchAndLock"] else {
            return change { state, now in state.answer(request, at: now) }
        }
        guard request.json.objectValue != nil else { return .unreadable() }
        let fetch: Fetch
        do throws(Reply) {
            fetch = try Fetch(request.json)
        } catch {
            return error
        }
        return .json(.array(try await tasks(for: fetch)))
    }

    /// The tasks that a fetch gets, at once or when there are some, or none when its time is over.
    private func tasks(for fetch: Fetch) async throws -> [JSONValue] {
        let end = clock.now.offset + fetch.timeout
        var isParked = false
        defer { if isParked { change { state, _ in state.parkedPolls -= 1 } } }
        while true {
            let now = clock.now.offset
            let look = look(for: fetch, at: now)
            guard look.tasks.isEmpty, now < end else { return look.tasks }
            if !isParked {
                isParked = true
                change { state, _ in state.parkedPolls += 1 }
                continue
            }
            let moment = min(end, look.nextLockEnd ?? end)
            try await waitForChange(after: look.version, until: TestClock.Instant(offset: moment))
        }
    }

    /// Looks for tasks once.
    ///
    /// Only a look that takes some is a change: polls that wait would keep waking each other otherwise.
    private func look(
        for fetch: Fetch,
        at now: Duration
    ) -> (tasks: [JSONValue], version: Int, nextLockEnd: Duration?) {
        let (tasks, version, lockEnd, waiting) = state.withLock { state in
            let tasks = state.fetch(fetch, at: now)
            let waiting = tasks.isEmpty ? [] : state.changed()
            return (tasks, state.version, state.nextLockEnd(after: now), waiting)
        }
        for continuation in waiting { continuation.resume() }
        return (tasks, version, lockEnd)
    }

    private func waitForChange(after version: Int, until moment: TestClock.Instant) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.waitForChange(after: version) }
            group.addTask { try await self.clock.sleep(until: moment, counts: false) }
            try await group.next()
            group.cancelAll()
        }
    }
}
