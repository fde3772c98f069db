import Testing

@testable import BatonClient

@Suite struct `Growing pauses` {
    @Test(arguments: [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (1_000_000, 10)])
    func `double up to the longest`(step: Int, seconds: Int) {
        #expect(Growth(from: .seconds(1), to: .seconds(10)).step(step) == .seconds(seconds))
    }
}
