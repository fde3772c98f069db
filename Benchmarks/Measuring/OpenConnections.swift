import Foundation

/// Connections to a port of this machine that whoever listens there has not closed (Linux's `/proc`).
enum OpenConnections {
    /// How many there are now, those included that the other side has closed.
    static func count(to port: Int) -> Int {
        guard let table = try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8) else { return 0 }
        let suffix = ":" + String(repeating: "0", count: max(0, 4 - hexadecimal(port).count)) + hexadecimal(port)
        return table.split(separator: "\n").dropFirst().count { line in
            let fields = line.split(separator: " ", maxSplits: 4)
            return fields.count > 3 && fields[1].hasSuffix(suffix) && states.contains(String(fields[3]))
        }
    }

    /// Established, and closed by the other side only.
    private static let states: Set<String> = ["01", "08"]

    private static func hexadecimal(_ number: Int) -> String { String(number, radix: 16, uppercase: true) }
}
