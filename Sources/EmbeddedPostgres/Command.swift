import Foundation

/// A program that is run to its end.
struct Command: Sendable {
    let program: String
    let arguments: [String]

    init(_ program: String, _ arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    /// What a program left behind.
    struct Output: Sendable {
        var status: Int32
        /// What it wrote, errors included.
        var text: String
    }

    /// Runs the program and waits for its end.
    ///
    /// - Throws: When the program cannot be started.
    func output() async throws -> Output {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("output-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        let status = try await run(writingTo: handle)
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        return Output(status: status, text: text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private func run(writingTo output: FileHandle) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = Self.environment
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try ChildProcesses.start(process)
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }

    /// Nothing of our own environment may reach the server, where `PG…` variables have a meaning.
    static let environment = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC",
    ]
}
