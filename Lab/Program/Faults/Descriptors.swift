import Foundation

/// How many files and sockets a process may have open.
enum Descriptors {
    /// Forbids a process to open any more for a while.
    ///
    /// Only the soft limit is touched, and put back. When the process has ended meanwhile, nothing is.
    static func forbidMore(to process: pid_t, for duration: Duration) async throws {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")) ?? []
        guard let limits = try? String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8),
            let before = limits.firstMatch(of: /Max open files +(\d+|unlimited)/).map({ String($0.1) })
        else { return }
        // Numbers below the highest one that are free can still be used.
        try? await limit(process, "\(numbers.count)")
        try await Task.sleep(for: duration)
        try? await limit(process, before)
    }

    private static func limit(_ process: pid_t, _ most: String) async throws {
        try await Tool.run("prlimit", ["--pid", "\(process)", "--nofile=\(most):"])
    }
}
