import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The folder of a private cluster: its data, its socket and its log.
struct ClusterDirectory: Sendable {
    let path: String

    var data: String { path + "/data" }
    var log: String { path + "/server.log" }

    /// The longest path of a folder for sockets; the system allows 107 bytes for the whole name.
    private static let maximumSocketPath = 80

    /// The folder for the socket: inside the cluster's folder, or a short one derived from it when that is too long.
    ///
    /// The same cluster always gets the same one, so that one who starts after a crash does not leave more behind.
    var socket: String {
        let usual = path + "/socket"
        guard usual.utf8.count > Self.maximumSocketPath else { return usual }
        // FNV-1a: a short name that is the same in every process.
        let hash = path.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return "/tmp/baton-\(geteuid())-\(String(hash, radix: 36))"
    }

    /// The major version that wrote the data; nil when there is none yet.
    var version: String? {
        (try? String(contentsOfFile: data + "/PG_VERSION", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Whether the server says that it takes connections.
    var isReady: Bool { lockFile.count > 7 && lockFile[7].hasPrefix("ready") }

    /// The process of a server that works on this data now, if there is one.
    var runningServer: Int32? {
        guard let first = lockFile.first, let processID = Int32(first.trimmingCharacters(in: .whitespaces)),
            processID > 1, processID != getpid(), kill(processID, 0) == 0 || errno == EPERM
        else { return nil }
        // A number can be given to another process after a crash; a server stands in its data directory.
        guard let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(processID)/cwd") else {
            return FileManager.default.fileExists(atPath: "/proc/self/cwd") ? nil : processID
        }
        return place == URL(fileURLWithPath: data).resolvingSymlinksInPath().path ? processID : nil
    }

    /// Removes the lock that a crashed server left behind, which it might mistake for a living one's.
    func removeStaleLock() {
        guard runningServer == nil else { return }
        try? FileManager.default.removeItem(atPath: data + "/postmaster.pid")
    }

    /// The last lines that the server wrote.
    var logTail: String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(10).joined(separator: "\n")
    }

    private var lockFile: [Substring] {
        let text = (try? String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
