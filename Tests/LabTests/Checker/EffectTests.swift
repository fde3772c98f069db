import LabChecker
import Testing

@Suite struct `The checker, of what was acknowledged` {
    @Test func `objects when an acknowledged completion is lost`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .complete(task: "t1"), at: 190, answered: 210)
        story.part("external_task", "t1", of: "i1")
        story.runs()
        #expect(try story.brokenRules == [.completesOnce, .everythingEnds])
    }

    @Test func `objects when a completion counts twice`() throws {
        var story = Story.ofOneCompletion
        story.log("successful", "w1", at: 205)
        #expect(try story.brokenRules == [.completesOnce])
    }

    @Test func `objects when two completions are acknowledged`() throws {
        var story = Story.ofOneCompletion
        story.say("w1", .complete(task: "t1"), at: 220, answered: 230)
        #expect(try story.brokenRules == [.completesOnce])
    }

    @Test func `objects when a completion moved the process twice`() throws {
        var story = Story.ofOneCompletion
        story.ran("work", at: 200)
        #expect(try story.brokenRules == [.completesOnce, .movesOnce])
    }

    @Test func `objects to a completion that nobody asked for`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.completed(by: "w1", at: 200)
        #expect(try story.brokenRules == [.completesOnce])
    }

    @Test func `objects when the completion is another worker's`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .complete(task: "t1"), at: 190, answered: 210)
        story.completed(by: "w2", at: 200)
        #expect(try story.brokenRules == [.completesOnce])
    }

    @Test(arguments: [true, false])
    func `lets a completion without an answer have happened or not`(happened: Bool) throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100, for: 1_000)
        story.say("w1", .complete(task: "t1"), at: 190, answered: nil)
        if happened {
            story.completed(by: "w1", at: 200)
        } else {
            story.fetch("w2", at: 190, answered: 1_102, locked: 1_101)
            story.say("w2", .complete(task: "t1"), at: 1_190, answered: 1_210)
            story.completed(by: "w2", at: 1_200)
        }
        #expect(try story.findings == [])
    }

    @Test func `lets the completion of a client that died be there`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .complete(task: "t1"), at: 190, answered: 210, status: 503)
        story.completed(by: "w1", at: 200)
        #expect(try story.findings == [])
    }

    @Test func `wants an acknowledged failure in the log`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .fail(task: "t1", retryMilliseconds: 0), at: 110, answered: 120)
        story.fetch("w1", at: 130, answered: 141, locked: 140)
        story.say("w1", .complete(task: "t1"), at: 190, answered: 210)
        story.completed(by: "w1", at: 200)
        #expect(try story.brokenRules == [.reportsOnce])
        story.log("failed", "w1", at: 115)
        #expect(try story.findings == [])
        story.log("failed", "w1", at: 116)
        #expect(try story.brokenRules == [.reportsOnce])
    }

    @Test func `wants an acknowledged error to cancel its task and lead on once`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .throwError(task: "t1"), at: 110, answered: 120)
        story.ended(at: 300)
        var (good, ignored, doubled) = (story, story, story)
        good.ran("work", at: 115, isCanceled: true)
        good.ran("repair", at: 200)
        #expect(try good.findings == [])
        ignored.ran("work", at: 115)
        #expect(try ignored.brokenRules == [.reportsOnce])
        doubled.ran("work", at: 115, isCanceled: true)
        doubled.ran("repair", at: 200)
        doubled.ran("repair", at: 201)
        #expect(try doubled.brokenRules == [.movesOnce])
    }
}
