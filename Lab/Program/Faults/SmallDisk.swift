import Foundation
import Processes

/// A disk of its own for a database server, in memory, which can be filled to the last byte.
///
/// A shell waits beside it and takes it away should the lab end in whatever way.
final class SmallDisk: Sendable {
    let path: String
    private let watch: ChildProcess

    /// Why there can be none here; nil when there can.
    static var obstacle: String? {
        if geteuid() != 0 { return "mounting a disk takes root" }
        return Tool.find("mount") == nil ? "mount is not installed" : nil
    }

    /// - Throws: ``LabFailure`` when it cannot be mounted.
    init(path: String, megabytes: Int) async throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try await Tool.run("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0755", "tmpfs", path])
        watch = try ChildProcess(
            executable: "/bin/sh",
            arguments: ["-c", "read -r line; umount -l \"$1\" 2>/dev/null", "watch", path]
        )
    }

    private var ballast: String { path + "/ballast" }

    /// Leaves no room.
    func fill() throws {
        let descriptor = open(ballast, O_CREAT | O_WRONLY, 0o600)
        guard descriptor >= 0 else { throw LabFailure("\(ballast) cannot be made.") }
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        for size in [1 << 20, 1 << 12] { while write(descriptor, zeros, size) > 0 {} }
    }

    func free() { unlink(ballast) }

    /// Takes it away; nothing may use it any more.
    func remove() async {
        try? await Tool.run("umount", ["-l", path])
        await watch.terminate(within: .zero)
    }
}
