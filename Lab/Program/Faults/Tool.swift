import Foundation
import Processes

/// Programs of the system that the lab calls.
enum Tool {
    private static let places = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"]

    /// Where a program is; nil when it is not installed.
    static func find(_ name: String) -> String? {
        places.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs a program to its end.
    ///
    /// - Throws: ``LabFailure`` with what it said, when it is not installed or fails.
    static func run(_ name: String, _ arguments: [String]) async throws {
        guard let program = find(name) else { throw LabFailure("\(name) is not installed.") }
        let child = try ChildProcess(executable: program, arguments: arguments)
        var words: [String] = []
        for await line in child.lines {
            switch line {
            case .output(let text), .error(let text): words.append(text)
            }
        }
        let exit = await child.exit()
        guard exit == .status(0) else {
            throw LabFailure("\(name) \(arguments.joined(separator: " ")): \(exit); \(words.joined(separator: " "))")
        }
    }
}
