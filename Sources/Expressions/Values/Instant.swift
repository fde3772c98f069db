/// A moment, in whole milliseconds.
package struct Instant: Sendable, Hashable {
    /// Milliseconds since 1970-01-01 00:00 UTC; negative before.
    package var millisecondsSinceEpoch: Int64

    /// The moment that many milliseconds after 1970-01-01 00:00 UTC.
    package init(millisecondsSinceEpoch: Int64) {
        self.millisecondsSinceEpoch = millisecondsSinceEpoch
    }
}

extension Instant: Comparable {
    package static func < (earlier: Instant, later: Instant) -> Bool {
        earlier.millisecondsSinceEpoch < later.millisecondsSinceEpoch
    }
}

extension Instant {
    /// The moment that many milliseconds later, or the last or first that can be told.
    package func advanced(byMilliseconds milliseconds: Int64) -> Instant {
        let (sum, overflow) = millisecondsSinceEpoch.addingReportingOverflow(milliseconds)
        guard overflow else { return Instant(millisecondsSinceEpoch: sum) }
        return Instant(millisecondsSinceEpoch: milliseconds < 0 ? .min : .max)
    }

    /// Milliseconds from `earlier` to this moment, at most what 64 bits hold.
    package func milliseconds(since earlier: Instant) -> Int64 {
        let (difference, overflow) = millisecondsSinceEpoch.subtractingReportingOverflow(earlier.millisecondsSinceEpoch)
        guard overflow else { return difference }
        return millisecondsSinceEpoch < 0 ? .min : .max
    }

    /// The moment that many weeks, days, hours, minutes or seconds later; negative is earlier.
    ///
    /// - Returns: nil when 64 bits of milliseconds cannot hold it.
    package func adding(_ count: Int64, _ unit: Unit) -> Instant? {
        let (milliseconds, isTooLong) = count.multipliedReportingOverflow(by: unit.milliseconds)
        let (sum, isTooLate) = millisecondsSinceEpoch.addingReportingOverflow(milliseconds)
        return isTooLong || isTooLate ? nil : Instant(millisecondsSinceEpoch: sum)
    }

    /// The same time of day that many calendar months later, in UTC; negative is earlier.
    ///
    /// A day that the month does not have becomes its last day.
    /// - Returns: nil when 64 bits of milliseconds cannot hold it.
    package func adding(months: Int64) -> Instant? {
        var time = CalendarTime(self)
        let (sum, overflow) = (time.year * 12 + Int64(time.month - 1)).addingReportingOverflow(months)
        guard !overflow else { return nil }
        let (year, month) = sum.quotientAndRemainder(flooringBy: 12)
        time.year = year
        time.month = Int(month) + 1
        time.day = min(time.day, CalendarTime.days(inMonth: time.month, of: year))
        return time.instant
    }

    /// A span of time that always lasts equally long.
    package enum Unit: Sendable, Hashable {
        case milliseconds, seconds, minutes, hours, days, weeks

        /// How long it lasts.
        package var milliseconds: Int64 {
            switch self {
            case .milliseconds: 1
            case .seconds: 1000
            case .minutes: 60_000
            case .hours: 3_600_000
            case .days: 86_400_000
            case .weeks: 604_800_000
            }
        }
    }
}
