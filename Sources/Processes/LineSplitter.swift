import Foundation

/// Cuts a stream of bytes into lines.
///
/// A line longer than ``maximumLength`` is cut into several.
struct LineSplitter {
    /// The most bytes of one line that are kept in memory.
    static let maximumLength = 64 * 1024

    private var rest = Data()

    /// Takes more bytes and returns the lines that they complete, without their line breaks.
    mutating func append(_ bytes: Data) -> [String] {
        rest.append(bytes)
        var lines: [String] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
            rest = Data(rest[rest.index(after: end)...])
        }
        if rest.count > Self.maximumLength {
            lines.append(String(decoding: rest, as: UTF8.self))
            rest = Data()
        }
        return lines
    }

    /// What came after the last line break, when the stream has ended; nil when there is nothing.
    mutating func finish() -> String? {
        defer { rest = Data() }
        return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
    }
}
