import ArgumentParser
import Foundation
import Logging
import Processes
import ServiceLifecycle
import UnixSignals

/// `baton demo`: stories that show what the engine is for.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch what Baton is for, in fast motion and with real processes.",
        subcommands: [DemoTakeover.self, DemoWorker.self]
    )
}

/// `baton demo takeover`: a node and a worker die, and another worker finishes the work.
struct DemoTakeover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "takeover",
        abstract: "A node and a worker are killed; another worker on another node takes their work over.",
        discussion: """
            Starts two nodes on free ports and a private PostgreSQL in a temporary directory (or uses the configured \
            database). Worker 1 locks a task through node A for \(TakeoverStory.lockMilliseconds / 1000) seconds and \
            extends the lock every second. Worker 2 parks in a long poll on node B. Then node A and worker 1 are \
            killed with SIGKILL. When the lock has run out, worker 2 is handed the task and completes it, and the \
            process instance ends.

            What happens is printed as it happens, with the milliseconds that passed between the end of the lock and \
            worker 2 having the task. The exit status is 1 if the story takes another turn. Nodes whose environment \
            says so ask who calls; then give credentials, too.

            Examples:
              baton demo takeover
              baton demo takeover --database-url postgres://localhost/scratch
            """
    )

    @OptionGroup(title: "Database") var database: DatabaseFlags
    @OptionGroup(title: "Credentials") var credentials: CredentialFlags

    func run() async throws {
        let credentials = try credentials.credentials()
        let databaseURL = try SettingReader(database).databaseURL()
        let logger = LogSettings(level: .warning, format: .text).bootstrap()
        let teller = StoryTeller(
            timeline: Timeline(),
            databaseURL: databaseURL,
            credentials: credentials,
            logger: logger
        )
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: teller, successTerminationBehavior: .gracefullyShutdownGroup)],
                cancellationSignals: [.sigterm, .sigint],
                logger: Logger(label: "baton.demo", factory: { _ in SwiftLogNoOpLogHandler() })
            )
        )
        try await explained { try await group.run() }
    }
}

/// Gives the story a database and tells how it ended.
private struct StoryTeller: Service {
    /// The story takes about eight seconds; more than this means that something hangs.
    static let patience = Duration.seconds(60)

    let timeline: Timeline
    let databaseURL: String?
    let credentials: ClientCredentials
    let logger: Logger

    func run() async throws {
        if let databaseURL {
            try await tell(on: databaseURL)
        } else {
            let name = "baton-demo-\(UUID().uuidString.prefix(8).lowercased())"
            let directory = FileManager.default.temporaryDirectory.appending(path: name).path
            try await PrivateDatabase.withDatabase(in: directory, isRemovedAtEnd: true, logger: logger) { url in
                timeline.tell("PostgreSQL", "runs in \(directory)")
                try await tell(on: url)
            }
        }
    }

    private func story(on databaseURL: String) -> TakeoverStory {
        TakeoverStory(timeline: timeline, databaseURL: databaseURL, credentials: credentials)
    }

    private func tell(on databaseURL: String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await story(on: databaseURL).run() }
            group.addTask {
                try await Task.sleep(for: Self.patience)
                throw CommandFailure("The story did not come to its end within \(Self.patience).")
            }
            try await group.next()
            group.cancelAll()
        }
    }
}

/// `baton demo worker`: what a worker is, in a process of its own.
struct DemoWorker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "One worker of a demo: takes one task, extends its lock while it works, completes it.",
        shouldDisplay: false
    )

    @Option var url: String
    @Option var topic: String
    @Option var name: String
    @Option var lockMs: Int
    @Option var workMs: Int
    @OptionGroup var credentials: CredentialFlags

    func run() async throws {
        let credentials = try credentials.credentials()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await TakeoverWorker(
                    url: url,
                    credentials: credentials,
                    topic: topic,
                    name: name,
                    lockMilliseconds: lockMs,
                    workMilliseconds: workMs
                ).run()
            }
            group.addTask { try await ParentWatch().run() }
            try await group.next()
            group.cancelAll()
        }
    }
}
