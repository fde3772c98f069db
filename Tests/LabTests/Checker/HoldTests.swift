import LabChecker
import Testing

@Suite struct `The checker, of locks` {
    @Test func `has nothing against one worker that completes in time`() throws {
        #expect(try Story.ofOneCompletion.findings == [])
    }

    @Test func `objects when a task is locked for two workers at once`() throws {
        var story = Story.ofOneCompletion
        story.fetch("w2", at: 100, answered: 151, locked: 150)
        #expect(try story.brokenRules == [.oneHolder])
    }

    @Test func `objects also when one of the two heard of it only later`() throws {
        // w1's answer takes until its lock is over; the database had it locked for w1 all the time.
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 10_200, locked: 100)
        story.fetch("w2", at: 90, answered: 5_001, locked: 5_000)
        story.say("w2", .complete(task: "t1"), at: 5_100, answered: 5_110)
        story.completed(by: "w2", at: 5_105)
        #expect(try story.brokenRules == [.oneHolder])
    }

    @Test func `has nothing against a take-over when the lock has run out`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.fetch("w2", at: 9_000, answered: 10_102, locked: 10_101)
        story.say("w2", .complete(task: "t1"), at: 10_190, answered: 10_210)
        story.completed(by: "w2", at: 10_200)
        #expect(try story.findings == [])
    }

    @Test func `objects when an extended lock is not respected`() throws {
        // Given a lock until 10.1 s that was extended at 5 s for ten seconds more
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .extendLock(task: "t1", milliseconds: 10_000), at: 5_000, answered: 5_010)
        // when another worker gets the task at 11 s
        story.fetch("w2", at: 9_000, answered: 11_001, locked: 11_000)
        story.say("w2", .complete(task: "t1"), at: 11_100, answered: 11_110)
        story.completed(by: "w2", at: 11_105)
        // then both held it.
        #expect(try story.brokenRules == [.oneHolder])
    }

    @Test(arguments: [nil, 400] as [Int?])
    func `takes an extension without a good answer for none`(status: Int?) throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100, for: 5_000)
        story.say(
            "w1",
            .extendLock(task: "t1", milliseconds: 10_000),
            at: 5_200,
            answered: status.map { _ in 5_210 },
            status: status ?? 0
        )
        story.fetch("w2", at: 5_000, answered: 5_301, locked: 5_300)
        story.say("w2", .complete(task: "t1"), at: 5_400, answered: 5_410)
        story.completed(by: "w2", at: 5_405)
        #expect(try story.findings == [])
    }

    @Test func `knows that an extension of unknown outcome may have shortened the lock`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .extendLock(task: "t1", milliseconds: 1_000), at: 200, answered: nil)
        story.fetch("w2", at: 1_000, answered: 1_301, locked: 1_300)
        story.say("w2", .complete(task: "t1"), at: 1_400, answered: 1_410)
        story.completed(by: "w2", at: 1_405)
        #expect(try story.findings == [])
    }

    @Test(arguments: [204, 503, nil] as [Int?])
    func `takes a lock that may have been given back for given back`(status: Int?) throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .unlock(task: "t1"), at: 200, answered: status.map { _ in 210 }, status: status ?? 0)
        story.fetch("w2", at: 100, answered: 221, locked: 220)
        story.say("w2", .complete(task: "t1"), at: 300, answered: 310)
        story.completed(by: "w2", at: 305)
        #expect(try story.findings == [])
    }

    @Test func `objects when a lock ends although giving it back was refused`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .unlock(task: "t1"), at: 200, answered: 210, status: 400)
        story.fetch("w2", at: 100, answered: 221, locked: 220)
        story.say("w2", .complete(task: "t1"), at: 300, answered: 310)
        story.completed(by: "w2", at: 305)
        #expect(try story.brokenRules == [.oneHolder, .holderIsHeard])
    }

    @Test func `knows that an unlock of unknown outcome may come late and hit the next holder`() throws {
        // Given w1's unlock, which hangs in a paused node while the lock runs out and w2 gets the task
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100, for: 1_000)
        story.say("w1", .unlock(task: "t1"), at: 1_050, answered: nil)
        story.fetch("w2", at: 1_000, answered: 1_201, locked: 1_200)
        // when the node wakes, carries it out, and w3 gets the task
        story.fetch("w3", at: 1_000, answered: 2_001, locked: 2_000)
        story.say("w3", .complete(task: "t1"), at: 2_100, answered: 2_110)
        story.completed(by: "w3", at: 2_105)
        // then nobody broke a promise.
        #expect(try story.findings == [])
    }

    @Test func `knows that an unlock may hit the next holder before that one has heard of it`() throws {
        // Given w1, which gives the task back twice; in between it is locked for w2, who is told of it later
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .unlock(task: "t1"), at: 200, answered: 210)
        story.say("w1", .unlock(task: "t1"), at: 211, answered: 220)
        story.fetch("w2", at: 100, answered: 240, locked: 212)
        // when w3 gets it after the second time
        story.fetch("w3", at: 100, answered: 241, locked: 222)
        story.say("w3", .complete(task: "t1"), at: 300, answered: 310)
        story.completed(by: "w3", at: 305)
        // then nobody broke a promise.
        #expect(try story.findings == [])
    }

    @Test func `lets the dead hold nothing`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100, life: "crew 1, life 1")
        story.death(of: "crew 1, life 1", at: 150)
        // The node noticed the closed socket and gave the task back.
        story.fetch("w2", at: 100, answered: 221, locked: 220)
        story.say("w2", .complete(task: "t1"), at: 300, answered: 310)
        story.completed(by: "w2", at: 305)
        #expect(try story.findings == [])
    }

    @Test(arguments: [400, 404])
    func `objects when a holder is refused`(status: Int) throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .complete(task: "t1"), at: 150, answered: 160, status: status)
        story.say("w1", .complete(task: "t1"), at: 190, answered: 210)
        story.completed(by: "w1", at: 200)
        #expect(try story.brokenRules == [.holderIsHeard])
    }

    @Test func `has nothing against refusing who asks again after an unknown outcome`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .complete(task: "t1"), at: 150, answered: nil)
        story.say("w1", .complete(task: "t1"), at: 190, answered: 210, status: 404)
        story.completed(by: "w1", at: 155)
        #expect(try story.findings == [])
    }

    @Test func `has nothing against refusing who comes too late`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100, for: 1_000)
        story.fetch("w2", at: 90, answered: 1_202, locked: 1_201)
        story.say("w1", .complete(task: "t1"), at: 1_190, answered: 1_210, status: 400)
        story.say("w2", .complete(task: "t1"), at: 1_300, answered: 1_310)
        story.completed(by: "w2", at: 1_305)
        #expect(try story.findings == [])
    }
}
