import CLibpq

/// What the database says beside its answers, as far as it matters to us.
struct Notices {
    /// Whether the database said that it ends the connection, while nothing was asked of it.
    var isFarewell = false
    /// Whether the database gave up waiting for a synchronous standby, because somebody told it to give up.
    ///
    /// The commit then succeeds, and is lost should that standby take over.
    var isCommitUnconfirmed = false

    /// Remembers what a notice means; most mean nothing to us.
    mutating func take(_ notice: OpaquePointer?) {
        guard let severity = Self.field("V", of: notice) else { return }
        if severity == "FATAL" || severity == "PANIC" { isFarewell = true }
        // The routine is never translated; the sentence is, and its code is that of any warning.
        if Self.field("R", of: notice) == "SyncRepWaitForLSN" { isCommitUnconfirmed = true }
    }

    private static func field(_ letter: Unicode.Scalar, of notice: OpaquePointer?) -> String? {
        PQresultErrorField(notice, Int32(letter.value)).map { String(cString: $0) }
    }
}
