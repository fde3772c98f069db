import EngineRuntime
import HTTPTypes
import JSON

/// What those who watch over a node ask.
enum HealthCheck {
    /// Whether the process answers at all.
    case live
    /// Whether it can do its work now.
    case ready

    /// The check at a path, given by what follows `/health`.
    ///
    /// - Throws: ``APIError`` when there is none, or none with the method.
    init(_ steps: ArraySlice<String?>, of path: RequestPath, method: HTTPRequest.Method) throws(APIError) {
        guard method == .get || method == .head else { throw .otherMethod(method) }
        switch steps {
        case ["live"]: self = .live
        case ["ready"]: self = .ready
        default: throw .unknownPath(path.text)
        }
    }
}

extension Answer {
    /// The process answers.
    static var live: Answer {
        .json { writer in
            writer.beginObject()
            writer.member("status", "up")
            writer.endObject()
        }
    }

    /// 200 when all engines are ready, 503 when one is not; the body says what each has and lacks.
    static func ready(_ engines: [Readiness]) -> Answer {
        let isReady = engines.allSatisfy(\.isReady)
        return .json(status: isReady ? .ok : .serviceUnavailable) { writer in
            writer.beginObject()
            writer.member("status", isReady ? "up" : "down")
            writer.key("engines")
            writer.beginArray()
            for engine in engines { writer.engine(engine) }
            writer.endArray()
            writer.endObject()
        }
    }
}

extension JSONWriter {
    fileprivate mutating func engine(_ engine: Readiness) {
        beginObject()
        member("name", engine.name.text)
        member("status", engine.isReady ? "up" : "down")
        member("state", engine.life.rawValue)
        finding("database", engine.database, timed: "milliseconds")
        finding("schema", engine.schema, timed: "milliseconds")
        finding("wakeUps", engine.wakeUps, timed: "heardMillisecondsAgo")
        endObject()
    }

    private mutating func finding(_ name: String, _ finding: Readiness.Finding, timed: String) {
        key(name)
        beginObject()
        member("status", finding.isUp ? "up" : "down")
        if let milliseconds = finding.milliseconds { member(timed, milliseconds) }
        if let note = finding.note { member("note", note) }
        endObject()
    }
}
