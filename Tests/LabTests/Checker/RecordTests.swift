import Foundation
import LabChecker
import Testing

@Suite struct `A record` {
    @Test func `is the same after being written and read`() throws {
        var story = Story.ofOneCompletion
        story.fault(from: 1, to: 2)
        story.death(of: "w1", at: 3)
        story.part("token", "x1", of: "i1")
        story.runs("i2")
        for entry in story.record {
            #expect(try Entry(line: entry.line()) == entry)
        }
    }

    @Test func `is judged as a file, too`() throws {
        var story = Story.ofOneCompletion
        story.variable("of start", "client#1")
        story.variable("of task t1", "w1#3")
        story.variable(Rows.lastVariable, "w1#3")
        let lines = try story.record.map { try $0.line() }
        let record = Data(lines.joined(separator: [UInt8(ascii: "\n")]))
        #expect(Verdict(try History(record: record)).isGood)
    }

    @Test func `is not judged when it is not whole`() throws {
        var story = Story.ofOneCompletion
        story.isComplete = false
        #expect(throws: History.Unreadable.self) { try story.findings }
        #expect(throws: History.Unreadable.self) { try History(record: Data("{\"nothing\":1}\n".utf8)) }
        #expect(throws: History.Unreadable.self) { try History(record: Data()) }
    }

    @Test func `must not answer a request twice, or one that was not made`() throws {
        let record = Story.ofOneCompletion.record
        let answer = try #require(record.first { if case .answer = $0 { true } else { false } })
        #expect(throws: History.Unreadable.self) { try History(record + [answer]) }
        let request = try #require(record.first { if case .request = $0 { true } else { false } })
        #expect(throws: History.Unreadable.self) { try History(record.filter { $0 != request }) }
    }

    @Test func `bounds the clocks' difference by all readings`() throws {
        let moment = DatabaseMoment(rawValue: 1_000)
        var record = Story.ofOneCompletion.record.filter { if case .clock = $0 { false } else { true } }
        record.append(.clock(ClockSample(sent: .init(rawValue: 0), database: moment, received: .init(rawValue: 100))))
        record.append(.clock(ClockSample(sent: .init(rawValue: 60), database: moment, received: .init(rawValue: 160))))
        let clock = try History(record).clock
        #expect(clock.least == 900 && clock.greatest == 940 && !clock.hasJumped)
    }

    @Test func `takes every difference for possible when a clock jumped`() throws {
        var record = Story.ofOneCompletion.record
        let late = DatabaseMoment(rawValue: Story.ahead + 5_000_000)
        record.append(.clock(ClockSample(sent: .init(rawValue: 0), database: late, received: .init(rawValue: 100))))
        let clock = try History(record).clock
        #expect(clock.hasJumped && clock.uncertainty == 5_000_000)
    }
}
