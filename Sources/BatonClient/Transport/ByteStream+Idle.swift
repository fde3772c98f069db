extension ByteStream {
    /// The same bytes, which must not stay away for longer than `timeout` when they are asked for.
    ///
    /// Going through them throws ``BatonError`` with ``BatonError/Code/timedOut`` when they do.
    func bounded(by timeout: Duration, on timeline: Timeline) -> ByteStream {
        ByteStream(BoundedBytes(bytes: self, timeout: timeout, timeline: timeline), length: length)
    }
}

private struct BoundedBytes: AsyncSequence, Sendable {
    let bytes: ByteStream
    let timeout: Duration
    let timeline: Timeline

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(source: Source(bytes.makeAsyncIterator()), timeout: timeout, timeline: timeline)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let source: Source
        let timeout: Duration
        let timeline: Timeline

        mutating func next() async throws -> ArraySlice<UInt8>? {
            guard let piece = try await timeline.within(timeout, { [source] in try await source.next() }) else {
                throw BatonError(
                    .timedOut,
                    operation: .download,
                    message: "No more of the content came within \(timeout)"
                )
            }
            return piece
        }
    }

    /// The iterator of the bytes.
    ///
    /// One task at a time uses it: who asks for a piece waits until the task that gets it has ended.
    final class Source: @unchecked Sendable {
        private var iterator: ByteStream.AsyncIterator

        init(_ iterator: ByteStream.AsyncIterator) {
            self.iterator = iterator
        }

        func next() async throws -> ArraySlice<UInt8>? { try await iterator.next() }
    }
}
