import Foundation
import Processes
import Synchronization

/// A transaction pooler between a node and the database; when it ends by itself it is started again, as a supervisor would.
final class PgBouncer: Sendable {
    let port: Int
    private let directory: String
    private let timeline: Timeline

    /// The pooler, and a shell that ends it should the lab end in whatever way.
    private struct Running {
        var child: ChildProcess
        var watch: ChildProcess
    }

    /// Nil while it is meant to be away.
    private let running = Mutex<Running?>(nil)
    /// How long after its end it is started again.
    private static let restartPause = Duration.milliseconds(200)

    /// Why there can be none here; nil when there can.
    static var obstacle: String? { Tool.find("pgbouncer") == nil ? "pgbouncer is not installed" : nil }

    init(port: Int, directory: String, _ timeline: Timeline) {
        self.port = port
        self.directory = directory
        self.timeline = timeline
    }

    /// What a node needs to connect through it.
    var url: String { "host='127.0.0.1' port='\(port)' user='postgres' dbname='\(LabDatabase.name)'" }

    /// Leads to a server from now on, by the folder of its socket.
    func point(to socket: String) throws {
        let configuration = """
            [databases]
            \(LabDatabase.name) = host=\(socket) port=5432 dbname=\(LabDatabase.name) user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            max_client_conn = 500
            default_pool_size = 15
            server_login_retry = 1
            ignore_startup_parameters = extra_float_digits,options
            """
        try configuration.write(toFile: file, atomically: true, encoding: .utf8)
        running.withLock { $0?.child.signal(SIGHUP) }
    }

    func start() throws {
        guard let program = Tool.find("pgbouncer") else { throw LabFailure("pgbouncer is not installed.") }
        // It refuses to run as root.
        let user = geteuid() == 0 ? ["-u", "postgres"] : []
        let child = try ChildProcess(executable: program, arguments: ["-q"] + user + [file])
        // Ends with the process; nobody needs to wait for it.
        Task { for await _ in child.lines {} }
        let watch = try ChildProcess(
            executable: "/bin/sh",
            arguments: ["-c", "read -r line; kill -KILL \"$1\"", "watch", "\(child.processIdentifier)"]
        )
        running.withLock { $0 = Running(child: child, watch: watch) }
        // Ends with the process; nobody needs to wait for it.
        Task {
            let exit = await child.exit()
            let isWanted = running.withLock { $0?.child.processIdentifier == child.processIdentifier }
            guard isWanted else { return }
            timeline.tell("pgbouncer", "has ended by itself (\(exit)), and is started again")
            try? await Task.sleep(for: Self.restartPause)
            guard running.withLock({ $0?.child.processIdentifier == child.processIdentifier }) else { return }
            do {
                try start()
            } catch {
                timeline.tell("pgbouncer", "cannot be started: \(error)")
            }
        }
    }

    func kill() async {
        guard let running = running.withLock({ $0.take() }) else { return }
        await running.watch.terminate(within: .zero)
        await running.child.terminate(within: .zero)
    }

    private var file: String { directory + "/pgbouncer.ini" }
}
