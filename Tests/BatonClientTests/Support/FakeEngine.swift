import BatonClient
import HTTPTypes
import JSON
import Synchronization

/// A transport with an engine that says what a test wants.
///
/// Fetches wait for tasks until they are cancelled; everything else is answered 204, unless the test has an answer.
final class FakeEngine: Transport {
    /// A request as it came.
    struct Request: Sendable {
        var operation: EngineOperation
        var path: String
        var method: HTTPRequest.Method
        var headerFields: HTTPFields
        var body: JSONValue
    }

    typealias Answer = @Sendable (Request) async throws -> EngineResponse?

    private struct State {
        var tasks: [JSONValue] = []
        var poll: CheckedContinuation<Void, Never>?
        var requests: [Request] = []
        var observers: [(isWanted: @Sendable ([Request]) -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let answer: Answer

    init(answer: @escaping Answer = { _ in nil }) {
        self.answer = answer
    }

    /// All requests that came, in order.
    var requests: [Request] { state.withLock { $0.requests } }

    /// The reports of an operation.
    func requests(_ operation: EngineOperation) -> [Request] { requests.filter { $0.operation == operation } }

    /// Puts tasks into the engine.
    func add(_ tasks: JSONValue...) {
        let poll = state.withLock { state in
            state.tasks += tasks
            return state.poll.take()
        }
        poll?.resume()
    }

    /// Waits until so many requests of an operation have come.
    func comes(_ operation: EngineOperation, _ count: Int = 1) async {
        await requests { $0.count { $0.operation == operation } >= count }
    }

    private func requests(are isWanted: @escaping @Sendable ([Request]) -> Bool) async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.observers.append((isWanted, continuation)) }
            tellObservers()
        }
    }

    private func tellObservers() {
        let satisfied = state.withLock { state in
            let satisfied = state.observers.filter { $0.isWanted(state.requests) }
            state.observers.removeAll { $0.isWanted(state.requests) }
            return satisfied
        }
        for (_, continuation) in satisfied { continuation.resume() }
    }

    func send(_ request: EngineRequest) async throws -> EngineResponse {
        var bytes: [UInt8] = []
        switch request.body {
        case .bytes(let content): bytes = content
        case .stream(let content): bytes = try await content.collect(upTo: 1_000_000)
        case nil: break
        }
        let seen = Request(
            operation: request.operation,
            path: String(request.url.dropFirst("http://engine/rest".count)),
            method: request.method,
            headerFields: request.headerFields,
            body: (try? JSONParser.parse(bytes)) ?? .string(String(decoding: bytes, as: UTF8.self))
        )
        state.withLock { $0.requests.append(seen) }
        tellObservers()
        if let response = try await answer(seen) { return response }
        guard request.operation == .fetchAndLock else { return EngineResponse(status: 204) }
        let tasks = try await fetch(Int(seen.body["maxTasks"]?.int64Value ?? 0))
        return .json(200, .array(tasks))
    }

    private func fetch(_ count: Int) async throws -> [JSONValue] {
        while true {
            let tasks = state.withLock { state in
                defer { state.tasks.removeFirst(min(count, state.tasks.count)) }
                return Array(state.tasks.prefix(count))
            }
            if !tasks.isEmpty { return tasks }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state in
                        guard state.tasks.isEmpty, !Task.isCancelled else { return true }
                        state.poll = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                state.withLock { $0.poll.take() }?.resume()
            }
            try Task.checkCancellation()
        }
    }
}

extension EngineResponse {
    /// An answer in JSON.
    static func json(_ status: Int, _ value: JSONValue, _ headerFields: HTTPFields = [:]) -> EngineResponse {
        EngineResponse(status: status, headerFields: headerFields, body: ByteStream(value.encoded()))
    }

    /// The contract's error.
    static func problem(
        _ status: Int,
        _ message: String,
        type: String = "RestException",
        code: Int64 = 0
    )
        -> EngineResponse
    {
        .json(status, ["type": .string(type), "message": .string(message), "code": .integer(code)])
    }

    /// There is no such task.
    static func noTask(_ id: String) -> EngineResponse { .problem(404, "External task with id \(id) does not exist") }
}

/// A task as a fetch hands it out.
func task(
    _ id: String,
    topic: String = "work",
    retries: JSONValue = .null,
    variables: JSONValue = [:]
) -> JSONValue {
    [
        "id": .string(id), "workerId": "w", "topicName": .string(topic), "retries": retries, "variables": variables,
        "executionId": .string("execution-\(id)"), "processInstanceId": "instance", "priority": 0,
    ]
}

extension EngineClient {
    /// A client of a fake engine.
    init(_ engine: FakeEngine, clock: ManualClock = ManualClock(), _ change: (inout Configuration) -> Void = { _ in }) {
        var configuration = Configuration(url: "http://engine/rest")
        change(&configuration)
        self.init(valid: configuration, transport: engine, clock: clock)
    }
}
