import ArgumentParser
import Foundation
import Processes

/// `baton health`: whether a node is well, for those that can only run a program.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask a node whether it is ready, or alive.",
        discussion: """
            Ends with 0 when the answer is yes, and with 1 and the reason otherwise, after 4 seconds at the latest: made \
            for health checks of containers, which can run a program but have neither curl nor a shell. Balancers ask \
            GET /health/ready themselves.

            Ready: the databases of all engines are migrated and answer, wake-ups from other nodes arrive, and the node \
            is not about to end. Alive: the process answers. A node that is alive but not ready must not be restarted \
            for it: it waits for its database, or finishes what it has begun.

            Without an address, the node on this machine is asked as this environment configures it: at BATON_PORT, \
            and by HTTPS when there is a BATON_TLS_CERTIFICATE. On the machine itself every certificate will do, unless \
            --ca-certificate says which.

            Examples:
              baton health
              baton health --live --url http://127.0.0.1:8081
              baton health --url https://baton.example.com --ca-certificate authority.pem
            """
    )

    @Flag(help: "What is asked. (default: --ready)") var question: HealthProbe.Question = .ready
    @Option(help: "The address of the node; a path does not matter. (default: the node on this machine)")
    var url: String?
    @Option(
        help: ArgumentHelp("Certificates to trust, a PEM file. (\(Setting.caCertificate.variable))", valueName: "file")
    )
    var caCertificate: String?

    func run() async throws {
        let address = try url ?? Self.ownAddress(SettingReader())
        let certificate = caCertificate ?? SettingReader().given(.caCertificate)
        guard let probe = HealthProbe(url: address, caCertificateFile: certificate) else {
            throw ValidationError("--url must begin with http:// or https:// and name a host, but is “\(address)”.")
        }
        try await probe.ask(question)
        print("\(probe.root.absoluteString) is \(question.rawValue).")
    }

    /// Where the node of this machine listens, by its settings.
    static func ownAddress(_ reader: SettingReader) throws(SettingProblem) -> String {
        HTTPAddress(
            host: reader.text(.host) ?? "",
            port: try reader.integer(.port, in: 1...65535),
            isSecure: reader.given(.tlsCertificate) != nil
        ).reachableFromHere.description
    }
}

extension HealthProbe.Question: EnumerableFlag {
    static func help(for value: HealthProbe.Question) -> ArgumentHelp? {
        switch value {
        case .ready: "Whether it can serve requests."
        case .live: "Whether the process answers."
        }
    }
}
