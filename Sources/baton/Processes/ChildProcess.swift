import EmbeddedPostgres
import Foundation

/// A process that this one started, in a process group of its own, so that Ctrl-C reaches only the parent.
///
/// Its standard input is a pipe that nobody writes to. The pipe closes when this process ends, however it ends; a
/// child that runs a ``ParentWatch`` then ends too. Standard output and standard error arrive line by line.
final class ChildProcess: Sendable {
    /// A line that the child wrote.
    enum Line: Sendable, Equatable {
        case output(String)
        case error(String)
    }

    let processIdentifier: pid_t
    /// Everything the child writes, until it ends and its pipes are drained. May be iterated once.
    let lines: AsyncStream<Line>
    /// Keeps the child's standard input open, too.
    private let process: Process
    private let exits: AsyncStream<Exit>
    /// Starts this very executable with other arguments.
    ///
    /// - Parameter environment: What is added to this process's environment.
    /// - Throws: What Foundation throws when the process cannot be started.
    static func startSelf(_ arguments: [String], environment: [String: String] = [:]) throws -> ChildProcess {
        try ChildProcess(executable: ownExecutable, arguments: arguments, environment: environment)
    }

    init(executable: URL, arguments: [String], environment: [String: String] = [:]) throws {
        let output = Pipe()
        let error = Pipe()
        let (lines, lineSink) = AsyncStream.makeStream(of: Line.self)
        let (exits, exitSink) = AsyncStream.makeStream(of: Exit.self)
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = Pipe()
        process.standardOutput = output
        process.standardError = error
        process.terminationHandler = { process in
            exitSink.yield(Exit(process))
            exitSink.finish()
        }
        try ChildProcesses.start(process)
        let readers = DispatchGroup()
        forward(output, to: lineSink, as: Line.output, in: readers)
        forward(error, to: lineSink, as: Line.error, in: readers)
        readers.notify(queue: .global()) { lineSink.finish() }
        self.process = process
        self.processIdentifier = process.processIdentifier
        self.lines = lines
        self.exits = exits
    }

    /// Waits for the end of the process. May be called once.
    func exit() async -> Exit {
        for await exit in exits {
            return exit
        }
        return .cancelled
    }

    /// Sends a signal; nothing happens when the process has ended.
    func signal(_ number: Int32) {
        guard process.isRunning else { return }
        kill(processIdentifier, number)
    }

    /// Asks the process to end and makes it end after `patience`; returns when it has.
    func terminate(within patience: Duration) async {
        signal(SIGTERM)
        let deadline = ContinuousClock.now + patience
        while process.isRunning {
            if ContinuousClock.now > deadline {
                signal(SIGKILL)
            }
            // Also when the surrounding task is cancelled, the child must be gone before this returns.
            await Task { try? await Task.sleep(for: .milliseconds(10)) }.value
        }
    }

    /// How a process ended.
    enum Exit: Sendable, Equatable, CustomStringConvertible {
        case status(Int32)
        case signal(Int32)
        /// Nobody waited until the end.
        case cancelled

        fileprivate init(_ process: Process) {
            self =
                process.terminationReason == .exit
                ? .status(process.terminationStatus) : .signal(process.terminationStatus)
        }

        var description: String {
            switch self {
            case .status(let status): "exit status \(status)"
            case .signal(let number): "signal \(number)"
            case .cancelled: "unknown"
            }
        }
    }
}

/// The file that this process runs.
private var ownExecutable: URL {
    #if os(Linux)
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    #else
    Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    #endif
}

/// Reads a pipe to its end on a thread of its own and hands the lines on.
private func forward(
    _ pipe: Pipe, to sink: AsyncStream<ChildProcess.Line>.Continuation,
    as line: @escaping @Sendable (String) -> ChildProcess.Line, in group: DispatchGroup
) {
    group.enter()
    let thread = Thread {
        var splitter = LineSplitter()
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = read(pipe.fileHandleForReading.fileDescriptor, &buffer, buffer.count)
            guard count > 0 || (count < 0 && errno == EINTR) else { break }
            for text in splitter.append(Data(buffer.prefix(max(0, count)))) {
                sink.yield(line(text))
            }
        }
        if let text = splitter.finish() {
            sink.yield(line(text))
        }
        group.leave()
    }
    thread.start()
}
