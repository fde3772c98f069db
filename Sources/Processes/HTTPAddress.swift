/// Where a node listens, as the beginning of a URL.
package struct HTTPAddress: CustomStringConvertible {
    package var host: String
    package var port: Int
    /// Whether it is reached by HTTPS.
    package var isSecure: Bool

    package init(host: String, port: Int, isSecure: Bool = false) {
        self.host = host
        self.port = port
        self.isSecure = isSecure
    }

    /// The same address with a host that this machine can connect to, when it stands for every interface.
    package var reachableFromHere: HTTPAddress {
        switch host {
        case "0.0.0.0": HTTPAddress(host: "127.0.0.1", port: port, isSecure: isSecure)
        case "::": HTTPAddress(host: "::1", port: port, isSecure: isSecure)
        default: self
        }
    }

    /// Whether only this machine can connect to it, so that nobody can stand in between.
    package var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    package var description: String {
        let scheme = isSecure ? "https" : "http"
        return host.contains(":") ? "\(scheme)://[\(host)]:\(port)" : "\(scheme)://\(host):\(port)"
    }
}
