import Foundation

/// Dates as the contract writes them: `2025-03-09T14:05:00.250+0000`; the year has four digits.
enum Moment {
    /// The milliseconds since 1970 of the years 0 to 9999.
    private static let bounds: Range<Double> = -62_167_219_200_000..<253_402_300_800_000

    /// The text of a date, in UTC, to the nearest millisecond; nil when it is outside the years 0 to 9999.
    static func text(of date: Date) -> String? {
        let rounded = (date.timeIntervalSince1970 * 1000).rounded(.toNearestOrEven)
        guard bounds.contains(rounded) else { return nil }
        let milliseconds = Int64(rounded)
        let (day, rest) = milliseconds.quotientAndRemainderFlooring(dividingBy: 86_400_000)
        let (year, month, dayOfMonth) = civil(fromDays: day)
        let time = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T\(time).\(padded(rest % 1000, 3))+0000"
    }

    /// The text of a date in UTC as other programs read it in Json: `2025-03-09T14:05:00.250Z`; nil as
    /// in ``text(of:)``.
    static func isoText(of date: Date) -> String? { text(of: date).map { $0.dropLast(5) + "Z" } }

    /// The date that is so many milliseconds after 1970; nil when it is outside the years 0 to 9999.
    static func date(milliseconds: Double) -> Date? {
        sendable(Date(timeIntervalSince1970: milliseconds / 1000))
    }

    /// The date, if it can be written, too.
    private static func sendable(_ date: Date) -> Date? { text(of: date) == nil ? nil : date }

    /// Reads the contract's form, and what other programs write in Json: a zone with a colon, `Z`, other fractions,
    /// none.
    static func date(_ text: String) -> Date? {
        var reader = MomentReader(rest: Array(text.utf8)[...])
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), reader.take("T"), let hour = reader.digits(2), reader.take(":"),
            let minute = reader.digits(2), reader.take(":"), let second = reader.digits(2),
            let fraction = reader.fraction(), let zone = reader.zone(), reader.rest.isEmpty,
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let seconds = days(fromYear: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second - zone
        return sendable(Date(timeIntervalSince1970: Double(seconds) + fraction))
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number.magnitude)
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// The days from 1970-01-01 on to a day of the Gregorian calendar, by eras of 400 years that begin in March.
    private static func days(fromYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shifted.quotientAndRemainderFlooring(dividingBy: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The day of the Gregorian calendar that is so many days after 1970-01-01.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainderFlooring(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func quotientAndRemainderFlooring(dividingBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// Reads the parts of a date's text.
private struct MomentReader {
    var rest: ArraySlice<UInt8>

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// So many digits.
    mutating func digits(_ count: Int) -> Int64? {
        guard rest.count >= count else { return nil }
        var number: Int64 = 0
        for byte in rest.prefix(count) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        rest.removeFirst(count)
        return number
    }

    /// The part of a second after a point; zero without one.
    mutating func fraction() -> Double? {
        guard take(".") else { return 0 }
        var (digits, scale) = (0.0, 1.0)
        while scale < 1e9, let digit = self.digits(1) {
            digits = digits * 10 + Double(digit)
            scale *= 10
        }
        return scale > 1 ? digits / scale : nil
    }

    /// The zone's distance from UTC in seconds.
    mutating func zone() -> Int64? {
        if take("Z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = digits(2) else { return nil }
        _ = take(":")
        guard let minutes = digits(2) else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}
