/// Which servers are trusted, and how the client shows who it is, when the address begins with `https`.
public struct TLSSettings: Sendable, Hashable {
    /// A certificate of the client's own.
    public struct ClientCertificate: Sendable, Hashable {
        /// A PEM file with the certificate and those above it.
        public var chainFile: String
        /// A PEM file with its private key, without a pass phrase.
        public var privateKeyFile: String

        /// A certificate from two files.
        public init(chainFile: String, privateKeyFile: String) {
            self.chainFile = chainFile
            self.privateKeyFile = privateKeyFile
        }
    }

    /// A PEM file with certificates to trust besides the system's.
    public var trustedCertificatesFile: String?
    /// Whether the system's certificates are trusted.
    public var trustsSystem = true
    /// What the client shows to servers that ask for a certificate.
    public var clientCertificate: ClientCertificate?

    /// The system's certificates are trusted; no certificate of the client's own.
    public init() {}

    /// Certificates of a file are trusted besides the system's.
    public static func trusting(certificatesFile: String) -> TLSSettings {
        var settings = TLSSettings()
        settings.trustedCertificatesFile = certificatesFile
        return settings
    }
}
