import Testing

@testable import EngineAPI

/// What no client sends by mistake; the database cannot be reached.
///
/// Forms and files have tests of their own.
@Suite(.timeLimit(.minutes(1))) struct `A nasty request` {
    private static let fetch = "/engine-rest/external-task/fetchAndLock"
    private static let fields = "Host: localhost\r\nContent-Type: application/json\r\n"

    /// A body, named because it may be long, and the status that it is answered with.
    struct Body: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var status: Int

        init(_ name: String, _ text: String, _ status: Int = 400) {
            self.init(name, Array(text.utf8), status)
        }

        init(_ name: String, _ bytes: [UInt8], _ status: Int = 400) {
            testDescription = name
            self.bytes = bytes
            self.status = status
        }
    }

    private static let bodies = [
        Body("arrays within arrays", #"{"topics":"# + String(repeating: "[", count: 100_000)),
        Body("objects within objects", String(repeating: #"{"a":"#, count: 40_000)),
        Body("no UTF-8", Array(#"{"workerId":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)),
        Body("UTF-8 that is too long", Array(#"{"workerId":""#.utf8) + [0xC0, 0x80] + Array(#""}"#.utf8)),
        Body("UTF-16", [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]),
        Body("half a surrogate pair", #"{"workerId":"\ud800"}"#),
        Body("the character NUL", "{\"workerId\":\"\u{0}\"}"),
        // The contract has it so.
        Body("the character NUL in an escape", #"{"workerId":"\u0000"}"#, 500),
        Body("a number beyond all doubles", #"{"maxTasks":1e999999999}"#),
        Body("an integer of a thousand digits", #"{"maxTasks":\#(String(repeating: "9", count: 1000))}"#),
        Body("an integer of a hundred thousand digits", #"{"maxTasks":\#(String(repeating: "9", count: 100_000))}"#),
        Body("one name twice: the last counts", #"{"workerId":"w","workerId":null}"#, 500),
        Body(
            "twenty thousand members",
            "{" + (0..<20_000).map { #""k\#($0)":1"# }.joined(separator: ",") + "}",
            500
        ),
    ]

    @Test(arguments: bodies, ["", "?usual=way"])
    func `is answered as what it is`(body: Body, query: String) async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                let head =
                    "POST \(Self.fetch)\(query) HTTP/1.1\r\n\(Self.fields)Content-Length: \(body.bytes.count)\r\n\r\n"
                try await connection.send(Array(head.utf8) + body.bytes)
                #expect(try await connection.answer()?.status == body.status)
                // The connection goes on.
                try await connection.send("GET /engine-rest/version HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await connection.answer()?.status == 200)
            }
        }
    }

    @Test(arguments: [
        "X: \(String(repeating: "a", count: 200_000))\r\n\r\n", String(repeating: "X: a\r\n", count: 50_000) + "\r\n",
        "Content-Length: -1\r\n\r\n{}", "Content-Length: 2x\r\n\r\n{}",
        "Content-Length: 99999999999999999999999\r\n\r\n{}", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx0\r\n\r\n", "Accept: a\u{0}b\r\n\r\n",
    ])
    func `that is no HTTP ends its connection, and nobody else's`(rest: String) async throws {
        try await LiveServer.with { server in
            try await server.connect { other in
                try await server.connect { connection in
                    try await connection.send("POST \(Self.fetch) HTTP/1.1\r\n\(Self.fields)\(rest)")
                    #expect(try await connection.answer()?.status == 400)
                    #expect(try await connection.answer() == nil)
                }
                try await other.send("GET /engine-rest/version HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await other.answer()?.status == 200)
            }
        }
    }

    @Test(arguments: [
        ("GET /engine-rest/\(String(repeating: "a", count: 300_000)) HTTP/1.1", 400),
        ("GET /engine-rest\(String(repeating: "/a", count: 30_000)) HTTP/1.1", 404),
        ("GET /engine-rest\(String(repeating: "/", count: 60_000))version HTTP/1.1", 200),
        ("GET /engine-rest/version?\(String(repeating: "a=b&", count: 15_000)) HTTP/1.1", 200),
        ("GET http://elsewhere/engine-rest/version HTTP/1.1", 200), ("OPTIONS * HTTP/1.1", 404),
        ("GET /engine-rest/version", 400), ("PRI * HTTP/2.0", 400), ("F\u{0}O /engine-rest/version HTTP/1.1", 400),
        ("\u{16}\u{3}\u{1}", 400),
    ])
    func `by its first line is answered`(line: String, status: Int) async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                try await connection.send("\(line)\r\nHost: localhost\r\n\r\n")
                #expect(try await connection.answer()?.status == status)
            }
        }
    }
}
