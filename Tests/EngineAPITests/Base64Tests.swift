import Testing

@testable import EngineAPI

@Suite struct `Base64 text` {
    @Test(arguments: [0, 1, 2, 3, 4, 255, 256, 257, 10_000])
    func `of any length can be read back`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let text = Base64.encode(bytes)
        #expect(text.count == (count + 2) / 3 * 4)
        #expect(Base64.decode(String(decoding: text, as: UTF8.self), tolerating: .whiteSpace) == bytes)
        #expect(Base64.encodeQuoted(bytes) == Array("\"".utf8) + text + Array("\"".utf8))
    }

    @Test(arguments: [
        ("aGVs\nbG8=", "hello"), ("aGVsbG8=\r\n", "hello"), (" aGVsbG8h", "hello!"), ("", ""),
        ("aGVs\r\nbG8g\r\nd29y\r\nbGQ=", "hello world"),
    ])
    func `may have line ends anywhere`(text: String, expected: String) {
        #expect(Base64.decode(text, tolerating: .whiteSpace) == Array(expected.utf8))
        #expect(Base64.decode(text, tolerating: .everything) == Array(expected.utf8))
    }

    @Test(arguments: ["aGVsbG8", "aGVs%bG8=", "aGVsbG8=aGVs", "aGVsbG-_", "aGVsbG8==", "a", "%"])
    func `in other forms is refused where it must be exact`(text: String) {
        #expect(Base64.decode(text, tolerating: .whiteSpace) == nil)
    }

    @Test(arguments: [("aGV%sb!G8", "hello"), ("aGVsbG8", "hello"), ("aGVsbG8=%", "hello"), ("-_-_", "\u{fb}")])
    func `is read as far as it goes where it need not be`(text: String, expected: String) {
        let bytes = Base64.decode(text, tolerating: .everything)
        #expect(bytes?.first == (expected == "\u{fb}" ? 0xFB : Array(expected.utf8).first))
        if expected != "\u{fb}" { #expect(bytes == Array(expected.utf8)) }
    }
}
