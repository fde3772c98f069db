import Foundation
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A server process and the guard that stops it when we are gone.
///
/// The guard is a shell that starts the server and holds the reading end of a pipe of ours. When the pipe closes,
/// because we close it or because we died in whatever way, it asks the server for a fast shutdown.
final class ServerProcess: Sendable {
    private let lifeline: Mutex<FileHandle?>
    private let ending = Ending()
    /// The guard's process.
    let processID: Int32

    /// `$1` is a folder to remove at the end with all that is in it, `$2` one to remove if it is empty; each can be
    /// missing.
    ///
    /// What follows is the server's command.
    private static let guardScript = """
        folder=$1
        empty=$2
        shift 2
        exec 3<&0
        "$@" </dev/null 3<&- &
        server=$!
        (read -r line <&3; kill -INT "$server") 2>/dev/null &
        guard=$!
        exec 3<&-
        wait "$server"
        status=$?
        kill "$guard" 2>/dev/null
        test -z "$folder" || rm -rf -- "$folder"
        test -z "$empty" || rmdir -- "$empty"
        exit "$status"
        """

    /// Starts a server, in a process group of its own so that a terminal's interrupt does not reach it.
    init(
        _ program: String,
        _ arguments: [String],
        as user: ServerUser,
        log: FileHandle,
        removingAtEnd folder: String?,
        ifEmpty empty: String?
    ) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        let writing = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        let guarding = ["-c", Self.guardScript, "guard", folder ?? "", empty ?? "", program]
        let shell = user.command("/bin/sh", guarding + arguments)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: shell.program)
        process.arguments = shell.arguments
        process.environment = Command.environment
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = reading
        process.standardOutput = log
        process.standardError = log
        process.terminationHandler = { [ending] _ in ending.come() }
        try ChildProcesses.start(process)
        try? reading.close()
        processID = process.processIdentifier
        lifeline = Mutex(writing)
    }

    /// Whether the server has not ended yet.
    var isRunning: Bool { !ending.hasCome }

    /// Asks the server for a fast shutdown and waits for its end.
    func stop() async {
        let writing = lifeline.withLock { lifeline in
            defer { lifeline = nil }
            return lifeline
        }
        try? writing?.close()
        await ending.wait()
    }

    /// Remembers that something ended, for those who wait for it.
    private final class Ending: Sendable {
        private let state = Mutex<(hasCome: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

        var hasCome: Bool { state.withLock(\.hasCome) }

        func come() {
            let waiters = state.withLock { state in
                state.hasCome = true
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }

        func wait() async {
            await withCheckedContinuation { continuation in
                let hasCome = state.withLock { state in
                    if !state.hasCome { state.waiters.append(continuation) }
                    return state.hasCome
                }
                if hasCome { continuation.resume() }
            }
        }
    }
}
