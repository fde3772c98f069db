import NIOCore
import NIOPosix

/// The one thread that all load comes from.
final class LoadThread: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop: any EventLoop
    /// Runs actors on the thread.
    let executor: any SerialExecutor

    init() {
        loop = group.next()
        executor = loop.executor
    }

    /// Runs `body` on the thread.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await loop.submit(body).get()
    }

    /// Makes an object that lives on the thread, and hands out a key to it.
    func make<Object>(_ body: @escaping @Sendable () throws -> Object) async throws -> NIOLoopBound<Object> {
        let loop = loop
        return try await loop.submit { NIOLoopBound(try body(), eventLoop: loop) }.get()
    }

    func shutdown() async { try? await group.shutdownGracefully() }
}

extension LoadConnection {
    /// Opens a connection to a port of this machine; `completion` gets nil when that fails.
    ///
    /// To be called on the loop.
    static func connect(to port: Int, on loop: any EventLoop, completion: @escaping (LoadConnection?) -> Void) {
        let connection = NIOLoopBound(LoadConnection(), eventLoop: loop)
        ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(connection.value)
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .assumeIsolated()
            .whenComplete { result in
                if case .success = result { completion(connection.value) } else { completion(nil) }
            }
    }
}

/// An actor that lives on the load's thread, so that its requests change no threads.
protocol OnLoadThread: Actor {
    nonisolated var thread: LoadThread { get }
}

extension OnLoadThread {
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.executor.asUnownedSerialExecutor() }
}

/// Asks single questions beside the load: deploys a model, counts rows.
final class Client: Sendable {
    private let thread: LoadThread
    private let connection: NIOLoopBound<LoadConnection>

    init(_ thread: LoadThread, port: Int) async throws {
        self.thread = thread
        let loop = thread.loop
        let promise = loop.makePromise(of: NIOLoopBound<LoadConnection>.self)
        loop.execute {
            LoadConnection.connect(to: port, on: loop) { connection in
                if let connection {
                    promise.succeed(NIOLoopBound(connection, eventLoop: loop))
                } else {
                    promise.fail(BenchmarkFailure("Port \(port) does not accept connections."))
                }
            }
        }
        connection = try await promise.futureResult.get()
    }

    /// Sends a request and waits for its answer; changes no thread when called on the load's.
    nonisolated(nonsending) func answer(to request: ByteBuffer) async -> Answer {
        let connection = connection
        return await withCheckedContinuation { continuation in
            if thread.loop.inEventLoop {
                connection.value.send(request) { continuation.resume(returning: $0) }
            } else {
                thread.loop.execute { connection.value.send(request) { continuation.resume(returning: $0) } }
            }
        }
    }

    /// Sends a request that has to succeed.
    @discardableResult
    func success(_ request: ByteBuffer) async throws -> String {
        let answer = await answer(to: request)
        guard answer.isSuccess else {
            throw BenchmarkFailure("Answer \(answer.status): \(answer.text.prefix(500))")
        }
        return answer.text
    }

    func deploy(_ model: Model) async throws {
        let boundary = "benchmark-boundary"
        let body = [
            "--\(boundary)", "Content-Disposition: form-data; name=\"deployment-name\"", "", model.key,
            "--\(boundary)",
            "Content-Disposition: form-data; name=\"\(model.key).bpmn\"; filename=\"\(model.key).bpmn\"",
            "Content-Type: application/octet-stream", "", model.xml, "--\(boundary)--", "",
        ].joined(separator: "\r\n")
        try await success(
            ByteBuffer(
                string: """
                    POST /engine-rest/deployment/create HTTP/1.1\r
                    host: localhost\r
                    content-type: multipart/form-data; boundary=\(boundary)\r
                    content-length: \(body.utf8.count)\r
                    \r
                    \(body)
                    """
            )
        )
    }

    /// The number that a `…/count` answers.
    func count(_ path: String) async throws -> Int {
        let text = try await success(Requests.get(path))
        guard let number = Int(text.filter(\.isNumber)) else { throw BenchmarkFailure("No count: \(text)") }
        return number
    }

    func close() async { _ = try? await thread.run { [connection] in connection.value.close() } }

    /// Closes the connection after a while, with whatever is under way then, unless that is cancelled before.
    func close(after delay: TimeAmount, withReset: Bool) -> Scheduled<Void> {
        let connection = connection
        return thread.loop.scheduleTask(in: delay) {
            withReset ? connection.value.reset() : connection.value.close()
        }
    }

    /// Sends nothing more after a while but goes on reading, unless that is cancelled before.
    func closeOutput(after delay: TimeAmount) -> Scheduled<Void> {
        let connection = connection
        return thread.loop.scheduleTask(in: delay) { connection.value.closeOutput() }
    }
}
