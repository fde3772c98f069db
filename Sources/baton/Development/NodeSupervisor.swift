import Foundation
import Logging
import Processes
import ServiceLifecycle
import Synchronization

/// Keeps one node running: shows what it logs, starts it again when it dies, ends it at shutdown.
///
/// A node that dies before it was ever ready is a mistake in the set-up, which starting again would only hide.
struct NodeSupervisor: Sendable {
    /// How long a dead node stays dead, so that a node that keeps dying does not keep the machine busy.
    static let restartDelay = Duration.seconds(1)
    /// How long a node may take to end after it was asked to and has drained.
    static let shutdownPatience = Duration.seconds(20)

    var number: Int
    var host: String
    var port: Int
    var databaseURL: String
    /// The engines besides the default one.
    var engines: [EngineEntry]
    var arguments: [String]
    /// How long a node drains.
    var drain = Duration.zero
    /// What stands before each line of the node's log.
    var prefix: String
    var logger: Logger

    /// Runs until graceful shutdown or cancellation.
    ///
    /// - Parameter whenFirstReady: Called once, when the node was ready for the first time.
    /// - Throws: ``CommandFailure`` when the node died before it was ever ready.
    func run(whenFirstReady: @escaping @Sendable () -> Void) async throws {
        let wasReady = Once(whenFirstReady)
        while true {
            let node = try NodeProcess.start(
                host: host,
                port: port,
                databaseURL: databaseURL,
                arguments: arguments,
                environment: colorEnvironment.merging(engineEnvironment) { _, new in new }
            )
            let exit = await attend(node, whenReady: wasReady)
            guard !Task.isShuttingDownGracefully, !Task.isCancelled else { return }
            guard wasReady.isDone else {
                throw CommandFailure("Node \(number) ended before it was ready (\(exit)); its log says why.")
            }
            logger.warning(
                "Node died and is started again",
                metadata: ["node": "\(number)", "port": "\(port)", "exit": "\(exit)"]
            )
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.restartDelay) }
            guard !Task.isShuttingDownGracefully, !Task.isCancelled else { return }
        }
    }

    /// Stays with a node until it has ended and everything it wrote is shown.
    private func attend(_ node: NodeProcess, whenReady: Once) async -> ChildProcess.Exit {
        let output = LogOutput(fileDescriptor: STDERR_FILENO)
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                if await node.becomesReady() {
                    whenReady.perform()
                }
            }
            group.addTask {
                try? await gracefulShutdown()
                await node.child.terminate(within: drain + Self.shutdownPatience)
            }
            await node.follow { output.write(prefix + $0) }
            let exit = await node.child.exit()
            group.cancelAll()
            return exit
        }
    }

    /// Addresses may hold passwords, which other users of the machine could read in a command line.
    private var engineEnvironment: [String: String] {
        [Setting.engine.variable: EngineEntry.join(engines.map(\.text))]
    }

    /// A node writes into a pipe and sees no terminal; it is told when there is one behind it.
    private var colorEnvironment: [String: String] {
        Terminal.wantsColor(STDERR_FILENO) ? ["CLICOLOR_FORCE": "1"] : [:]
    }
}

/// Something that is done the first time it is asked for.
final class Once: Sendable {
    private let action: @Sendable () -> Void
    private let done = Mutex(false)

    init(_ action: @escaping @Sendable () -> Void) {
        self.action = action
    }

    var isDone: Bool { done.withLock { $0 } }

    func perform() {
        let isFirst = done.withLock { done in
            defer { done = true }
            return !done
        }
        if isFirst {
            action()
        }
    }
}
