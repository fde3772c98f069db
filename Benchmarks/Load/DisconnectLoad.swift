import Foundation
import NIOCore

/// How a rude client leaves.
enum Departure: String, CaseIterable {
    /// It sends nothing more, and reads until the node closes as well.
    case halfClosed = "half-closed"
    /// It closes its socket, unless an answer has reached its kernel.
    case closed
    /// The same with a reset.
    case reset

    /// One half of the clients leave in one way, one half in the other, with and without a reset.
    static func random() -> Departure { Bool.random() ? .halfClosed : Bool.random() ? .closed : .reset }

    /// What the worker's id begins with: the lock of a task says who was given it.
    var workerPrefix: String { "\(rawValue):" }

    /// The way of a rude client; nil for the id of another worker.
    init?(workerID: String) {
        guard let departure = Self.allCases.first(where: { workerID.hasPrefix($0.workerPrefix) }) else { return nil }
        self = departure
    }
}

/// Starters, polite workers and rude clients.
actor DisconnectLoad: OnLoadThread {
    /// What happened.
    struct Record: Sendable {
        var started = 0
        var completed = 0
        /// Polls that were left without an answer.
        var departures: [Departure: Int] = [:]
        /// Tasks that rude clients received.
        var given = 0
        /// Those among them that came when the client had closed its side.
        var givenLate = 0
        /// Those among them that were in the kernel when the client was about to close its socket.
        var givenAtLook = 0
        /// From sending a start to having its task.
        var wait = Latencies()
        /// Tasks that waited for longer than ``DisconnectLoad/long``.
        var long = 0
        /// Those among them that were seen locked by a client that had left.
        var lost: [Departure: Int] = [:]
        var refused: [String: Int] = [:]
        /// What clients that had closed their side were told instead of being given tasks.
        var refusedLate: [String: Int] = [:]
        /// From the last start's answer to the last completion.
        var drain = TimeAmount.zero
    }

    /// For how long rude clients lock tasks.
    static let lock = TimeAmount.seconds(60)
    /// A task that waits for longer than this waits for a lock.
    static let long = TimeAmount.seconds(5)
    /// How long after the last start tasks are waited for: longer than the locks of those that are gone.
    private static let longestDrain = lock + .seconds(30)
    /// How long a rude client's poll waits at the node.
    private static let pollTimeout = TimeAmount.seconds(20)
    /// How long a client that has closed its side waits for the node to close as well.
    private static let longestHalfClosed = pollTimeout + .seconds(10)
    /// How often it is looked who holds the tasks.
    private static let pauseBetweenLooks = Duration.seconds(2)

    nonisolated let thread: LoadThread
    private let ports: [Int]
    private let patience: Int
    private let start = Requests.Start(processKey: Models.oneTask.key)
    private var record = Record()
    private var isStarting = true
    private var startersLeft = 0
    private var lastStart = NIODeadline.now()
    private var lastCompletion = NIODeadline.now()
    /// Who among the rude clients was last seen to hold a task.
    private var holders: [String: Departure] = [:]

    init(_ thread: LoadThread, ports: [Int], patience: Int) {
        self.thread = thread
        self.ports = ports
        self.patience = patience
    }

    func run(_ duration: Duration, rude: Int, workers: Int, starters: Int) async throws -> Record {
        startersLeft = starters
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await self.watchHolders() }
            for index in 0..<workers { group.addTask { try await self.work(index) } }
            for index in 0..<rude { group.addTask { try await self.beRude(index) } }
            for index in 0..<starters { group.addTask { try await self.startAll(index) } }
            try await Task.sleep(for: duration)
            isStarting = false
        }
        record.drain = lastCompletion - lastStart
        return record
    }

    /// Whether workers may go: all is completed or given up, or one of the others has failed.
    private var isDone: Bool {
        guard !Task.isCancelled else { return true }
        guard !isStarting, startersLeft == 0 else { return false }
        return record.completed >= record.started || NIODeadline.now() - lastStart > Self.longestDrain
    }

    private func startAll(_ index: Int) async throws {
        defer { startersLeft -= 1 }
        let client = try await Client(thread, port: ports[index % ports.count])
        while isStarting {
            let answer = await client.answer(to: start.request())
            if answer.isSuccess {
                record.started += 1
                lastStart = answer.moment
            } else {
                try refuse(answer)
            }
            try await Task.sleep(for: .microseconds(Int.random(in: 0...20_000)))
        }
        await client.close()
    }

    private func work(_ index: Int) async throws {
        let worker = "polite:\(index)"
        let client = try await Client(thread, port: ports[index % ports.count])
        let fetch = Requests.fetch(topic: Models.topic, workerID: worker, timeout: 1000)
        while !isDone {
            let answer = await client.answer(to: fetch)
            guard answer.isSuccess else {
                try refuse(answer)
                continue
            }
            try await complete(answer, Requests.Complete(workerID: worker), client)
        }
        await client.close()
    }

    private func complete(_ answer: Answer, _ request: Requests.Complete, _ client: Client) async throws {
        for task in FetchScanner.tasks(in: answer.body) {
            if let key = task.businessKey, let begin = Moment.read(key) {
                note(answer.moment - begin, of: task)
            }
            let completed = await client.answer(to: request.request(task: task.id))
            guard completed.isSuccess else {
                try refuse(completed)
                continue
            }
            record.completed += 1
            lastCompletion = completed.moment
        }
    }

    private func note(_ wait: TimeAmount, of task: FetchedTask) {
        record.wait.add(wait)
        guard wait > Self.long else { return }
        record.long += 1
        if let holder = holders[String(decoding: task.id, as: UTF8.self)] { record.lost[holder, default: 0] += 1 }
    }

    private func refuse(_ answer: Answer) throws { try refuse(answer.refusal) }

    private func refuse(_ refusal: String) throws {
        record.refused[refusal, default: 0] += 1
        guard record.refused.values.reduce(0, +) < 100 else { throw BenchmarkFailure("Refused: \(record.refused)") }
    }
}

// MARK: Rude clients

extension DisconnectLoad {
    private func beRude(_ index: Int) async throws {
        let port = ports[index % ports.count]
        let clients = Departure.allCases.map { RudeClient($0, index: index) }
        // What it was given it completes over another connection: this one may be gone at any moment.
        let honest = try await Client(thread, port: port)
        while isStarting {
            let departure = Departure.random()
            guard let client = clients.first(where: { $0.departure == departure }) else { continue }
            let delay = TimeAmount.microseconds(.random(in: 0...Int64(patience) * 1000))
            let answer =
                switch departure {
                case .halfClosed: try await answerUntilClosed(client.fetch, port: port, closingAfter: delay)
                case .closed, .reset: try await answerAtLook(client, port: port, after: delay)
                }
            if let answer { try await complete(answer, client.complete, honest) }
        }
        await honest.close()
    }

    /// A worker's requests.
    private struct RudeClient {
        var departure: Departure
        var fetch: ByteBuffer
        var complete: Requests.Complete

        init(_ departure: Departure, index: Int) {
            self.departure = departure
            let worker = "\(departure.workerPrefix)\(index)"
            fetch = Requests.fetch(
                topic: Models.topic,
                workerID: worker,
                lockDuration: Int(DisconnectLoad.lock.nanoseconds / 1_000_000),
                timeout: Int(DisconnectLoad.pollTimeout.nanoseconds / 1_000_000)
            )
            complete = Requests.Complete(workerID: worker)
        }
    }

    /// Polls, closes its side after a while, and takes what comes until the node closes the other side.
    private func answerUntilClosed(
        _ fetch: ByteBuffer,
        port: Int,
        closingAfter delay: TimeAmount
    ) async throws -> Answer? {
        let client = try await Client(thread, port: port)
        let closingMoment = NIODeadline.now() + delay
        let closing = client.closeOutput(after: delay)
        let end = client.close(after: delay + Self.longestHalfClosed, withReset: false)
        let answer = await client.answer(to: fetch)
        closing.cancel()
        end.cancel()
        await client.close()
        let isLate = answer.moment >= closingMoment
        if isLate, !answer.isSuccess {
            // The poll of a client that will ask nothing more may be given up.
            record.departures[.halfClosed, default: 0] += 1
            if answer.status != 0 { record.refusedLate[answer.refusal, default: 0] += 1 }
            if answer.elapsed > Self.longestHalfClosed { try refuse("half-closed connection left open") }
            return nil
        }
        let tasks = try given(answer)
        if isLate { record.givenLate += tasks }
        return answer.isSuccess ? answer : nil
    }

    /// Polls, and leaves after a while unless there is an answer then.
    private func answerAtLook(_ client: RudeClient, port: Int, after delay: TimeAmount) async throws -> Answer? {
        let socket = try await RudeSocket(port: port)
        try socket.send(client.fetch)
        try await Task.sleep(for: .nanoseconds(delay.nanoseconds))
        guard let socket = socket.closeUnlessAnswered(withReset: client.departure == .reset) else {
            record.departures[client.departure, default: 0] += 1
            return nil
        }
        let answer = await socket.answer(on: thread)
        record.givenAtLook += try given(answer)
        return answer.isSuccess ? answer : nil
    }

    /// Counts the tasks of an answer.
    private func given(_ answer: Answer) throws -> Int {
        guard answer.isSuccess else {
            try refuse(answer)
            return 0
        }
        let tasks = FetchScanner.tasks(in: answer.body).count
        record.given += tasks
        return tasks
    }
}

// MARK: Lost tasks

extension DisconnectLoad {
    private struct HeldTask: Decodable {
        var id: String
        var workerId: String
    }

    /// Remembers which tasks rude clients hold, so that one that is free again tells who left with it.
    private func watchHolders() async throws {
        let client = try await Client(thread, port: ports[0])
        let query = Requests.get("/external-task?locked=true&maxResults=1000")
        while !isDone {
            let answer = await client.answer(to: query)
            if answer.isSuccess {
                for task in try JSONDecoder().decode([HeldTask].self, from: Data(answer.body)) {
                    if let holder = Departure(workerID: task.workerId) { holders[task.id] = holder }
                }
            } else {
                try refuse(answer)
            }
            try await Task.sleep(for: Self.pauseBetweenLooks)
        }
        await client.close()
    }
}
