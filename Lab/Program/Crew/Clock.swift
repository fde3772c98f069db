import Foundation
import LabChecker

extension LabMoment {
    /// Now, by the system's monotonic clock, which all processes of the machine share.
    static var now: LabMoment {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return LabMoment(rawValue: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

extension DatabaseMoment {
    /// Reads a date as the API writes it: `2026-01-02T03:04:05.678+0000`; nil for anything else.
    init?(contractDate text: String) {
        guard let match = text.wholeMatch(of: Self.form) else { return nil }
        let numbers = [match.1, match.2, match.3, match.4, match.5, match.6, match.7].compactMap { Int64($0) }
        guard numbers.count == 7, let zone = Int64(match.9) else { return nil }
        // Days since 1970, with years that begin in March.
        let year = numbers[1] > 2 ? numbers[0] : numbers[0] - 1
        let month = (numbers[1] + 9) % 12
        let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + numbers[2] - 1 - 719_468
        let seconds = ((days * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5]
        let offset = (zone / 100 * 60 + zone % 100) * 60 * (match.8 == "-" ? -1 : 1)
        self.init(rawValue: (seconds - offset) * 1_000_000 + numbers[6] * 1000)
    }

    private nonisolated(unsafe) static let form =
        #/(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})\.(\d{3})([+-])(\d{4})/#
}
