/// Bytes that come bit by bit, such as the content of a large file.
///
/// May be gone through once, unless it was made from an array.
public struct ByteStream: AsyncSequence, Sendable {
    /// Some bytes, never empty.
    public typealias Element = ArraySlice<UInt8>

    /// How many bytes there are in all, when that is known beforehand.
    public let length: Int?
    private let makeNext: @Sendable () -> () async throws -> Element?

    /// These bytes, in one piece.
    public init(_ bytes: [UInt8]) {
        length = bytes.count
        makeNext = {
            var rest: Element? = bytes.isEmpty ? nil : bytes[...]
            return {
                defer { rest = nil }
                return rest
            }
        }
    }

    /// The bytes of another sequence.
    ///
    /// - Parameters:
    ///   - source: Where they come from.
    ///   - length: How many there are, if known; a server then knows how far an upload is.
    public init<Source: AsyncSequence & Sendable>(_ source: Source, length: Int? = nil)
    where Source.Element: Sequence, Source.Element.Element == UInt8 {
        self.length = length
        makeNext = {
            var iterator = source.makeAsyncIterator()
            return {
                while let piece = try await iterator.next() {
                    let bytes = Array(piece)
                    if !bytes.isEmpty { return bytes[...] }
                }
                return nil
            }
        }
    }

    /// Goes through the bytes.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(produce: makeNext())
    }

    /// Goes through the bytes of a stream.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let produce: () async throws -> Element?

        /// The next bytes, or nil at the end.
        public mutating func next() async throws -> Element? { try await produce() }
    }

    /// Reads everything.
    ///
    /// - Parameter limit: The most bytes to read.
    /// - Returns: All bytes.
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidAnswer`` when there are more; what reading throws.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        if let length, length > limit { throw Self.tooLong(limit) }
        var bytes: [UInt8] = []
        for try await piece in self {
            guard bytes.count + piece.count <= limit else { throw Self.tooLong(limit) }
            bytes += piece
        }
        return bytes
    }

    private static func tooLong(_ limit: Int) -> BatonError {
        BatonError(.invalidAnswer, message: "There are more than \(limit) bytes")
    }
}
