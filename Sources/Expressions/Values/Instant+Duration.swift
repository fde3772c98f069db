extension Instant {
    /// The moment after an ISO 8601 duration from this one: `P1Y2M3W4DT5H6M7.5S`, in this order, each part once and at
    /// least one of them.
    ///
    /// Years and months are calendar months in UTC. Digits beyond milliseconds are dropped. Nil when the text is
    /// anything else, or when 64 bits of milliseconds cannot hold the moment.
    package func adding(iso8601Duration text: String) -> Instant? {
        var reader = DurationReader(moment: self, rest: Array(text.utf8)[...])
        return reader.read()
    }
}

private struct DurationReader {
    var moment: Instant
    var rest: ArraySlice<UInt8>

    mutating func read() -> Instant? {
        guard rest.popFirst() == UInt8(ascii: "P"), !rest.isEmpty else { return nil }
        guard parts("YMWD") else { return nil }
        guard !rest.isEmpty else { return moment }
        rest.removeFirst()
        guard !rest.isEmpty, parts("HMS", isTime: true), rest.isEmpty else { return nil }
        return moment
    }

    /// Adds numbers with their designators up to `T` or the end; false when something else is there.
    private mutating func parts(_ designators: String, isTime: Bool = false) -> Bool {
        var left = Array(designators.utf8)[...]
        while let next = rest.first, next != UInt8(ascii: "T") {
            guard let whole = digits(), let fraction = fraction(), let designator = rest.popFirst(),
                let index = left.firstIndex(of: designator),
                fraction == 0 || designator == UInt8(ascii: "S"),
                let later = moment.adding(whole, designator, isTime: isTime)?.adding(fraction, .milliseconds)
            else { return false }
            moment = later
            left = left[(index + 1)...]
        }
        return true
    }

    private mutating func digits() -> Int64? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest[digits.endIndex...]
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// Milliseconds after a decimal sign; 0 when there is none.
    private mutating func fraction() -> Int64? {
        guard let sign = rest.first, sign == UInt8(ascii: ".") || sign == UInt8(ascii: ",") else { return 0 }
        rest.removeFirst()
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest[digits.endIndex...]
        let milliseconds = (digits + [UInt8](repeating: UInt8(ascii: "0"), count: 3)).prefix(3)
        return Int64(String(decoding: milliseconds, as: UTF8.self))
    }
}

extension Instant {
    fileprivate func adding(_ count: Int64, _ designator: UInt8, isTime: Bool) -> Instant? {
        switch (designator, isTime) {
        case (UInt8(ascii: "Y"), false):
            let (months, overflow) = count.multipliedReportingOverflow(by: 12)
            return overflow ? nil : adding(months: months)
        case (UInt8(ascii: "M"), false): return adding(months: count)
        case (UInt8(ascii: "W"), false): return adding(count, .weeks)
        case (UInt8(ascii: "D"), false): return adding(count, .days)
        case (UInt8(ascii: "H"), true): return adding(count, .hours)
        case (UInt8(ascii: "M"), true): return adding(count, .minutes)
        case (UInt8(ascii: "S"), true): return adding(count, .seconds)
        default: return nil
        }
    }
}
