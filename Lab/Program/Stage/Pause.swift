import Foundation
import Processes

/// Processes that stand still for a while.
///
/// A shell waits beside them and lets them go on should the lab end meanwhile, in whatever way.
enum Pause {
    /// Stops processes, waits, and lets them go on.
    static func hold(_ processes: [pid_t], for duration: Duration) async throws {
        let watch = try ChildProcess(
            executable: "/bin/sh",
            arguments: ["-c", "read -r line; kill -CONT \"$@\"", "watch"] + processes.map { "\($0)" }
        )
        for process in processes { _ = kill(process, SIGSTOP) }
        try? await Task.sleep(for: duration)
        for process in processes { _ = kill(process, SIGCONT) }
        await watch.terminate(within: .seconds(1))
    }
}
