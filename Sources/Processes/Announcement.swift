/// A value that becomes known once, and may be waited for once.
package struct Announcement<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let sink: AsyncStream<Value>.Continuation

    package init() {
        (stream, sink) = AsyncStream.makeStream()
    }

    /// Makes the value known.
    package func announce(_ value: Value) {
        sink.yield(value)
        sink.finish()
    }

    /// Waits for the value; nil when the waiting task is cancelled.
    package func value() async -> Value? {
        for await value in stream {
            return value
        }
        return nil
    }
}
