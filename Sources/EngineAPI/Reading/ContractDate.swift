import Expressions

/// Moments as the contract writes them: `2025-03-09T14:05:00.250+0000`.
///
/// Writing always uses UTC. Reading is lenient where clients rely on it: single digits, fields that are out of range and
/// roll over, a fraction that counts milliseconds, names of time zones, anything after the zone. It is strict about the
/// rest: `Z`, `+02:00`, `+02`, a missing zone or fraction are refused.
enum ContractDate {
    /// The latest year; what lies beyond is no date that anybody means, and does not fit a column.
    private static let maximumYear: Int64 = 200_000
    /// The most digits of one number.
    private static let maximumDigits = 9

    /// The moment in UTC, with milliseconds.
    static func format(_ instant: Instant) -> String {
        String(decoding: utf8(instant), as: UTF8.self)
    }

    /// The UTF-8 of ``format(_:)``.
    static func utf8(_ instant: Instant) -> [UInt8] {
        let (days, milliseconds) = instant.millisecondsSinceEpoch.flooredDivision(by: Calendar.millisecondsPerDay)
        let date = Calendar.date(ofDay: days)
        var text: [UInt8] = []
        text.reserveCapacity(28)
        text.append(date.year.magnitude, width: 4)
        text.append("-", UInt64(date.month), width: 2)
        text.append("-", UInt64(date.day), width: 2)
        text.append("T", UInt64(milliseconds / 3_600_000), width: 2)
        text.append(":", UInt64(milliseconds / 60_000 % 60), width: 2)
        text.append(":", UInt64(milliseconds / 1_000 % 60), width: 2)
        text.append(".", UInt64(milliseconds % 1_000), width: 3)
        text.append(contentsOf: "+0000".utf8)
        return text
    }

    /// The moment that a text names, or nil when it has another form.
    static func parse(_ text: String) -> Instant? {
        var scanner = Scanner(text.utf8[...])
        guard let year = scanner.number(), scanner.skip("-"), let month = scanner.number(), scanner.skip("-"),
            let day = scanner.number(), scanner.skip("T"), let hour = scanner.number(), scanner.skip(":"),
            let minute = scanner.number(), scanner.skip(":"), let second = scanner.number(), scanner.skip("."),
            let millisecond = scanner.number(), let zoneMinutes = scanner.zone(), year <= maximumYear
        else { return nil }
        let days = Calendar.day(year: year, month: month) + day - 1
        let minutes = hour * 60 + minute - zoneMinutes
        return Instant(
            millisecondsSinceEpoch: days * Calendar.millisecondsPerDay + minutes * 60_000 + second * 1_000 + millisecond
        )
    }

    private struct Scanner {
        var rest: Substring.UTF8View

        init(_ text: Substring.UTF8View) { rest = text }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        /// A number with at least one digit, after blanks.
        mutating func number() -> Int64? {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            var value: Int64 = 0
            var count = 0
            while let digit = digit() {
                count += 1
                guard count <= ContractDate.maximumDigits else { return nil }
                value = value * 10 + digit
            }
            return count > 0 ? value : nil
        }

        mutating func digit() -> Int64? {
            guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            rest.removeFirst()
            return Int64(byte - UInt8(ascii: "0"))
        }

        /// Minutes east of Greenwich: `+hhmm`, `GMT+h:mm`, or a name.
        mutating func zone() -> Int64? {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            if let sign = sign() { return offset(withColon: false).map { $0 * sign } }
            let letters = rest.prefix { byte in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
            }
            guard let name = String(letters)?.uppercased(), let offset = ContractDate.zones[name] else { return nil }
            rest.removeFirst(letters.count)
            guard name == "GMT", let sign = sign() else { return offset }
            return self.offset(withColon: true).map { $0 * sign }
        }

        private mutating func sign() -> Int64? {
            if skip("+") { return 1 }
            return skip("-") ? -1 : nil
        }

        private mutating func offset(withColon: Bool) -> Int64? {
            guard var hours = digit() else { return nil }
            if let second = digit() { hours = hours * 10 + second } else if !withColon { return nil }
            guard hours <= 23, !withColon || skip(":"), let tens = digit(), let ones = digit() else { return nil }
            let minutes = tens * 10 + ones
            return minutes <= 59 ? hours * 60 + minutes : nil
        }
    }

    /// Minutes east of Greenwich by the names of zones that clients write.
    private static let zones: [String: Int64] = [
        "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120, "MET": 60, "MEST": 120,
        "EET": 120, "EEST": 180, "MSK": 180, "IST": 330, "JST": 540, "KST": 540, "EST": -300, "EDT": -240,
        "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480,
        "HST": -600,
    ]

    /// The Gregorian calendar, also before it was introduced.
    enum Calendar {
        static let millisecondsPerDay: Int64 = 86_400_000
        private static let daysPerEra: Int64 = 146_097

        /// Days from 1970-01-01 to the first of a month; months beyond 12 are those of later years.
        static func day(year: Int64, month: Int64) -> Int64 {
            // Years begin in March, so that the leap day is the last.
            let (years, monthFromMarch) = (month - 3).flooredDivision(by: 12)
            let (era, yearOfEra) = (year + years).flooredDivision(by: 400)
            let dayOfYear = (153 * monthFromMarch + 2) / 5
            return era * daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        }

        static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
            let (era, dayOfEra) = (day + 719_468).flooredDivision(by: daysPerEra)
            let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let monthFromMarch = (5 * dayOfYear + 2) / 153
            let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
            let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
            return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        }
    }
}

extension Int64 {
    /// The quotient rounded down, and the remainder, which is never negative.
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ separator: Unicode.Scalar, _ number: UInt64, width: Int) {
        append(UInt8(ascii: separator))
        append(number, width: width)
    }

    /// The digits of a number, with zeros in front up to `width`.
    fileprivate mutating func append(_ number: UInt64, width: Int) {
        let start = count
        var rest = number
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0 || count - start < width
        self[start...].reverse()
    }
}
