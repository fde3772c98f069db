/// What nodes tell each other: which node speaks, and which topics gained work.
///
/// The text is `1 <node>` and for each topic a line `<count> <milliseconds or -> <bytes of the topic> <topic>`.
/// The topic's length is told because a topic may hold anything, line ends included.
struct Announcement: Sendable, Hashable {
    var node: UInt64
    var work: [TopicWork]

    /// Payloads of notifications are shorter than 8000 bytes.
    static let maximumBytes = 7_900
    /// The longest topic that can be announced; others are found by the safety check.
    static let maximumTopicBytes = 7_000

    /// The payloads that announce all of this.
    static func payloads(of work: [TopicWork], node: UInt64) -> [String] {
        let head = "1 \(String(node, radix: 16))"
        var payloads: [String] = []
        var payload = head
        for work in work where work.topic.utf8.count <= maximumTopicBytes {
            let milliseconds = work.inMilliseconds.map(String.init) ?? "-"
            let line = "\n\(work.count) \(milliseconds) \(work.topic.utf8.count) \(work.topic)"
            if payload.utf8.count + line.utf8.count > maximumBytes {
                payloads.append(payload)
                payload = head
            }
            payload += line
        }
        if payload.utf8.count > head.utf8.count { payloads.append(payload) }
        return payloads
    }
}

extension Announcement {
    /// Reads a payload; nil when it is not one that this version understands.
    init?(payload: String) {
        var reader = Reader(bytes: payload.utf8[...])
        guard reader.word() == "1", let word = reader.word(), let node = UInt64(word, radix: 16) else { return nil }
        self.node = node
        work = []
        while !reader.bytes.isEmpty {
            guard let count = reader.word().flatMap({ Int($0) }), count > 0, let moment = reader.word(),
                moment == "-" || Int64(moment) != nil, let length = reader.word().flatMap({ Int($0) }),
                let topic = reader.text(length)
            else { return nil }
            work.append(TopicWork(topic: topic, count: count, inMilliseconds: Int64(moment)))
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
