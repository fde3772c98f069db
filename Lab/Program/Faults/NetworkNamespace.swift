import Foundation
import Processes

/// A network of its own for one node, tied to the machine's by two ends of a cable that a firewall can cut.
///
/// A shell waits beside it and removes it should the lab end in whatever way.
final class NetworkNamespace: Sendable {
    /// What is cut off.
    enum Extent: CaseIterable {
        case database, everybody

        var text: String {
            switch self {
            case .database: "from the database"
            case .everybody: "from everybody"
            }
        }
    }

    let name: String
    private let subnet: String
    private let watch: ChildProcess

    /// Where the machine is seen from inside: one address for each database server.
    var outside: [String] { ["\(subnet).1", "\(subnet).2"] }
    /// Where the node is.
    var inside: String { "\(subnet).9" }
    /// What stands before a command that is to run inside.
    var prefix: [String] { [Tool.find("ip") ?? "ip", "netns", "exec", name] }

    /// Why none can be made here; nil when it can.
    static func obstacle() async -> String? {
        guard geteuid() == 0 else { return "network namespaces take root" }
        for tool in ["ip", "nft", "unshare"] where Tool.find(tool) == nil { return "\(tool) is not installed" }
        do {
            try await Tool.run("unshare", ["--net", "true"])
            return nil
        } catch {
            return "network namespaces are not permitted here"
        }
    }

    init() async throws {
        let number = getpid()
        name = "baton-lab-\(number)"
        subnet = "10.203.\(number % 250 + 1)"
        let (outer, inner) = ("bl\(number)o", "bl\(number)i")
        watch = try ChildProcess(
            executable: "/bin/sh",
            arguments: [
                "-c", "read -r line; ip netns pids \"$1\" | xargs -r kill -9; ip netns del \"$1\"; ip link del \"$2\"",
                "watch", name, outer,
            ]
        )
        try await Tool.run("ip", ["netns", "add", name])
        try await Tool.run("ip", ["link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name])
        for address in outside { try await Tool.run("ip", ["addr", "add", "\(address)/24", "dev", outer]) }
        try await Tool.run("ip", ["link", "set", outer, "up"])
        try await Tool.run("ip", ["-n", name, "addr", "add", "\(inside)/24", "dev", inner])
        try await Tool.run("ip", ["-n", name, "link", "set", inner, "up"])
        try await Tool.run("ip", ["-n", name, "link", "set", "lo", "up"])
    }

    /// Drops what comes from and goes to somebody; connections hear nothing of it.
    func cut(_ extent: Extent) async throws {
        let rules =
            switch extent {
            case .database:
                """
                table inet lab {
                chain incoming { type filter hook input priority 0; policy accept; tcp sport 5432 drop; }
                chain outgoing { type filter hook output priority 0; policy accept; tcp dport 5432 drop; }
                }
                """
            case .everybody:
                """
                table inet lab {
                chain incoming { type filter hook input priority 0; policy drop; }
                chain outgoing { type filter hook output priority 0; policy drop; }
                }
                """
            }
        try await Tool.run("ip", ["netns", "exec", name, "nft", rules])
    }

    func heal() async throws {
        try await Tool.run("ip", ["netns", "exec", name, "nft", "delete", "table", "inet", "lab"])
    }

    /// Takes it down; nothing may run inside any more.
    func remove() async {
        try? await Tool.run("ip", ["netns", "del", name])
        await watch.terminate(within: .zero)
    }
}
