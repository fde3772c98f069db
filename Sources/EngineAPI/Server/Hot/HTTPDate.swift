import FoundationEssentials

/// The value of the header field `Date`: `Sat, 21 Nov 2026 15:34:34 GMT`, made once a second.
struct HTTPDate {
    private var second: Int64 = .min
    private var text: [UInt8] = []

    /// The present moment.
    mutating func now() -> [UInt8] {
        let now = Int64(Date().timeIntervalSince1970)
        if now != second {
            second = now
            text = Self.utf8(secondsSinceEpoch: now)
        }
        return text
    }

    /// A moment; not before 1970.
    static func utf8(secondsSinceEpoch seconds: Int64) -> [UInt8] {
        let (day, time) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let date = ContractDate.Calendar.date(ofDay: day)
        // The first of January 1970 was a Thursday.
        let text = """
            \(weekdays[Int((day + 4) % 7)]), \(twoDigits(date.day)) \(months[Int(date.month - 1)]) \(date.year) \
            \(twoDigits(time / 3600)):\(twoDigits(time / 60 % 60)):\(twoDigits(time % 60)) GMT
            """
        return Array(text.utf8)
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
