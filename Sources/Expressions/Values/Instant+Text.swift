extension Instant: CustomStringConvertible {
    /// The moment in the form of the REST contract, in UTC: `2025-03-09T14:05:00.250+0000`.
    package var iso8601: String {
        let time = CalendarTime(self)
        let sign = time.year < 0 ? "-" : ""
        let year = sign + Self.padded(Int64(time.year.magnitude), 4)
        let day = "\(year)-\(Self.padded(Int64(time.month), 2))-\(Self.padded(Int64(time.day), 2))"
        return "\(day)T\(Self.clock(time)).\(Self.padded(time.millisecond, 3))+0000"
    }

    package var description: String { iso8601 }

    /// The moment as it appears within composite text: `Sun Mar 09 14:05:00 UTC 2025`.
    var calendarText: String {
        let time = CalendarTime(self)
        let day = "\(Self.weekdays[time.dayOfWeek]) \(Self.months[time.month - 1]) \(Self.padded(Int64(time.day), 2))"
        return "\(day) \(Self.clock(time)) UTC \(Self.padded(time.year, 4))"
    }

    private static func clock(_ time: CalendarTime) -> String {
        "\(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2))"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

// MARK: Reading

extension Instant {
    /// Reads ISO 8601: `2025-03-09`, with or without a time (`T14`, `T14:05`, `T14:05:00`, `T14:05:00.25`), the time
    /// with or without a zone (`Z`, `+02`, `+0200`, `+02:00`).
    ///
    /// Without a zone it is UTC. Digits beyond milliseconds are dropped. nil when the text is anything else.
    package init?(iso8601 text: String) {
        var reader = DateReader(text: Array(text.utf8))
        guard let instant = reader.instant() else { return nil }
        self = instant
    }
}

private struct DateReader {
    let text: [UInt8]
    var position = 0

    mutating func instant() -> Instant? {
        guard let year = digits(4), take("-"), let month = digits(2), (1...12).contains(month), take("-"),
            let day = digits(2), day >= 1, day <= CalendarTime.days(inMonth: Int(month), of: year)
        else { return nil }
        var time = CalendarTime(year: year, month: Int(month), day: Int(day))
        var offset: Int64 = 0
        if take("T") {
            guard let millisecondOfDay = timeOfDay(), let zone = zone() else { return nil }
            time.millisecondOfDay = millisecondOfDay
            offset = zone
        }
        guard position == text.count else { return nil }
        return time.instant?.advanced(byMilliseconds: -offset)
    }

    private mutating func timeOfDay() -> Int64? {
        guard let hour = digits(2), hour < 24 else { return nil }
        var milliseconds = hour * 3_600_000
        guard take(":") else { return milliseconds }
        guard let minute = digits(2), minute < 60 else { return nil }
        milliseconds += minute * 60_000
        guard take(":") else { return milliseconds }
        guard let second = digits(2), second < 60 else { return nil }
        milliseconds += second * 1000
        guard take(".") else { return milliseconds }
        guard let fraction = fraction() else { return nil }
        return milliseconds + fraction
    }

    private mutating func fraction() -> Int64? {
        let start = position
        var milliseconds: Int64 = 0
        var weight: Int64 = 100
        while let digit = digits(1) {
            milliseconds += digit * weight
            weight /= 10
        }
        return position > start ? milliseconds : nil
    }

    /// Milliseconds that the zone is ahead of UTC.
    private mutating func zone() -> Int64? {
        if position == text.count || take("Z") { return 0 }
        let isBehind = take("-")
        guard isBehind || take("+"), let hours = digits(2), hours < 24 else { return nil }
        var minutes: Int64 = 0
        if take(":") || position < text.count {
            guard let read = digits(2), read < 60 else { return nil }
            minutes = read
        }
        let offset = (hours * 60 + minutes) * 60_000
        return isBehind ? -offset : offset
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func digits(_ count: Int) -> Int64? {
        guard position + count <= text.count else { return nil }
        var value: Int64 = 0
        for byte in text[position..<(position + count)] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        position += count
        return value
    }
}
