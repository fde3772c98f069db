import Foundation
import NIOCore
import NIOPosix

/// What came back for a request.
struct Answer {
    /// The HTTP status; 0 when the connection was lost before an answer was complete.
    var status: Int
    var body: ByteBufferView
    /// From the moment the request was written to the moment its answer was complete.
    var elapsed: NIODeadline.Interval
    /// When the answer was complete.
    var moment: NIODeadline
    /// Seconds after which the server wants to be asked again; nil when it does not say.
    var retryAfter: Int?

    /// Whether the status is one of success.
    var isSuccess: Bool { 200..<300 ~= status }
    /// The body as text, for messages.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// Why it is not a success, the same for all requests that are refused for one reason.
    var refusal: String {
        guard status != 0 else { return "connection lost" }
        return "\(status) \(text.prefix(200).replacing(/[0-9a-f]{8}-[0-9a-f-]{27}/, with: "…"))"
    }
}

extension NIODeadline {
    typealias Interval = TimeAmount
}

/// One keep-alive connection that has at most one request under way.
///
/// It understands as much of HTTP/1.1 as a measurement needs: a status line, `content-length`, a body. Requests are bytes
/// that were made beforehand. All calls must be made on the connection's event loop.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private(set) var channel: (any Channel)?
    private var received = ByteBuffer()
    private var completion: ((Answer) -> Void)?
    private var sentAt = NIODeadline.uptimeNanoseconds(0)
    /// The length of the answer under way, with its status; nil until its head has come.
    private var head: Head?

    private struct Head {
        var status: Int
        var bodyStart: Int
        var end: Int
        var retryAfter: Int?
    }

    /// Whether a request can be sent now.
    var isOpen: Bool { channel?.isActive ?? false }

    func handlerAdded(context: ChannelHandlerContext) { channel = context.channel }

    /// Sends a request; `completion` is called once, with status 0 when the connection is lost.
    func send(_ request: ByteBuffer, completion: @escaping (Answer) -> Void) {
        expect(completion)
        guard let channel, channel.isActive else { return finish() }
        channel.writeAndFlush(request, promise: nil)
    }

    /// Expects an answer; `completion` is called once, with status 0 when the connection is lost.
    private func expect(_ completion: @escaping (Answer) -> Void) {
        precondition(self.completion == nil, "one request at a time")
        sentAt = .now()
        self.completion = completion
    }

    /// Sends nothing more, but goes on reading until the other side closes as well.
    func closeOutput() { channel?.close(mode: .output, promise: nil) }

    /// Closes the connection, with whatever is under way.
    func close() { channel?.close(mode: .all, promise: nil) }

    /// Closes the connection as a process does that dies with unread input: the other side gets a reset.
    func reset() {
        guard let channel else { return }
        if let socket = channel as? any SocketOptionProvider {
            _ = socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        channel.close(mode: .all, promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if received.readableBytes == 0 { received = bytes } else { received.writeBuffer(&bytes) }
        if head == nil { head = Self.parseHead(received.readableBytesView) }
        guard let head, received.readableBytes >= head.end else { return }
        let view = received.readableBytesView
        let body = view[(view.startIndex + head.bodyStart)..<(view.startIndex + head.end)]
        received = ByteBuffer()
        self.head = nil
        finish(status: head.status, body: body, retryAfter: head.retryAfter)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func finish(
        status: Int = 0,
        body: ByteBufferView = ByteBuffer().readableBytesView,
        retryAfter: Int? = nil
    ) {
        guard let completion else { return }
        self.completion = nil
        let now = NIODeadline.now()
        completion(Answer(status: status, body: body, elapsed: now - sentAt, moment: now, retryAfter: retryAfter))
    }

    /// Reads the answer to a request that was sent on a connected socket by other means, and closes that.
    ///
    /// To be called on the loop.
    static func readAnswer(
        from socket: NIOBSDSocket.Handle,
        on loop: any EventLoop,
        completion: @escaping (Answer) -> Void
    ) {
        let connection = NIOLoopBound(LoadConnection(), eventLoop: loop)
        // Before there is a channel, which reads at once.
        connection.value.expect { answer in
            connection.value.close()
            completion(answer)
        }
        ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(connection.value)
                }
            }
            .withConnectedSocket(socket)
            .assumeIsolated()
            .whenFailure { _ in connection.value.finish() }
    }

    private static let blankLine: [UInt8] = Array("\r\n\r\n".utf8)
    private static let lengthField: [UInt8] = Array("\ncontent-length:".utf8)
    private static let retryField: [UInt8] = Array("\nretry-after:".utf8)

    /// Finds the status and where the body begins and ends; nil while the head is incomplete.
    private static func parseHead(_ bytes: ByteBufferView) -> Head? {
        bytes.withUnsafeBytes { bytes in
            guard let blank = bytes.position(of: blankLine, from: 0) else { return nil }
            let status = (9..<12).reduce(0) { $0 * 10 + Int(bytes[$1] & 0xf) }
            let start = blank + blankLine.count
            let length = bytes.number(after: lengthField, before: blank) ?? 0
            // Looked for only where it may be: the hot answers are successes.
            let retryAfter = status < 500 ? nil : bytes.number(after: retryField, before: blank)
            return Head(status: status, bodyStart: start, end: start + length, retryAfter: retryAfter)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Where a pattern begins at or after `start`.
    func position(of pattern: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + pattern.count <= count {
            if self[index] == pattern[0], (1..<pattern.count).allSatisfy({ self[index + $0] == pattern[$0] }) {
                return index
            }
            index += 1
        }
        return nil
    }

    /// The number that follows a header's name in lower case, before `end`.
    fileprivate func number(after name: [UInt8], before end: Int) -> Int? {
        guard var position = position(ofLowercased: name, before: end) else { return nil }
        position += name.count
        while position < end, self[position] == UInt8(ascii: " ") { position += 1 }
        var number: Int?
        while position < end, UInt8(ascii: "0")...UInt8(ascii: "9") ~= self[position] {
            number = (number ?? 0) * 10 + Int(self[position] & 0xf)
            position += 1
        }
        return number
    }

    /// Where a pattern of lower-case letters begins, in any case, before `end`.
    func position(ofLowercased pattern: [UInt8], before end: Int) -> Int? {
        (0..<Swift.max(0, Swift.min(end, count - pattern.count))).first { start in
            pattern.indices.allSatisfy { offset in
                let byte = self[start + offset]
                return (UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte) == pattern[offset]
            }
        }
    }
}
