/// Finds the places of a pattern in a text, one after the other, in time proportional to both lengths.
struct TextSearch: IteratorProtocol {
    private let pattern: [UInt8]
    private let text: [UInt8]
    /// For each prefix of the pattern, how long its longest proper prefix is that is its end as well.
    private let borders: [Int]
    private var position = 0
    private var matched = 0
    private var isDone = false

    init(for pattern: [UInt8], in text: [UInt8]) {
        self.pattern = pattern
        self.text = text
        borders = Self.borders(of: pattern)
    }

    /// The offset of the next place that does not overlap the one before.
    ///
    /// An empty pattern is found once, at the beginning.
    mutating func next() -> Int? {
        guard !isDone else { return nil }
        guard !pattern.isEmpty else {
            isDone = true
            return 0
        }
        while position < text.count {
            matched = Self.longer(matched, by: text[position], pattern, borders)
            position += 1
            guard matched < pattern.count else {
                matched = 0
                return position - pattern.count
            }
        }
        isDone = true
        return nil
    }

    private static func borders(of pattern: [UInt8]) -> [Int] {
        var borders: [Int] = []
        var length = 0
        for (index, byte) in pattern.enumerated() {
            if index > 0 { length = longer(length, by: byte, pattern, borders) }
            borders.append(length)
        }
        return borders
    }

    /// How much of the pattern is matched after one more byte.
    private static func longer(_ matched: Int, by byte: UInt8, _ pattern: [UInt8], _ borders: [Int]) -> Int {
        var matched = matched
        while matched > 0, pattern[matched] != byte { matched = borders[matched - 1] }
        return pattern[matched] == byte ? matched + 1 : 0
    }
}
