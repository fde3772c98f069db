import Foundation
import Synchronization

/// Starting a program, as far as a parent that supervises children needs it.
///
/// The child leads a process group of its own and hears every signal, whatever this thread or process blocks or ignores.
/// It gets three pipes and no other file of ours.
struct Spawn {
    let processIdentifier: pid_t
    /// The end to write to of the child's standard input.
    let input: Int32
    /// The end to read from of the child's standard output.
    let output: Int32
    /// The end to read from of the child's standard error.
    let error: Int32

    /// Starts a program.
    ///
    /// - Throws: `POSIXError` when the program cannot be started or no more files can be opened.
    init(executable: String, arguments: [String], environment: [String: String]) throws {
        self = try Self.oneAtATime.withLock { _ in
            try Spawn(unlocked: executable, arguments: arguments, environment: environment)
        }
    }

    /// So that no child inherits the pipes of another that is being started.
    private static let oneAtATime = Mutex(())

    private init(unlocked executable: String, arguments: [String], environment: [String: String]) throws {
        let pipes = try Pipes()
        var actions = Actions()
        defer { actions.destroy() }
        actions.connect(pipes)
        var attributes = Attributes()
        defer { attributes.destroy() }
        attributes.separate()

        var processIdentifier: pid_t = 0
        let result = withCStrings([executable] + arguments) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(
                    &processIdentifier,
                    executable,
                    &actions.value,
                    &attributes.value,
                    arguments,
                    environment
                )
            }
        }
        pipes.closeChildEnds()
        guard result == 0 else {
            pipes.closeParentEnds()
            throw POSIXError(POSIXErrorCode(rawValue: result) ?? .EAGAIN)
        }
        self.processIdentifier = processIdentifier
        input = pipes.input.writing
        output = pipes.output.reading
        error = pipes.error.reading
    }
}

/// The three pipes of a child.
private struct Pipes {
    let input: Ends
    let output: Ends
    let error: Ends

    struct Ends {
        let reading: Int32
        let writing: Int32

        /// A pipe whose ends no program inherits; nothing may be started between the two steps.
        init() throws {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EMFILE) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            reading = ends[0]
            writing = ends[1]
        }

        func close() {
            Foundation.close(reading)
            Foundation.close(writing)
        }
    }

    init() throws {
        input = try Ends()
        do {
            output = try Ends()
        } catch {
            input.close()
            throw error
        }
        do {
            error = try Ends()
        } catch let problem {
            input.close()
            output.close()
            throw problem
        }
    }

    func closeChildEnds() {
        close(input.reading)
        close(output.writing)
        close(error.writing)
    }

    func closeParentEnds() {
        close(input.writing)
        close(output.reading)
        close(error.reading)
    }
}

/// What happens to files between fork and exec.
private struct Actions {
    #if canImport(Darwin)
    var value: posix_spawn_file_actions_t?
    #else
    var value = posix_spawn_file_actions_t()
    #endif

    init() {
        posix_spawn_file_actions_init(&value)
    }

    mutating func connect(_ pipes: Pipes) {
        posix_spawn_file_actions_adddup2(&value, pipes.input.reading, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&value, pipes.output.writing, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&value, pipes.error.writing, STDERR_FILENO)
    }

    mutating func destroy() {
        posix_spawn_file_actions_destroy(&value)
    }
}

/// What the child is besides its program.
private struct Attributes {
    #if canImport(Darwin)
    var value: posix_spawnattr_t?
    #else
    var value = posix_spawnattr_t()
    #endif

    init() {
        posix_spawnattr_init(&value)
    }

    /// A process group of its own, and no signal blocked or ignored that ends a process.
    mutating func separate() {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&value, &none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGINT, SIGTERM, SIGPIPE, SIGCHLD] {
            sigaddset(&defaults, number)
        }
        posix_spawnattr_setsigdefault(&value, &defaults)
        posix_spawnattr_setpgroup(&value, 0)
        posix_spawnattr_setflags(
            &value,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )
    }

    mutating func destroy() {
        posix_spawnattr_destroy(&value)
    }
}

/// Calls `body` with a C array of C strings that ends with a null pointer.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let copies = strings.map { strdup($0) } + [nil]
    defer {
        for copy in copies { free(copy) }
    }
    return copies.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("An array with an element has an address.") }
        return body(start)
    }
}
