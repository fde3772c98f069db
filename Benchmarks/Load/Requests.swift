import NIOCore

/// Requests as bytes, made once and patched where they differ.
enum Requests {
    /// A request with a JSON body to a path under `/engine-rest`.
    static func post(_ path: String, _ body: String) -> ByteBuffer {
        ByteBuffer(
            string: """
                POST /engine-rest\(path) HTTP/1.1\r
                host: localhost\r
                content-type: application/json\r
                content-length: \(body.utf8.count)\r
                \r
                \(body)
                """
        )
    }

    /// A request without a body.
    static func get(_ path: String) -> ByteBuffer {
        ByteBuffer(string: "GET /engine-rest\(path) HTTP/1.1\r\nhost: localhost\r\n\r\n")
    }

    /// A deletion.
    static func delete(_ path: String) -> ByteBuffer {
        ByteBuffer(string: "DELETE /engine-rest\(path) HTTP/1.1\r\nhost: localhost\r\n\r\n")
    }

    /// A start whose business key is the moment it was sent.
    struct Start {
        private let head: ByteBuffer
        private let tail: ByteBuffer

        init(processKey: String) {
            let marker = String(repeating: "0", count: Moment.digits)
            let body = """
                {"businessKey":"\(marker)","variables":{\
                "customer":{"value":"ACME Corporation Ltd.","type":"String"},\
                "amount":{"value":1299.95,"type":"Double"}}}
                """
            let whole = String(buffer: Requests.post("/process-definition/key/\(processKey)/start", body))
            let parts = whole.split(separator: marker, maxSplits: 1, omittingEmptySubsequences: false)
            head = ByteBuffer(string: String(parts[0]))
            tail = ByteBuffer(string: String(parts[1]))
        }

        /// The request, stamped with now.
        func request() -> ByteBuffer {
            var buffer = head
            Moment.write(.now(), to: &buffer)
            buffer.writeImmutableBuffer(tail)
            return buffer
        }
    }

    /// A poll of one topic.
    static func fetch(
        topic: String,
        workerID: String,
        maxTasks: Int = 10,
        lockDuration: Int = 60_000,
        timeout: Int? = 20_000,
        options: String = ""
    ) -> ByteBuffer {
        fetch(
            topics: [topic],
            workerID: workerID,
            maxTasks: maxTasks,
            lockDuration: lockDuration,
            timeout: timeout,
            options: options
        )
    }

    /// A poll of several topics.
    static func fetch(
        topics: [String],
        workerID: String,
        maxTasks: Int = 10,
        lockDuration: Int = 60_000,
        timeout: Int? = 20_000,
        options: String = ""
    ) -> ByteBuffer {
        let waiting = timeout.map { ",\"asyncResponseTimeout\":\($0)" } ?? ""
        let wanted = topics.map { "{\"topicName\":\"\($0)\",\"lockDuration\":\(lockDuration)}" }.joined(separator: ",")
        return post(
            "/external-task/fetchAndLock",
            """
            {"workerId":"\(workerID)","maxTasks":\(maxTasks)\(waiting)\(options),"topics":[\(wanted)]}
            """
        )
    }

    /// A completion with one variable.
    struct Complete {
        private let tail: ByteBuffer

        init(workerID: String) {
            let body = """
                {"workerId":"\(workerID)","variables":{"result":{"value":"shipped","type":"String"}}}
                """
            tail = ByteBuffer(
                string: """
                    /complete HTTP/1.1\r
                    host: localhost\r
                    content-type: application/json\r
                    content-length: \(body.utf8.count)\r
                    \r
                    \(body)
                    """
            )
        }

        func request(task: ByteBufferView) -> ByteBuffer {
            var buffer = ByteBuffer(string: "POST /engine-rest/external-task/")
            buffer.writeBytes(task)
            buffer.writeImmutableBuffer(tail)
            return buffer
        }
    }
}

/// A moment of this process's clock as text of fixed length, so that it can travel in a business key.
enum Moment {
    static let digits = 20

    static func write(_ moment: NIODeadline, to buffer: inout ByteBuffer) {
        var left = moment.uptimeNanoseconds
        var bytes = [UInt8](repeating: UInt8(ascii: "0"), count: digits)
        for index in bytes.indices.reversed() where left > 0 {
            bytes[index] = UInt8(ascii: "0") + UInt8(left % 10)
            left /= 10
        }
        buffer.writeBytes(bytes)
    }

    static func read(_ bytes: ByteBufferView) -> NIODeadline? {
        guard bytes.count == digits else { return nil }
        return .uptimeNanoseconds(bytes.reduce(0) { $0 * 10 + UInt64($1 & 0xf) })
    }
}
