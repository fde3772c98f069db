import EngineCore
import HTTPTypes
import Logging
import Postgres
import Synchronization
import Testing

@testable import EngineAPI

@Suite struct `The error log` {
    private let lines = LogLines()
    private let clock = TestClock()

    private var log: ErrorLog {
        var logger = Logger(label: "test") { [lines] _ in LineHandler(lines: lines) }
        logger.logLevel = .debug
        return ErrorLog(logger: logger) { [clock] in clock.now }
    }

    private static let complete = ErrorLog.Operation(method: .post, route: "/external-task/{id}/complete")

    private func report(_ error: APIError, to log: ErrorLog, of operation: ErrorLog.Operation = complete) {
        log.report(error, as: error, of: operation)
    }

    @Test func `names method, route, status and type`() throws {
        report(.missing("workerId"), to: log)
        let line = try #require(lines.all.first)
        #expect(line.level == .warning)
        #expect(
            line.metadata == [
                "method": "POST", "route": "/external-task/{id}/complete", "status": "500",
                "type": "NullValueException",
            ]
        )
    }

    @Test func `tells what the contract's message leaves to the log`() {
        report(APIError(.valueTooLong(parameter: "variable 'note'", maximum: 4000)), to: log)
        #expect(lines.all.first?.metadata["problem"] == "variable 'note' is longer than 4000 characters")
    }

    @Test func `tells what the client did wrong at debug only`() {
        let log = log
        report(.notFound("no"), to: log)
        report(.malformedBody, to: log, of: ErrorLog.Operation(method: .get, route: nil))
        log.report(CancellationError(), as: nil, of: Self.complete)
        #expect(lines.all.map(\.level) == [.debug, .debug, .debug])
        #expect(lines.all[1].metadata["route"] == nil)
    }

    @Test func `tells a lost database, and what nobody expected, as errors`() {
        struct Surprise: Error {}
        let log = log
        report(APIError(PostgresError(.connection, message: "gone")), to: log)
        log.report(Surprise(), as: nil, of: Self.complete)
        #expect(lines.all.map(\.level) == [.error, .error])
        #expect(lines.all[1].metadata["problem"] == "Surprise")
    }

    @Test func `holds back what is alike, and tells how much that was`() {
        let log = log
        for _ in 0..<5 { report(.missing("workerId"), to: log) }
        report(.engine("retries is not greater than or equal to 0"), to: log)
        report(.missing("workerId"), to: log, of: ErrorLog.Operation(method: .post, route: "/other"))
        #expect(lines.all.count { $0.level == .warning } == 3)
        #expect(lines.all.count { $0.level == .debug } == 4)
        clock.advance(by: .seconds(10))
        report(.missing("workerId"), to: log)
        #expect(lines.all.last?.level == .warning)
        #expect(lines.all.last?.metadata["before"] == "4")
    }

    @Test func `remembers a bounded number of kinds`() {
        var throttle = LogThrottle<Int>()
        let now = ContinuousClock.now
        for kind in 0..<LogThrottle<Int>.maximumKinds { #expect(throttle.admit(kind, at: now) == .passes(before: 0)) }
        #expect(throttle.admit(1, at: now) == .held)
        #expect(throttle.admit(-1, at: now) == .passes(before: 0))
        #expect(throttle.admit(1, at: now) == .passes(before: 0))
    }
}

/// A clock that stands until it is moved.
private final class TestClock: Sendable {
    private let moment = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { moment.withLock { $0 } }
    func advance(by duration: Duration) { moment.withLock { $0 += duration } }
}

private final class LogLines: Sendable {
    struct Line: Sendable {
        var level: Logger.Level
        var metadata: Logger.Metadata
    }

    private let lines = Mutex<[Line]>([])
    var all: [Line] { lines.withLock { $0 } }
    func append(_ line: Line) { lines.withLock { $0.append(line) } }
}

private struct LineHandler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    init(lines: LogLines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.append(LogLines.Line(level: event.level, metadata: event.metadata ?? [:]))
    }
}
