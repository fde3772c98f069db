import CLibpq

/// One connection of libpq, always in pipeline mode.
///
/// Its calls wait, so only the thread of a session may make them.
final class Connection {
    let handle: OpaquePointer
    let waker: Waker
    let settings: ConnectionSettings
    /// The statements that are prepared on this connection, with their names there.
    var prepared: [PreparedStatement: String] = [:]
    /// What libpq is told of the parameters of one statement; kept for the next.
    var parameterArrays = ParameterArrays()
    /// Nil when nobody wants to know how long round trips take.
    var clock: RoundTripClock?
    /// Grows with every preparation, so that no name is used twice.
    var preparations = 0
    /// Whether nothing can be expected of this connection any more.
    private(set) var isBroken = false
    /// What the database said beside its answers.
    private let notices: UnsafeMutablePointer<Notices>
    /// Whether ``handle`` is freed; nothing may be asked of it then.
    private var isClosed = false
    /// The operating system's number of the socket.
    let socket: Int32

    /// How long the database may take to give up, or to roll back, before the connection is closed.
    static let cleanUpTimeout = Duration.seconds(5)

    /// Takes over an open connection of libpq.
    init(_ handle: OpaquePointer, settings: ConnectionSettings, waker: Waker, times: RoundTripTimes? = nil) {
        clock = times.map { RoundTripClock($0) }
        self.handle = handle
        self.settings = settings
        self.waker = waker
        socket = PQsocket(handle)
        notices = .allocate(capacity: 1)
        notices.initialize(to: Notices())
        PQsetNoticeReceiver(handle, { $0?.assumingMemoryBound(to: Notices.self).pointee.take($1) }, notices)
        isBroken = PQsetnonblocking(handle, 1) != 0 || PQenterPipelineMode(handle) != 1
    }

    deinit {
        close()
        notices.deallocate()
    }

    /// Says goodbye to the database.
    func close() {
        isBroken = true
        guard !isClosed else { return }
        isClosed = true
        PQfinish(handle)
    }

    /// Whether a transaction is open, sound or failed.
    var isInTransaction: Bool { !isClosed && PQtransactionStatus(handle) != PQTRANS_IDLE }

    /// Whether the next caller can use this connection.
    var isReusable: Bool { !isBroken && PQstatus(handle) == CONNECTION_OK && !isInTransaction }

    /// Looks whether the database has ended the connection while it was idle.
    func notice() {
        while !isBroken, isReadable(socket: socket) {
            if PQconsumeInput(handle) == 0 { isBroken = true }
            // Hands over notices.
            if PQisBusy(handle) == 0, notices.pointee.isFarewell { isBroken = true }
        }
    }

    /// Whether a commit since the last call of this was not confirmed by the standby that it should have waited for.
    func takeUnconfirmedCommit() -> Bool {
        defer { notices.pointee.isCommitUnconfirmed = false }
        return notices.pointee.isCommitUnconfirmed
    }

    /// Gives the connection up, and says why.
    func lost(_ message: String? = nil, effect: PostgresError.Effect = .undone) -> PostgresError {
        isBroken = true
        return PostgresError(
            .connection,
            message: message ?? (isClosed ? "The connection is closed." : String(cString: PQerrorMessage(handle))),
            effect: effect
        )
    }
}

extension Connection {
    /// Opens a connection with libpq's own means, which waits for name servers and hosts: not on a session's thread.
    static func open(_ settings: ConnectionSettings) throws(PostgresError) -> OpaquePointer {
        let keywords = settings.keywords
        let handle = withCStrings(keywords.map(\.name)) { names in
            withCStrings(keywords.map(\.value)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let handle else { throw PostgresError(.connection, message: "Out of memory.") }
        guard PQstatus(handle) == CONNECTION_OK else {
            let error = PostgresError(.connection, message: String(cString: PQerrorMessage(handle)))
            PQfinish(handle)
            throw error
        }
        return handle
    }

    /// Calls `body` with a null-terminated array of C strings.
    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        let utf8 = strings.map { Array($0.utf8CString) }
        let flat = utf8.flatMap(\.self)
        return flat.withUnsafeBufferPointer { flat in
            var offset = 0
            var pointers: [UnsafePointer<CChar>?] = utf8.map { string in
                defer { offset += string.count }
                return flat.baseAddress?.advanced(by: offset)
            }
            pointers.append(nil)
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
