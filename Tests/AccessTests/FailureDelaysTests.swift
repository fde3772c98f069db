import Testing

@testable import Access

@Suite struct `The delay after wrong passwords` {
    @Test(arguments: zip(1...8, [3, 6, 12, 24, 48, 60, 60, 60]))
    func `doubles up to a minute`(failures: Int, seconds: Int) {
        var delays = FailureDelays()
        for _ in 0..<failures { delays.failed("anna", at: .seconds(100)) }
        #expect(delays.isDelayed("anna", at: .seconds(100 + seconds) - .milliseconds(1)))
        #expect(!delays.isDelayed("anna", at: .seconds(100 + seconds)))
    }

    @Test func `concerns nobody else`() {
        var delays = FailureDelays()
        delays.failed("anna", at: .zero)
        #expect(!delays.isDelayed("bert", at: .zero))
    }

    @Test func `begins anew after the right password`() {
        var delays = FailureDelays()
        delays.failed("anna", at: .zero)
        delays.failed("anna", at: .seconds(3))
        delays.succeeded("anna")
        #expect(!delays.isDelayed("anna", at: .seconds(4)))
        delays.failed("anna", at: .seconds(10))
        #expect(!delays.isDelayed("anna", at: .seconds(13)))
    }

    @Test func `is remembered for so many users and no more`() {
        var delays = FailureDelays()
        for index in 0..<FailureDelays.maximumUsers { delays.failed("user\(index)", at: .milliseconds(index)) }
        delays.failed("one more", at: .seconds(10))
        #expect(delays.count == FailureDelays.maximumUsers)
        #expect(delays.isDelayed("one more", at: .seconds(10)))
        #expect(!delays.isDelayed("user0", at: .zero))
        #expect(delays.isDelayed("user1", at: .zero))
    }

    @Test func `does not overflow`() {
        #expect(FailureDelays.delay(afterFailures: .max) == .seconds(60))
    }
}
