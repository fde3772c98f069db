import NIOCore

/// Many polls that wait, each on a connection of its own; one that is answered polls again.
final class ParkedPolls: Sendable {
    private let thread: LoadThread
    private let crowd: NIOLoopBound<Crowd>

    /// How many connections are opened at a time.
    private static let wave = 200

    init(_ thread: LoadThread, port: Int, fetch: ByteBuffer) async throws {
        self.thread = thread
        let loop = thread.loop
        crowd = try await thread.make { Crowd(loop: loop, port: port, fetch: fetch) }
    }

    /// Opens connections and sends a poll on each; the last ones are parked a moment later.
    func park(_ count: Int) async throws {
        let crowd = crowd
        for begin in stride(from: 0, to: count, by: Self.wave) {
            let wave = min(Self.wave, count - begin)
            let opened = await withCheckedContinuation { continuation in
                thread.loop.execute { crowd.value.open(wave) { continuation.resume(returning: $0) } }
            }
            guard opened == wave else { throw BenchmarkFailure("Only \(begin + opened) connections could be opened.") }
        }
    }

    /// The next answer that any of the polls gets.
    func nextAnswer() async -> Answer {
        let crowd = crowd
        return await withCheckedContinuation { continuation in
            thread.loop.execute { crowd.value.whenAnswered = { continuation.resume(returning: $0) } }
        }
    }

    /// Answers that nobody waited for.
    func surprises() async throws -> Int {
        let crowd = crowd
        return try await thread.run { crowd.value.surprises }
    }

    /// Closes all connections, with the polls that wait on them.
    func close() async throws {
        let crowd = crowd
        try await thread.run { crowd.value.close() }
    }

    /// The connections; lives on the load's thread.
    private final class Crowd {
        private let loop: any EventLoop
        private let port: Int
        private let fetch: ByteBuffer
        private var connections: [LoadConnection] = []
        private var isClosing = false
        private(set) var surprises = 0
        var whenAnswered: ((Answer) -> Void)?

        init(loop: any EventLoop, port: Int, fetch: ByteBuffer) {
            self.loop = loop
            self.port = port
            self.fetch = fetch
        }

        func open(_ count: Int, completion: @escaping (Int) -> Void) {
            var left = count
            var opened = 0
            for _ in 0..<count {
                LoadConnection.connect(to: port, on: loop) { connection in
                    if let connection {
                        opened += 1
                        self.connections.append(connection)
                        self.poll(connection)
                    }
                    left -= 1
                    if left == 0 { completion(opened) }
                }
            }
        }

        func close() {
            isClosing = true
            for connection in connections { connection.close() }
            connections = []
        }

        private func poll(_ connection: LoadConnection) {
            connection.send(fetch) { answer in
                guard !self.isClosing else { return }
                if let whenAnswered = self.whenAnswered {
                    self.whenAnswered = nil
                    whenAnswered(answer)
                } else {
                    self.surprises += 1
                }
                if answer.isSuccess { self.poll(connection) }
            }
        }
    }
}
