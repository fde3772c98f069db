import HTTPTypes
import JSON

/// What a handler answers.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    /// Nil when there is no content.
    var body: [UInt8]?
    /// Called when the answer could not be written because the client is gone.
    var onUndelivered: (@Sendable () async -> Void)?
    /// Whether nobody waits for this answer: the request was given up because its client went.
    var isForNobody = false
    /// Set while there is no answer yet.
    var pending: PendingAnswer?

    init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: [UInt8]? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// An answer that somebody waits for without holding a task, so that ten thousand of them cost little.
struct PendingAnswer: Sendable {
    /// Finds the answer, or another one that is pending.
    typealias Resumption = @Sendable () async throws -> Answer

    /// Begins to wait; what it is given is called once, with what is to be done then.
    let park: @Sendable (_ onWake: @escaping @Sendable (@escaping Resumption) -> Void) -> Void
    /// Nobody waits any more; what `park` was given is called, if it was not.
    let cancel: @Sendable () -> Void
    /// The pattern of the route that it comes from, for the log.
    var route: String?
    /// Where it is counted, and from when on.
    var measured: (measures: OperationMeasures, began: ContinuousClock.Instant)?

    init(
        park: @escaping @Sendable (_ onWake: @escaping @Sendable (@escaping Resumption) -> Void) -> Void,
        cancel: @escaping @Sendable () -> Void
    ) {
        self.park = park
        self.cancel = cancel
    }
}

extension Answer {
    /// There is no answer yet.
    init(_ pending: PendingAnswer) {
        self.init(status: .ok)
        self.pending = pending
    }

    /// 204: done, and nothing to say about it.
    static let noContent = Answer(status: .noContent)

    private static let jsonHeaders: HTTPFields = [.contentType: MediaType.json.description]

    /// A JSON value, written member by member.
    static func json<Failure: Error>(
        status: HTTPResponse.Status = .ok,
        reservingCapacity capacity: Int = 256,
        _ write: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) -> Answer {
        var writer = JSONWriter(reservingCapacity: capacity)
        try write(&writer)
        return Answer(status: status, headers: jsonHeaders, body: writer.bytes)
    }

    /// A JSON array, one element written by each call.
    static func json<Element>(
        list: some Collection<Element>,
        _ write: (Element, inout JSONWriter) throws -> Void
    ) rethrows -> Answer {
        var writer = JSONWriter(reservingCapacity: 64 + list.count * 512)
        writer.beginArray()
        for element in list { try write(element, &writer) }
        writer.endArray()
        return Answer(status: .ok, headers: jsonHeaders, body: writer.bytes)
    }

    /// `{"count": n}`.
    static func count(_ count: Int64) -> Answer {
        .json { writer in
            writer.beginObject()
            writer.member("count", count)
            writer.endObject()
        }
    }

    /// Text as it stands.
    static func text(_ text: String) -> Answer {
        Answer(status: .ok, headers: [.contentType: "text/plain;charset=UTF-8"], body: Array(text.utf8))
    }

    /// Bytes of a kind that the caller names.
    static func bytes(_ bytes: [UInt8], contentType: String, disposition: String? = nil) -> Answer {
        var headers: HTTPFields = [.contentType: contentType]
        if let disposition { headers[.contentDisposition] = disposition }
        return Answer(status: .ok, headers: headers, body: bytes)
    }
}
