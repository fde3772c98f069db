import HTTPTypes
import JSON

extension BatonError {
    /// The most bytes of an answer that are read to learn why it says no.
    static let maximumBody = 1024 * 1024

    /// What an answer says that says no.
    init(answer: EngineResponse, body: [UInt8]) {
        let problem = (try? JSONParser.parse(body))?.objectValue
        let message = problem?["message"]?.stringValue
        let type = problem?["type"]?.stringValue
        let engineCode = problem?["code"]?.int64Value.map { Int($0) }
        let code = Code(
            status: answer.status,
            isOfEngine: Self.isOfEngine(type),
            engineCode: engineCode,
            message: message ?? ""
        )
        self.init(
            code,
            status: answer.status,
            engineType: type,
            engineCode: engineCode,
            message: message.flatMap { $0.isEmpty ? nil : $0 } ?? "The server answers \(answer.status)",
            retryAfter: answer.headerFields[.retryAfter].flatMap { Self.seconds($0) },
            // Whoever stands in front of the engine, and an engine whose database is away, do not know what became of it.
            isOutcomeUnknown: [502, 503, 504].contains(answer.status)
        )
    }

    /// Whether an error of this type tells of the engine: servers in front of it have types of other forms, and its own
    /// server's for a path that it does not know is no word on a task either.
    private static func isOfEngine(_ type: String?) -> Bool {
        guard let type else { return false }
        return type.hasSuffix("Exception") && type != "NotFoundException"
    }

    /// `Retry-After` in seconds; as a date, which needs a common clock, it is not read.
    private static func seconds(_ text: String) -> Duration? {
        guard let seconds = Int(text), seconds >= 0 else { return nil }
        return .seconds(min(seconds, 3600))
    }
}

extension BatonError.Code {
    /// The kind of an answer.
    ///
    /// The contract does not tell its 400s apart by anything but their texts, which are the same in all its servers.
    fileprivate init(status: Int, isOfEngine: Bool, engineCode: Int?, message: String) {
        switch status {
        case 401: self = .unauthenticated
        case 403: self = .forbidden
        // A 404 that is not the engine's says nothing about a task: its server may not be up yet, behind a proxy that is.
        case 404: self = isOfEngine ? .notFound : .noEngine
        case 429, 503: self = .overloaded
        case 400 where message.contains("locked by worker '"): self = .notLockedByWorker
        case 400 where message.contains("Cannot extend a lock that expired"): self = .lockExpired
        case 400 where message.hasSuffix("is suspended."): self = .suspended
        case 400..<500: self = .refused
        case 500 where engineCode == 1: self = .conflict
        // How the contract says that there are too many polls, and that the server is going down.
        case 500 where message.contains("too many requests") || message.contains("due to shutdown"): self = .overloaded
        case 500...: self = .engineFailed
        default: self = .invalidAnswer
        }
    }
}
