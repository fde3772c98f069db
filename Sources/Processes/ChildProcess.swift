package import Foundation
import Synchronization

/// A process that this one started, in a process group of its own, so that Ctrl-C reaches only the parent.
///
/// Its standard input is a pipe that nobody writes to. The pipe closes when this process ends, however it ends; a
/// child that runs a ``ParentWatch`` then ends too. Standard output and standard error arrive line by line.
package final class ChildProcess: Sendable {
    /// A line that the child wrote.
    package enum Line: Sendable, Equatable {
        case output(String)
        case error(String)
    }

    /// How a process ended.
    package enum Exit: Sendable, Equatable, CustomStringConvertible {
        case status(Int32)
        case signal(Int32)
        /// Nobody waited until the end.
        case cancelled

        package var description: String {
            switch self {
            case .status(let status): "exit status \(status)"
            case .signal(let number): "signal \(number)"
            case .cancelled: "unknown"
            }
        }
    }

    package let processIdentifier: pid_t
    /// Everything the child writes, until all its output is read; may be iterated once.
    package let lines: AsyncStream<Line>
    private let ending = Announcement<Exit>()
    /// Whether the process identifier may belong to somebody else by now.
    private let isReaped = Mutex(false)

    /// The file that this process runs.
    package static var ownExecutable: String {
        #if os(Linux)
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        #else
        Bundle.main.executablePath ?? CommandLine.arguments[0]
        #endif
    }

    /// Starts a program with this process's environment and what is added to it.
    ///
    /// - Throws: `POSIXError` when the program cannot be started.
    package init(executable: String, arguments: [String], environment: [String: String] = [:]) throws {
        let spawn = try Spawn(
            executable: executable,
            arguments: arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        )
        let (lines, sink) = AsyncStream.makeStream(of: Line.self)
        self.lines = lines
        processIdentifier = spawn.processIdentifier
        let readers = DispatchGroup()
        forwardLines(of: spawn.output, in: readers) { sink.yield(.output($0)) }
        forwardLines(of: spawn.error, in: readers) { sink.yield(.error($0)) }
        readers.notify(queue: .global()) { sink.finish() }
        Thread.detachNewThread { [self] in
            ending.announce(waitForEnd())
            close(spawn.input)
        }
    }

    /// Waits for the end of the process, once.
    package func exit() async -> Exit {
        await ending.value() ?? .cancelled
    }

    /// Sends a signal; nothing happens when the process has ended.
    package func signal(_ number: Int32) {
        isReaped.withLock { isReaped in
            if !isReaped {
                _ = kill(processIdentifier, number)
            }
        }
    }

    /// Asks the process to end and makes it end after `patience`; returns when it has.
    package func terminate(within patience: Duration) async {
        signal(SIGTERM)
        let deadline = ContinuousClock.now + patience
        while !isReaped.withLock(\.self) {
            if ContinuousClock.now > deadline {
                signal(SIGKILL)
            }
            // Also when the surrounding task is cancelled, the child must be gone before this returns.
            await Task { try? await Task.sleep(for: .milliseconds(10)) }.value
        }
    }

    /// Blocks until the process has ended.
    ///
    /// Its identifier is given back under the lock, so that no signal goes astray.
    private func waitForEnd() -> Exit {
        var information = siginfo_t()
        while waitid(P_PID, id_t(processIdentifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return isReaped.withLock { isReaped in
            var status: Int32 = 0
            while waitpid(processIdentifier, &status, 0) < 0, errno == EINTR {}
            isReaped = true
            let signal = status & 0x7f
            return signal == 0 ? .status((status >> 8) & 0xff) : .signal(signal)
        }
    }
}

/// Reads a file to its end on a thread of its own, hands the lines on, and closes the file.
private func forwardLines(
    of file: Int32,
    in group: DispatchGroup,
    to take: @escaping @Sendable (String) -> Void
) {
    group.enter()
    Thread.detachNewThread {
        var splitter = LineSplitter()
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 || (count < 0 && errno == EINTR) else { break }
            for line in splitter.append(Data(buffer.prefix(max(0, count)))) {
                take(line)
            }
        }
        if let rest = splitter.finish() {
            take(rest)
        }
        close(file)
        group.leave()
    }
}
