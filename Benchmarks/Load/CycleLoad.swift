import NIOCore

/// Starters and workers in a closed loop: each has one request under way at any time.
///
/// A starter starts an instance, and the next one as soon as that is acknowledged, unless too many are unfinished. A
/// worker polls for up to ten tasks and completes them one after the other. Lives on its event loop.
final class CycleLoad {
    struct Settings: Sendable {
        var ports: [Int]
        var starters = 64
        var workers = 64
        var maxTasks = 10
        var processKey = Models.oneTask.key
        var topic = Models.topic
        /// Started and not completed instances, at most; keeps a slow side from being measured by its backlog.
        var unfinished = 640
    }

    /// What has happened so far.
    struct Record: Sendable {
        var started = 0
        var fetches = 0
        var fetched = 0
        var completed = 0
        /// Answers that are not a success, by what they said.
        var refused: [String: Int] = [:]
        var start = Latencies()
        var fetch = Latencies()
        var complete = Latencies()
        /// From sending a start to having its completion acknowledged.
        var cycle = Latencies()
    }

    private let settings: Settings
    private let loop: any EventLoop
    private(set) var record = Record()
    private let startRequest: Requests.Start
    private var idleStarters: [LoadConnection] = []
    private var polling: [ObjectIdentifier: LoadConnection] = [:]
    private var open = 0
    private var startsUnderWay = 0
    private var completionsUnderWay = 0
    private var isStopping = false

    init(_ settings: Settings, loop: any EventLoop) {
        self.settings = settings
        self.loop = loop
        startRequest = Requests.Start(processKey: settings.processKey)
    }

    /// Connects everybody and sets them to work.
    func begin() {
        for index in 0..<settings.workers {
            connect(index) { self.poll($0, Worker(name: "worker-\(index)", self.settings)) }
        }
        for index in 0..<settings.starters {
            connect(index) { self.start($0) }
        }
    }

    /// Starts no more instances.
    func stopStarting() { isStopping = true }

    /// Whether every started instance was completed, and no answer is owed except to polls.
    var isDrained: Bool { isStopping && startsUnderWay == 0 && completionsUnderWay == 0 && open <= 0 }

    /// Closes the connections of polls that wait for nothing.
    func end() {
        for connection in polling.values { connection.close() }
        for connection in idleStarters { connection.close() }
    }

    /// Forgets latencies, so that a window begins.
    func beginWindow() {
        record.start = Latencies()
        record.fetch = Latencies()
        record.complete = Latencies()
        record.cycle = Latencies()
    }

    private struct Worker {
        var fetch: ByteBuffer
        var complete: Requests.Complete

        init(name: String, _ settings: Settings) {
            fetch = Requests.fetch(topic: settings.topic, workerID: name, maxTasks: settings.maxTasks)
            complete = Requests.Complete(workerID: name)
        }
    }

    private func connect(_ index: Int, _ body: @escaping (LoadConnection) -> Void) {
        LoadConnection.connect(to: settings.ports[index % settings.ports.count], on: loop) { connection in
            guard let connection else { return self.refuse("connection refused") }
            body(connection)
        }
    }

    private func refuse(_ answer: Answer) { refuse("\(answer.status) \(answer.text.prefix(200))") }
    private func refuse(_ text: String) { record.refused[text, default: 0] += 1 }

    private func start(_ connection: LoadConnection) {
        guard !isStopping else { return connection.close() }
        guard open < settings.unfinished else { return idleStarters.append(connection) }
        open += 1
        startsUnderWay += 1
        connection.send(startRequest.request()) { answer in
            self.startsUnderWay -= 1
            if answer.isSuccess {
                self.record.started += 1
                self.record.start.add(answer.elapsed)
            } else {
                self.open -= 1
                self.refuse(answer)
            }
            guard answer.status != 0 else { return }
            self.start(connection)
        }
    }

    private func poll(_ connection: LoadConnection, _ worker: Worker) {
        polling[ObjectIdentifier(connection)] = connection
        connection.send(worker.fetch) { answer in
            self.polling[ObjectIdentifier(connection)] = nil
            guard answer.isSuccess else {
                if answer.status != 0 || !self.isStopping { self.refuse(answer) }
                if answer.status != 0 { self.poll(connection, worker) }
                return
            }
            let tasks = FetchScanner.tasks(in: answer.body)
            self.record.fetches += 1
            self.record.fetched += tasks.count
            self.record.fetch.add(answer.elapsed)
            self.complete(tasks[...], connection, worker)
        }
    }

    private func complete(_ tasks: ArraySlice<FetchedTask>, _ connection: LoadConnection, _ worker: Worker) {
        guard let task = tasks.first else { return poll(connection, worker) }
        completionsUnderWay += 1
        connection.send(worker.complete.request(task: task.id)) { answer in
            self.completionsUnderWay -= 1
            if answer.isSuccess {
                self.record.completed += 1
                self.record.complete.add(answer.elapsed)
                if let key = task.businessKey, let begin = Moment.read(key) { self.record.cycle.add(.now() - begin) }
                self.finishedOne()
            } else {
                self.refuse(answer)
            }
            guard answer.status != 0 else { return }
            self.complete(tasks.dropFirst(), connection, worker)
        }
    }

    private func finishedOne() {
        open -= 1
        if !idleStarters.isEmpty, open < settings.unfinished { start(idleStarters.removeLast()) }
    }
}
