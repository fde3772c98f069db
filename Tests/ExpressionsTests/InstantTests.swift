import Expressions
import Testing

@Suite struct `An instant` {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000+0000"), (1_741_529_100_250, "2025-03-09T14:05:00.250+0000"),
            (-1, "1969-12-31T23:59:59.999+0000"), (951_782_400_000, "2000-02-29T00:00:00.000+0000"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999+0000"),
            (253_402_300_800_000, "10000-01-01T00:00:00.000+0000"),
            (-62_135_596_800_000, "0001-01-01T00:00:00.000+0000"), (-2_203_891_200_000, "1900-03-01T00:00:00.000+0000"),
        ] as [(Int64, String)]
    )
    func `has the text of the contract`(milliseconds: Int64, text: String) {
        #expect(Instant(millisecondsSinceEpoch: milliseconds).iso8601 == text)
    }

    @Test(
        arguments: [
            ("2025-03-09T14:05:00.250+0000", 1_741_529_100_250), ("2025-03-09T14:05:00.250Z", 1_741_529_100_250),
            ("2025-03-09T15:05:00.250+01:00", 1_741_529_100_250), ("2025-03-09T15:35:00.250+0130", 1_741_529_100_250),
            ("2025-03-09T12:05:00.250-02", 1_741_529_100_250), ("2025-03-09T14:05:00.25", 1_741_529_100_250),
            ("2025-03-09T14:05:00.2509999999999999999999", 1_741_529_100_250),
            ("2025-03-09T14:05:00", 1_741_529_100_000),
            ("2025-03-09T14:05", 1_741_529_100_000), ("2025-03-09", 1_741_478_400_000), ("2000-02-29", 951_782_400_000),
            ("0001-01-01", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)]
    )
    func `is read from ISO 8601`(text: String, milliseconds: Int64) {
        #expect(Instant(iso8601: text) == Instant(millisecondsSinceEpoch: milliseconds))
    }

    @Test(arguments: [
        "", "2025", "2025-03", "2025-13-01", "2025-00-01", "2025-02-29", "2025-03-00", "2025-3-9", "2025-03-09T",
        "2025-03-09T24",
        "2025-03-09T14:60", "2025-03-09T14:05:60", "2025-03-09T14:05:00.", "2025-03-09T14:05:00+",
        "2025-03-09T14:05:00+1",
        "2025-03-09T14:05:00+01:", "2025-03-09T14:05:00+24:00", "2025-03-09T14:05:00ZZ", "2025-03-09 14:05",
        "+025-03-09", "P1D",
    ])
    func `is not read from anything else`(text: String) {
        #expect(Instant(iso8601: text) == nil)
    }

    @Test func `and its text belong together`() {
        var random = SplitMix(state: 7)
        for _ in 0..<2000 {
            let milliseconds = Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &random)
            let instant = Instant(millisecondsSinceEpoch: milliseconds)
            #expect(Instant(iso8601: instant.iso8601) == instant)
        }
        #expect(!Instant(millisecondsSinceEpoch: .min).iso8601.isEmpty)
        #expect(!Instant(millisecondsSinceEpoch: .max).iso8601.isEmpty)
    }

    @Test(
        arguments: [
            ("2025-01-31", 1, "2025-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2025-03-31", -1, "2025-02-28"),
            ("2025-12-15", 1, "2026-01-15"), ("2025-01-15", -1, "2024-12-15"), ("2024-02-29", 12, "2025-02-28"),
            ("2025-01-15", -13, "2023-12-15"), ("2025-06-30", 0, "2025-06-30"),
        ] as [(String, Int64, String)]
    )
    func `moves by calendar months`(start: String, months: Int64, end: String) throws {
        let instant = try #require(Instant(iso8601: start + "T10:00:00.001Z"))
        #expect(instant.adding(months: months) == Instant(iso8601: end + "T10:00:00.001Z"))
    }

    @Test func `stays within what can be told`() {
        let epoch = Instant(millisecondsSinceEpoch: 0)
        #expect(epoch.adding(2, .weeks) == epoch.adding(14, .days))
        #expect(epoch.adding(.max, .days) == nil)
        #expect(epoch.adding(months: .max) == nil)
        #expect(epoch.adding(months: .min) == nil)
        let last = Instant(millisecondsSinceEpoch: .max)
        let first = Instant(millisecondsSinceEpoch: .min)
        #expect(last.adding(months: 1) == nil)
        #expect(first.adding(months: -1) == nil)
        #expect(last.advanced(byMilliseconds: 1) == last)
        #expect(first.advanced(byMilliseconds: -1) == first)
        #expect(last.milliseconds(since: first) == .max)
        #expect(epoch.advanced(byMilliseconds: 5).milliseconds(since: epoch) == 5)
        #expect(first < epoch && epoch < last)
    }

    @Test(arguments: [
        ("P1Y2M3W4DT5H6M7.25S", "2021-03-28T05:06:07.250Z"), ("P0D", "2020-01-03T00:00:00Z"),
        ("PT36H", "2020-01-04T12:00:00Z"),
        ("P1M", "2020-02-03T00:00:00Z"), ("PT0,5S", "2020-01-03T00:00:00.500Z"), ("PT1M", "2020-01-03T00:01:00Z"),
    ])
    func `is moved on by a duration`(duration: String, end: String) throws {
        let start = try #require(Instant(iso8601: "2020-01-03"))
        let expected = try #require(Instant(iso8601: end))
        #expect(start.adding(iso8601Duration: duration) == expected)
    }

    @Test(arguments: [
        "", "P", "PT", "P1", "1D", "P1S", "PT1D", "P1H", "-P1D", "P-1D", "P1DT", "P1D2D", "P1D1Y", "P1.5D", "PT.S",
        "PT1.S",
        "PTS", "P1D ", "p1d", "PT1ST1S", "P99999999999999999999D", "P9223372036854775807Y",
    ])
    func `is not moved on by what is no duration`(duration: String) {
        #expect(Instant(millisecondsSinceEpoch: 0).adding(iso8601Duration: duration) == nil)
    }
}
