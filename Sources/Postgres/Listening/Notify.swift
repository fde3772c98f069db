/// Tells everybody who listens on a channel, once per payload.
///
/// Run it on a session of its own, never in a transaction that does other work: its commit takes a lock that all
/// notifying commits share.
package struct Notify: Statement {
    /// The channel's name.
    package var channel: String
    /// What to tell; each fewer than 8000 bytes.
    ///
    /// Equal ones of one call may be told once.
    package var payloads: [String]

    package static let sql: SQLText = "select pg_notify($1, payload) from unnest($2) as message (payload)"
    package static let parameters = ParameterEncoder(\Self.channel, \.payloads)

    /// Tells these payloads on this channel.
    package init(_ channel: SQLIdentifier, _ payloads: [String]) {
        self.channel = channel.name
        self.payloads = payloads
    }
}
