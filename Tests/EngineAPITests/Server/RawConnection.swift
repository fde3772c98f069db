import NIOCore
import NIOPosix
import Synchronization

/// A connection whose bytes the test chooses.
struct RawConnection {
    /// An answer as it came.
    struct Answer: Equatable {
        var status: Int
        /// By name, in lower case.
        var fields: [String: String]
        var body: String
    }

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ""
    private let asked = RequestLines()

    /// Connects, calls `body`, and closes the connection.
    static func with<Result>(
        port: Int,
        _ body: (inout RawConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        asked.note(String(decoding: bytes, as: UTF8.self))
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Says that nothing more will be sent.
    func finishSending() { outbound.finish() }

    /// The next answer; nil when the server closes the connection instead.
    mutating func answer() async throws -> Answer? {
        while true {
            if let (answer, length) = Self.parse(received) {
                received = String(received.utf8.dropFirst(length)) ?? ""
                check(answer)
                return answer
            }
            guard let bytes = try await inbound.next() else { return nil }
            received += String(buffer: bytes)
        }
    }

    /// Compares an answer with the OpenAPI document, but for what is said before the answer, or of what is not HTTP.
    private func check(_ answer: Answer) {
        guard answer.status >= 200, let (method, uri) = asked.next() else { return }
        guard ![400, 408].contains(answer.status) || !answer.body.isEmpty else { return }
        Documentation.check(
            Exchange(
                method: method,
                uri: uri,
                status: answer.status,
                contentType: answer.fields["content-type"],
                body: Array(answer.body.utf8)
            )
        )
    }

    /// The first answer in a text, and its length; nil when it is incomplete.
    private static func parse(_ text: String) -> (Answer, Int)? {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        var lines = parts[0].split(separator: "\r\n")
        let status = lines.removeFirst().split(separator: " ")[1]
        var fields: [String: String] = [:]
        for line in lines {
            let field = line.split(separator: ": ", maxSplits: 1)
            fields[field[0].lowercased()] = String(field[1])
        }
        let length = fields["content-length"].flatMap { Int($0) } ?? 0
        guard parts[1].utf8.count >= length else { return nil }
        let body = String(decoding: parts[1].utf8.prefix(length), as: UTF8.self)
        return (Answer(status: Int(status) ?? 0, fields: fields, body: body), parts[0].utf8.count + 4 + length)
    }
}

/// The request lines in what is sent, in order.
private final class RequestLines: Sendable {
    private let lines = Mutex((sent: "", taken: 0))

    func note(_ text: String) { lines.withLock { $0.sent += text } }

    /// The method and the URI of the next request; nil when its line is not HTTP.
    func next() -> (String, String)? {
        lines.withLock { lines in
            let found = lines.sent.matches(of: /([A-Z]+) (\/[^ \r\n]*) HTTP\/1\.[01]\r\n/)
            guard lines.taken < found.count else { return nil }
            defer { lines.taken += 1 }
            return (String(found[lines.taken].1), String(found[lines.taken].2))
        }
    }
}
