package import Foundation
import Synchronization

/// Starting processes from many tasks at once.
package enum ChildProcesses {
    private static let starting = Mutex(())

    /// Starts a process that is set up, with no signal blocked, and no other at the same moment.
    ///
    /// The threads that run tasks block signals, and a new process inherits that: a shell that cannot get the signal that
    /// its child has ended waits for ever. A process that is started while another one is would inherit the pipes that
    /// the other's end is known by, and neither end would be noticed.
    ///
    /// - Throws: What Foundation throws when the process cannot be started.
    package static func start(_ process: Process) throws {
        try starting.withLock { _ in
            var none = sigset_t()
            var before = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, &before)
            defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
            try process.run()
        }
    }
}
