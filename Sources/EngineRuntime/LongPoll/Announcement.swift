import EngineCore

/// What nodes tell each other: which node speaks, which topics gained work, which polls wait for their workers, and
/// whether batches have something to do.
///
/// The text is `1 <node>` and for each topic a line `<count> <milliseconds or -> <bytes of the topic> <topic>`, for each
/// poll a line `poll <name> <bytes of the worker> <worker>`, for batches the line `batches - 0 `. Lengths are told because topics and workers may hold
/// anything, line ends included.
struct Announcement: Sendable, Hashable {
    var node: UInt64
    var work: [TopicWork] = []
    var polls: [WorkerPoll] = []
    var hasBatches = false

    /// Payloads of notifications are shorter than 8000 bytes.
    static let maximumBytes = 7_900
    /// The longest topic or worker that can be announced; other topics are found by the safety check, and no worker with
    /// such a name gets any task.
    static let maximumNameBytes = 7_000

    /// The payloads that announce all of this.
    static func payloads(
        of work: [TopicWork],
        _ polls: [WorkerPoll] = [],
        hasBatches: Bool = false,
        node: UInt64
    ) -> [String] {
        let head = "1 \(String(node, radix: 16))"
        var payloads: [String] = []
        var payload = head
        let batches = hasBatches ? ["\n\(batchesMark) - 0 "] : []
        for line in batches + work.compactMap(line(of:)) + polls.compactMap(line(of:)) {
            if payload.utf8.count + line.utf8.count > maximumBytes {
                payloads.append(payload)
                payload = head
            }
            payload += line
        }
        if payload.utf8.count > head.utf8.count { payloads.append(payload) }
        return payloads
    }

    private static func line(of work: TopicWork) -> String? {
        let length = work.topic.utf8.count
        guard length <= maximumNameBytes else { return nil }
        return "\n\(work.count) \(work.inMilliseconds.map(String.init) ?? "-") \(length) \(work.topic)"
    }

    private static func line(of poll: WorkerPoll) -> String? {
        let length = poll.worker.rawValue.utf8.count
        guard length <= maximumNameBytes else { return nil }
        return "\n\(pollMark) \(poll.id.value) \(length) \(poll.worker.rawValue)"
    }

    private static let pollMark = "poll"
    private static let batchesMark = "batches"
}

extension Announcement {
    /// Reads a payload; nil when it is not one that this version understands.
    init?(payload: String) {
        var reader = Reader(bytes: payload.utf8[...])
        guard reader.word() == "1", let word = reader.word(), let node = UInt64(word, radix: 16) else { return nil }
        self.node = node
        while !reader.bytes.isEmpty {
            guard let first = reader.word(), let second = reader.word(),
                let length = reader.word().flatMap({ Int($0) }), let name = reader.text(length)
            else { return nil }
            if first == Self.pollMark, let id = UInt64(second) {
                polls.append(WorkerPoll(worker: WorkerID(rawValue: name), id: WaiterID(id)))
            } else if first == Self.batchesMark {
                hasBatches = true
            } else if let count = Int(first), count > 0, second == "-" || Int64(second) != nil {
                work.append(TopicWork(topic: name, count: count, inMilliseconds: Int64(second)))
            } else {
                return nil
            }
        }
    }

    private struct Reader {
        var bytes: Substring.UTF8View

        /// The text up to the next space or line end, which is skipped.
        mutating func word() -> String? {
            let end = bytes.firstIndex { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") } ?? bytes.endIndex
            guard end > bytes.startIndex else { return nil }
            let word = String(Substring(bytes[..<end]))
            bytes = end < bytes.endIndex ? bytes[bytes.index(after: end)...] : bytes[end...]
            return word
        }

        /// So many bytes of text and the line end after them, if any.
        mutating func text(_ length: Int) -> String? {
            guard length >= 0, length <= bytes.count else { return nil }
            let end = bytes.index(bytes.startIndex, offsetBy: length)
            guard let text = String(bytes[..<end]) else { return nil }
            bytes = bytes[end...]
            if let next = bytes.first {
                guard next == UInt8(ascii: "\n") else { return nil }
                bytes = bytes.dropFirst()
            }
            return text
        }
    }
}
