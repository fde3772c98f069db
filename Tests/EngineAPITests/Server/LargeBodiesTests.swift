import Testing

@testable import EngineAPI

@Suite(.timeLimit(.minutes(1))) struct `Large bodies` {
    private static let size = LargeBodies.threshold * 2
    private static let head =
        "POST /engine-rest/message HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    private static let body = "{" + String(repeating: " ", count: size - 2) + "}"
    private static let request = head + "Content-Length: \(size)\r\n\r\n" + body

    private static func configuration(patience: Duration) -> EngineAPI.Configuration {
        var configuration = EngineAPI.Configuration()
        configuration.largeBodyCapacity = size * 3 / 2
        configuration.largeBodyPatience = patience
        return configuration
    }

    @Test func `wait for room, which comes when another one has been dealt with`() async throws {
        try await LiveServer.with(configuration: Self.configuration(patience: .seconds(60))) { server in
            try await server.connect { first in
                try await first.send(String(Self.request.dropLast(1)))
                try await server.connect { second in
                    try await second.send(Self.request)
                    try await first.send("}")
                    // Neither names a message: both were read.
                    #expect(try await first.answer()?.status == 400)
                    #expect(try await second.answer()?.status == 400)
                }
            }
        }
    }

    @Test func `are answered 503 when there is no room in time, and small ones are not`() async throws {
        try await LiveServer.with(configuration: Self.configuration(patience: .milliseconds(50))) { server in
            try await server.connect { first in
                // Its answer says that its body is being waited for.
                try await first.send(Self.head + "Expect: 100-continue\r\nContent-Length: \(Self.size)\r\n\r\n")
                #expect(try await first.answer()?.status == 100)
                try await server.connect { second in
                    try await second.send(Self.request)
                    let answer = try #require(try await second.answer())
                    #expect(answer.status == 503)
                    #expect(answer.fields["retry-after"] == "1")
                }
                try await server.connect { small in
                    let answer = try await small.post("/message", "{}")
                    #expect(answer.status == 400)
                }
                try await first.send(Self.body)
                #expect(try await first.answer()?.status == 400)
            }
        }
    }

    @Test func `enter in the order in which they came`() {
        var room = LargeBodies.Room(capacity: 10)
        // The third would have room, but then the second might never get any.
        let areIn = [room.enter(1, bytes: 6), room.enter(2, bytes: 6), room.enter(3, bytes: 4)]
        #expect(areIn == [true, false, false])
        let admitted = room.leave(1)
        #expect(admitted == [2, 3])
        #expect(room.isIn(2) && room.isIn(3))
    }

    @Test func `larger than all room have it for themselves`() {
        var room = LargeBodies.Room(capacity: 10)
        let areIn = [room.enter(1, bytes: 1_000), room.enter(2, bytes: 1)]
        #expect(areIn == [true, false])
        let admitted = room.leave(1)
        #expect(admitted == [2])
    }

    @Test func `whose clients give up let in those behind them`() {
        var room = LargeBodies.Room(capacity: 10)
        let areIn = [room.enter(1, bytes: 6), room.enter(2, bytes: 6), room.enter(3, bytes: 4)]
        #expect(areIn == [true, false, false])
        let admitted = [room.leave(2), room.leave(3)]
        #expect(admitted == [[3], []])
    }
}
