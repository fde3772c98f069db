import LabChecker
import Testing

@Suite struct `The checker, of waiting tasks` {
    /// A worker locks the task for a second and is never heard of again; another one has it at `takenOver`.
    private func takeOver(at takenOver: Int64, pollFrom: Int64 = 200) -> Story {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100, for: 1_000)
        story.death(of: "w1", at: 150)
        story.fetch("w2", at: pollFrom, answered: takenOver + 2, locked: takenOver)
        story.say("w2", .complete(task: "t1"), at: takenOver + 10, answered: takenOver + 20)
        story.completed(by: "w2", at: takenOver + 15)
        return story
    }

    @Test func `objects when a dead worker's lock outlives its expiry`() throws {
        #expect(try takeOver(at: 1_200).findings == [])
        #expect(try takeOver(at: 4_000).findings == [])
        #expect(try takeOver(at: 4_200).brokenRules == [.locksRunOut])
    }

    @Test func `does so also when only a third one's poll waited`() throws {
        var story = takeOver(at: 6_000, pollFrom: 5_900)
        #expect(try story.findings == [])
        story.poll("w3", at: 200, answered: 5_500)
        #expect(try story.brokenRules == [.locksRunOut])
    }

    @Test func `excuses what a fault delays, for as long as it takes to recover`() throws {
        var story = takeOver(at: 9_000)
        story.fault(from: 1_050, to: 1_500)
        #expect(try story.findings == [])
        var late = takeOver(at: 9_700)
        late.fault(from: 1_050, to: 1_500)
        #expect(try late.brokenRules == [.locksRunOut])
    }

    @Test func `counts from the end of an extended lock`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100, for: 1_000)
        story.say("w1", .extendLock(task: "t1", milliseconds: 5_000), at: 500, answered: 510)
        story.fetch("w2", at: 200, answered: 8_002, locked: 8_000)
        story.say("w2", .complete(task: "t1"), at: 8_100, answered: 8_110)
        story.completed(by: "w2", at: 8_105)
        #expect(try story.findings == [])
    }

    @Test func `objects when a new task waits beside a poll`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 0, answered: 3_501, locked: 3_500)
        story.say("w1", .complete(task: "t1"), at: 3_600, answered: 3_610)
        story.completed(by: "w1", at: 3_605)
        #expect(try story.brokenRules == [.nothingWaits])
    }

    @Test(arguments: [true, false])
    func `excuses what an unseen poll may have locked, for as long as such a lock lasts`(isLate: Bool) throws {
        // A poll leaves without its answer; what it may have locked is free a second and ten later, and again a second.
        var story = takeOver(at: isLate ? 15_000 : 13_000)
        story.pollLeaving("w3", at: 300, left: 400)
        #expect(try story.brokenRules == (isLate ? [.locksRunOut] : []))
    }
}
