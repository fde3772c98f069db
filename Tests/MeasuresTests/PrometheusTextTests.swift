import TestSupport
import Testing

@testable import Measures

@Suite struct `A page for Prometheus` {
    private static let family = MetricFamily("things_total", .counter, "Things that were there.")

    private func text(_ page: PrometheusText) -> String { String(decoding: page.bytes, as: UTF8.self) }

    @Test func `has help and type once for each family, and its samples together`() throws {
        var page = PrometheusText()
        let other = MetricFamily("level", .gauge, "How high.")
        page.add(Self.family, [(name: "kind", value: "a")], 1)
        page.add(other, [], 0.5)
        page.add(Self.family, [(name: "kind", value: "b")], 2)
        #expect(
            text(page) == """
                # HELP things_total Things that were there.
                # TYPE things_total counter
                things_total{kind="a"} 1
                things_total{kind="b"} 2
                # HELP level How high.
                # TYPE level gauge
                level 0.5

                """
        )
    }

    @Test func `escapes what would end a value or a line`() throws {
        var page = PrometheusText()
        let family = MetricFamily("odd", .gauge, "Says \"so\"\nin C:\\two lines.")
        page.add(family, [(name: "topic", value: "a\"b\\c\nd")], 1)
        #expect(
            text(page) == #"""
                # HELP odd Says "so"\nin C:\\two lines.
                # TYPE odd gauge
                odd{topic="a\"b\\c\nd"} 1

                """#
        )
    }

    @Test(arguments: [
        (Double.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (0, "0"), (-0.0, "0"), (3, "3"), (0.1, "0.1"),
        (1e300, "1e+300"), (-2.5, "-2.5"), (9_007_199_254_740_992, "9007199254740992"),
    ])
    func `writes every number`(number: Double, expected: String) throws {
        var page = PrometheusText()
        page.add(Self.family, [], number)
        #expect(text(page).hasSuffix("\nthings_total \(expected)\n"))
    }

    @Test func `shows a histogram with each bucket holding those below`() throws {
        let histogram = Histogram(Histogram.Scale(bounds: [1_000_000, 2_500_000_000], unit: 1_000_000_000))
        histogram.observe(.milliseconds(1))
        histogram.observe(.milliseconds(2))
        histogram.observe(.seconds(2.5))
        histogram.observe(.seconds(60))
        histogram.observe(.seconds(-1))
        var page = PrometheusText()
        page.add(MetricFamily("wait_seconds", .histogram, "Waiting."), [(name: "a", value: "b")], histogram)
        #expect(
            text(page) == """
                # HELP wait_seconds Waiting.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{a="b",le="0.001"} 2
                wait_seconds_bucket{a="b",le="2.5"} 4
                wait_seconds_bucket{a="b",le="+Inf"} 5
                wait_seconds_sum{a="b"} 62.503
                wait_seconds_count{a="b"} 5

                """
        )
        #expect(try PrometheusPage(text(page)).value("wait_seconds_count") == 5)
    }

    @Test func `counts from many tasks at once`() async {
        let (counter, histogram) = (EventCounter(), Histogram(.counts))
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for value in 0..<10_000 {
                        counter.add()
                        histogram.observe(value)
                    }
                }
            }
        }
        counter.add(0)
        counter.add(-1)
        #expect(counter.value == 80_000)
        #expect(histogram.snapshot.count == 80_000)
        #expect(histogram.snapshot.sum == 8 * 49_995_000)
    }

    /// Texts of characters that mean something to the format, and others.
    @Test(arguments: 0..<50) func `is read again whatever its labels hold`(seed: UInt64) throws {
        var random = SeededRandom(state: seed)
        let alphabet: [Unicode.Scalar] = [
            "\\", "\"", "\n", "\r", "{", "}", "=", ",", " ", "#", "n", "a", "\u{301}", "ä", "\u{1F600}", "\0", "\t",
        ]
        var page = PrometheusText()
        var expected: [String: Double] = [:]
        for number in 0..<40 {
            var value = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0..<12, using: &random) {
                value.append(alphabet.randomElement(using: &random) ?? "a")
            }
            value.append(contentsOf: "\(number)".unicodeScalars)
            let family = MetricFamily("family_\(number % 3)", .gauge, String(value))
            page.add(family, [(name: "first", value: "x"), (name: "topic", value: String(value))], Double(number))
            expected[String(value)] = Double(number)
        }
        let read = try PrometheusPage(text(page))
        let found = Dictionary(uniqueKeysWithValues: read.samples.map { ($0.labels["topic"] ?? "", $0.value) })
        #expect(found == expected)
        #expect(read.types.count == 3)
    }
}

/// The same numbers each time.
private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
