/// A moment in the Gregorian calendar, in UTC.
struct CalendarTime: Hashable {
    var year: Int64
    /// 1 to 12.
    var month: Int
    /// 1 to 31.
    var day: Int
    /// 0 to 86,399,999.
    var millisecondOfDay: Int64

    init(year: Int64, month: Int, day: Int, millisecondOfDay: Int64 = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.millisecondOfDay = millisecondOfDay
    }

    init(_ instant: Instant) {
        let (days, millisecondOfDay) = instant.millisecondsSinceEpoch.quotientAndRemainder(flooringBy: Self.dayLength)
        // Days are counted from 0000-03-01, so that a leap day comes last in its year.
        let (era, dayOfEra) = (days + Self.daysToEpoch).quotientAndRemainder(flooringBy: Self.daysPerEra)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5) + 1
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        self.millisecondOfDay = millisecondOfDay
    }

    /// The moment, or nil when 64 bits of milliseconds cannot hold it.
    var instant: Instant? {
        guard (-Self.lastYear...Self.lastYear).contains(year) else { return nil }
        let (milliseconds, isTooLong) = daysSinceEpoch.multipliedReportingOverflow(by: Self.dayLength)
        let (sum, isTooLate) = milliseconds.addingReportingOverflow(millisecondOfDay)
        return isTooLong || isTooLate ? nil : Instant(millisecondsSinceEpoch: sum)
    }

    private var daysSinceEpoch: Int64 {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).quotientAndRemainder(flooringBy: 400)
        let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
        return era * Self.daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - Self.daysToEpoch
    }

    /// 0 is Sunday.
    var dayOfWeek: Int {
        Int((daysSinceEpoch + 4).quotientAndRemainder(flooringBy: 7).remainder)
    }

    var hour: Int64 { millisecondOfDay / 3_600_000 }
    var minute: Int64 { millisecondOfDay / 60_000 % 60 }
    var second: Int64 { millisecondOfDay / 1000 % 60 }
    var millisecond: Int64 { millisecondOfDay % 1000 }

    static func days(inMonth month: Int, of year: Int64) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static let dayLength: Int64 = 86_400_000
    private static let daysPerEra: Int64 = 146_097
    private static let daysToEpoch: Int64 = 719_468
    /// Later years are beyond 64 bits of milliseconds.
    private static let lastYear: Int64 = 300_000_000
}

extension Int64 {
    /// Divides so that the remainder is never negative.
    func quotientAndRemainder(flooringBy divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
