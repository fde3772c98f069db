import Foundation
import Processes

/// A database server whose processes stand still.
///
/// A shell waits beside it and lets it go on should this process end meanwhile, in whatever way.
struct FrozenServer {
    private let processes: [pid_t]
    private let watch: ChildProcess

    /// Stops the server's own process, then its backends: so none is started in between.
    init(_ server: pid_t) throws {
        let script = "read -r line; kill -CONT \"$@\""
        _ = kill(server, SIGSTOP)
        let processes = [server] + ProcessorTime.children(of: server)
        do {
            watch = try ChildProcess(
                executable: "/bin/sh",
                arguments: ["-c", script, "watch"] + processes.map { "\($0)" }
            )
        } catch {
            _ = kill(server, SIGCONT)
            throw error
        }
        self.processes = processes
        for process in processes { _ = kill(process, SIGSTOP) }
    }

    /// Lets the server go on.
    func thaw() async {
        for process in processes.reversed() { _ = kill(process, SIGCONT) }
        await watch.terminate(within: .seconds(1))
    }
}
