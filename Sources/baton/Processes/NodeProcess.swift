import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A node (`baton serve`) in a process of its own, which ends when this process does.
struct NodeProcess: Sendable {
    let child: ChildProcess
    /// The address of the node without a path: `http://127.0.0.1:8080`.
    let url: String

    /// The address of the node's API.
    var apiURL: String { url + "/engine-rest" }

    /// Starts a node. The database's address, which may hold a password, travels in the environment, where other
    /// users of the machine cannot read it.
    static func start(
        host: String = "127.0.0.1", port: Int, databaseURL: String, arguments: [String],
        environment: [String: String] = [:]
    ) throws -> NodeProcess {
        let own = [Setting.host.flag, host, Setting.port.flag, String(port), "--end-with-parent"]
        let child = try ChildProcess.startSelf(
            ["serve"] + own + arguments,
            environment: environment.merging([Setting.databaseURL.variable: databaseURL]) { _, new in new })
        return NodeProcess(child: child, url: HTTPAddress(host: host, port: port).reachableFromHere.description)
    }

    /// Asks until the node says that it is ready.
    ///
    /// - Throws: `CancellationError`; nothing else ends it, so cancel it when the process is gone.
    func waitUntilReady() async throws {
        while true {
            let request = HTTPClientRequest(url: url + "/health/ready")
            if let answer = try? await HTTPClient.shared.execute(request, timeout: .seconds(2)), answer.status == .ok {
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// Where a node listens, as the beginning of a URL.
struct HTTPAddress: CustomStringConvertible {
    var host: String
    var port: Int

    /// The same address with a host that this machine can connect to, when it stands for every interface.
    var reachableFromHere: HTTPAddress {
        switch host {
        case "0.0.0.0": HTTPAddress(host: "127.0.0.1", port: port)
        case "::": HTTPAddress(host: "::1", port: port)
        default: self
        }
    }

    var description: String {
        host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }
}
