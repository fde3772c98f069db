import BatonClient
import Foundation
import Logging

/// A worker as anybody would write one: it waits for a task, holds its lock while it works, and completes it.
///
/// It reports what it does as JSON lines on standard output.
struct TakeoverWorker {
    /// How long one poll may be held open; longer than the whole story.
    static let pollTimeout = Duration.seconds(120)
    /// How often in its time a lock is extended.
    static let extensionsPerLock = 3.0

    let url: String
    let credentials: ClientCredentials
    let topic: String
    let name: String
    let lockMilliseconds: Int
    /// How long the work takes.
    let workMilliseconds: Int

    /// Takes one task and completes it.
    ///
    /// - Throws: `BatonError` when the address or a certificate cannot be used.
    func run() async throws {
        let report = ReportingInterceptor()
        var client = BatonClient.EngineClient.Configuration(
            url: url,
            interceptors: try credentials.interceptors() + [report]
        )
        if let file = credentials.caCertificateFile { client.tls = .trusting(certificatesFile: file) }
        var settings = Worker.Configuration(id: name, maximumTasks: 1)
        settings.pollTimeout = Self.pollTimeout
        let worker = try Worker(
            client: try BatonClient.EngineClient(client),
            configuration: settings,
            logger: Logger(label: "worker") { _ in SwiftLogNoOpLogHandler() }
        ) {
            Subscription(
                topic,
                lockDuration: .milliseconds(lockMilliseconds),
                lockExtension: .automatic(at: 1 / Self.extensionsPerLock)
            ) { task, _ in
                WorkerReport.write(.locked, taskID: task.id)
                try await Task.sleep(for: .milliseconds(workMilliseconds))
                return .completed
            }
        }
        try await worker.run()
    }
}

/// Reports what the worker asks for and what the server confirms.
private struct ReportingInterceptor: Interceptor {
    func intercept(
        _ request: EngineRequest,
        _ attempt: RequestAttempt,
        next: @Sendable (EngineRequest) async throws -> EngineResponse
    ) async throws -> EngineResponse {
        if request.operation == .fetchAndLock { WorkerReport.write(.asked) }
        let response = try await next(request)
        if response.status == 204 {
            switch request.operation {
            case .extendLock: WorkerReport.write(.extended)
            case .complete: WorkerReport.write(.completed)
            default: break
            }
        }
        return response
    }
}

extension ClientCredentials {
    /// The credentials as a client of the library shows them.
    ///
    /// - Throws: `BatonError` when the user's name cannot be sent.
    fileprivate func interceptors() throws -> [any Interceptor] {
        switch proof {
        case nil: []
        case .password(let user, let password): [try .basic(user: user, password: password)]
        case .token(let token): [.bearer(token: token)]
        }
    }
}

/// One line of a worker's report.
struct WorkerReport: Codable, Sendable {
    enum Kind: String, Codable {
        /// A fetch was sent.
        case asked
        case locked
        case extended
        case completed
    }

    var kind: Kind
    /// When it happened, in seconds since 1970 by this machine's clock.
    var moment: Double
    var taskID: String?

    var date: Date { Date(timeIntervalSince1970: moment) }

    /// Writes a report on what happens right now.
    static func write(_ kind: Kind, taskID: String? = nil) {
        let report = WorkerReport(kind: kind, moment: Date().timeIntervalSince1970, taskID: taskID)
        guard let line = try? JSONEncoder().encode(report) else { return }
        LogOutput(fileDescriptor: STDOUT_FILENO).write(String(decoding: line, as: UTF8.self))
    }
}
