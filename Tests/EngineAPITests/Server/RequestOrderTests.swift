import EngineRuntime
import HTTPTypes
import NIOCore
import NIOHTTP1
import Postgres
import TestSupport
import Testing

@testable import EngineAPI

/// The requests of one connection; capital letters name hot ones.
private struct Connection {
    private var order = RequestOrder()

    private static let hot = HotRequest(
        engine: Engine(configuration: .init(database: ConnectionSettings("")), logger: TestServer.logger),
        route: Route(
            index: 0,
            method: .post,
            pattern: "/",
            parameters: [],
            consumes: .anything,
            produces: .anything,
            needsEngine: true,
            access: .managers
        ) { _ in .noContent },
        identity: nil,
        values: [],
        root: "",
        head: RequestHead()
    )

    var wantsMore: Bool { order.wantsMore }

    /// Requests come in whole, each with its name as its body; returns what is done.
    mutating func request(_ names: String, isLast: Bool = false) -> String {
        names.map { head("\($0)", isLast: isLast) + body("\($0)") + end() }.joined()
    }

    mutating func head(_ name: String, isLast: Bool = false) -> String {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: name)
        if isLast { head.headers.add(name: "connection", value: "close") }
        return arrived(.head(head, hot: name == name.uppercased() ? Self.hot : nil))
    }

    mutating func body(_ text: String) -> String { arrived(.body(ByteBuffer(string: text))) }
    mutating func end() -> String { arrived(.end(nil)) }
    mutating func inputClosed() -> String { arrived(.inputClosed) }
    mutating func failed() -> String { arrived(.failed(HTTPParserError.invalidEOFState)) }

    mutating func answered() -> String {
        order.answered()
        return steps()
    }

    mutating func othersAnswered() -> String {
        order.othersAnswered()
        return steps()
    }

    mutating func shutDown() -> String {
        order.shutDown()
        return steps()
    }

    mutating func becameWritable(_ isWritable: Bool) -> String {
        order.becameWritable(isWritable)
        return steps()
    }

    mutating func disconnected() -> String {
        order.disconnected()
        return steps()
    }

    private mutating func arrived(_ arrival: RequestOrder.Arrival) -> String {
        order.arrived(arrival)
        return steps()
    }

    /// What is done: `(` and `)` for a head and an end that are passed on, `|` for the end of the input, `!` for an
    /// error, `#` for the close, a body for a request that is answered.
    private mutating func steps() -> String {
        var text = ""
        while let step = order.nextStep() {
            switch step {
            case .answer(_, let body): text += String(buffer: body)
            case .passOn(.head): text += "("
            case .passOn(.body(let body)): text += String(buffer: body)
            case .passOn(.end): text += ")"
            case .passOn(.inputClosed): text += "|"
            case .passOn(.failed): text += "!"
            case .quiesce: text += "#"
            }
        }
        return text
    }
}

@Suite struct `The requests of a connection` {
    @Test func `are answered here when they are hot, and passed on when not`() {
        var connection = Connection()
        #expect(connection.request("A") == "A")
        #expect(connection.answered() == "")
        #expect(connection.request("b") == "(b)")
        #expect(connection.othersAnswered() == "")
        #expect(connection.request("C") == "C")
    }

    @Test func `are collected from any number of parts`() {
        var connection = Connection()
        #expect(connection.head("A") == "")
        #expect(connection.body("x") + connection.body("y") + connection.body("z") == "")
        #expect(connection.end() == "xyz")
        #expect(connection.answered() == "")
        #expect(connection.request("B") == "B")
    }

    @Test func `wait for the hot one before them, and nothing is read meanwhile`() {
        var connection = Connection()
        #expect(connection.request("ABcDe") == "A")
        #expect(!connection.wantsMore)
        #expect(connection.answered() == "B")
        #expect(connection.answered() == "(c)")
        #expect(connection.othersAnswered() == "D")
        #expect(connection.answered() == "(e)")
        #expect(connection.wantsMore)
    }

    @Test func `wait for all of the others' before a hot one`() {
        var connection = Connection()
        #expect(connection.request("abC") == "(a)(b)")
        #expect(connection.othersAnswered() == "")
        #expect(connection.othersAnswered() == "C")
    }

    @Test func `wait while the client does not read its answers`() {
        var connection = Connection()
        #expect(connection.request("A") == "A")
        #expect(connection.becameWritable(false) == "")
        #expect(connection.answered() == "")
        #expect(connection.request("Bc") == "")
        #expect(!connection.wantsMore)
        #expect(connection.becameWritable(true) == "B")
        #expect(connection.answered() == "(c)")
    }

    @Test func `go past the hot way after one that is the last`() {
        var connection = Connection()
        #expect(connection.request("a", isLast: true) == "(a)")
        #expect(connection.othersAnswered() == "")
        #expect(connection.request("B") == "(B)")
    }

    @Test func `end with the input, in order`() {
        var connection = Connection()
        #expect(connection.request("AB") == "A")
        #expect(connection.inputClosed() == "")
        #expect(connection.answered() == "B")
        #expect(connection.answered() == "|")
    }

    @Test func `are forgotten when their body breaks off`() {
        var connection = Connection()
        #expect(connection.head("A") + connection.body("x") == "")
        #expect(connection.failed() == "!")
        #expect(connection.inputClosed() == "|")
    }

    @Test func `are closed at once on shutdown when there are none`() {
        var connection = Connection()
        #expect(connection.shutDown() == "#")
        #expect(connection.request("A") == "(A)")
    }

    @Test func `are answered before the close on shutdown, also those that wait`() {
        var connection = Connection()
        #expect(connection.request("Ab") == "A")
        #expect(connection.shutDown() == "")
        #expect(connection.answered() == "(b)#")
        #expect(connection.request("C") == "(C)")
    }

    @Test func `are read to their end before the close on shutdown`() {
        var connection = Connection()
        #expect(connection.head("A") == "")
        #expect(connection.shutDown() == "")
        #expect(connection.body("x") + connection.end() == "x")
        #expect(connection.answered() == "#")
    }

    @Test func `leave nothing behind when the client goes`() {
        var connection = Connection()
        #expect(connection.request("AB") == "A")
        #expect(connection.disconnected() == "")
        #expect(connection.answered() == "")
        #expect(connection.wantsMore)
    }
}
