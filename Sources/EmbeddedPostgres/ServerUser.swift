import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The user that the server runs as: ourselves, or somebody harmless when we are root.
struct ServerUser: Sendable {
    /// What a command begins with to run as this user; empty for ourselves.
    let prefix: [String]
    private let identifiers: (user: uid_t, group: gid_t)?

    /// Ourselves, unless we are root: then `postgres`, or `nobody` when there is no such user.
    static func current() throws(PrivateClusterError) -> ServerUser {
        guard geteuid() == 0 else { return ServerUser(prefix: [], identifiers: nil) }
        for name in ["postgres", "nobody"] {
            guard let entry = getpwnam(name)?.pointee else { continue }
            guard let tool = switchingTool(to: name, user: entry.pw_uid, group: entry.pw_gid) else {
                throw .noUserToRunAs("neither setpriv nor runuser is installed to become \(name)")
            }
            return ServerUser(prefix: tool, identifiers: (entry.pw_uid, entry.pw_gid))
        }
        throw .noUserToRunAs("there is neither a user postgres nor a user nobody")
    }

    private static func switchingTool(to name: String, user: uid_t, group: gid_t) -> [String]? {
        if let setpriv = find("setpriv") {
            return [setpriv, "--reuid=\(user)", "--regid=\(group)", "--clear-groups", "--"]
        }
        if let runuser = find("runuser") { return [runuser, "-u", name, "--"] }
        return nil
    }

    private static func find(_ tool: String) -> String? {
        ["/usr/bin", "/usr/sbin", "/bin", "/sbin"].map { "\($0)/\(tool)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The command that runs `program` as this user.
    func command(_ program: String, _ arguments: [String]) -> Command {
        let all = prefix + [program] + arguments
        return Command(all[0], Array(all.dropFirst()))
    }

    /// Gives a file or folder to this user; a link is refused, because others may have put it there.
    func own(_ path: String) throws(PrivateClusterError) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else {
            throw .directoryUnusable(path: path, reason: "it is a link")
        }
        let owners = [geteuid(), identifiers?.user ?? geteuid()]
        guard owners.contains(status.st_uid) else {
            throw .directoryUnusable(path: path, reason: "it belongs to somebody else")
        }
        guard let identifiers, lchown(path, identifiers.user, identifiers.group) != 0 else { return }
        throw .directoryUnusable(path: path, reason: "it cannot be given to the server's user (error \(errno))")
    }

    /// Makes a folder that only this user can enter.
    func makeDirectory(_ path: String) throws(PrivateClusterError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw .directoryUnusable(path: path, reason: "\(error.localizedDescription)")
        }
        try own(path)
        guard chmod(path, 0o700) == 0 else {
            throw .directoryUnusable(path: path, reason: "its permissions cannot be set (error \(errno))")
        }
    }
}
