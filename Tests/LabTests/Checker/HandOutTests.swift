import LabChecker
import Testing

@Suite struct `The checker, of handing out` {
    @Test(arguments: [Request.Action.complete(task: "t1"), .throwError(task: "t1")])
    func `objects when a task is handed out after its end`(ending: Request.Action) throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", ending, at: 190, answered: 210)
        story.fetch("w2", at: 200, answered: 11_001, locked: 11_000)
        #expect(try story.brokenRules.contains(.overIsOver))
    }

    @Test func `objects when a task is handed out after the deletion of its instance`() throws {
        var story = Story.ofOneTask
        story.say("client", .delete(instance: "i1"), at: 50, answered: 60)
        story.ran("work", at: 55, isCanceled: true)
        story.ran("repair", at: 55)
        story.ended(at: 55, as: "EXTERNALLY_TERMINATED")
        #expect(try story.findings == [])
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        #expect(try story.brokenRules == [.overIsOver])
    }

    @Test func `objects when a retry time is not kept`() throws {
        func story(_ locked: Int64, unlocked: Bool = false) -> Story {
            var story = Story.ofOneTask
            story.fetch("w1", at: 90, answered: 101, locked: 100)
            story.say("w1", .fail(task: "t1", retryMilliseconds: 500), at: 110, answered: 120)
            story.log("failed", "w1", at: 115)
            if unlocked { story.say("w1", .unlock(task: "t1"), at: 130, answered: nil) }
            story.fetch("w2", at: 120, answered: locked + 1, locked: locked)
            story.say("w2", .complete(task: "t1"), at: locked + 10, answered: locked + 20)
            story.completed(by: "w2", at: locked + 15)
            return story
        }
        #expect(try story(700).findings == [])
        #expect(try story(400).brokenRules == [.pausesAreKept])
        // Somebody may have given it back meanwhile.
        #expect(try story(400, unlocked: true).findings == [])
    }

    @Test func `objects when a later task is handed out before one that waits`() throws {
        var story = Story()
        story.start("k1", at: 0, answered: 10, instance: "i1")
        story.start("k2", at: 5_000, answered: 5_010, instance: "i2")
        for (task, created, locked) in [("t1", 5, 9_000), ("t2", 5_005, 5_100)] as [(String, Int64, Int64)] {
            story.log("created", nil, at: created, task: task)
            story.fetch("w1", at: locked - 10, answered: locked + 1, locked: locked, task: task)
            story.say("w1", .complete(task: task), at: locked + 10, answered: locked + 20)
            story.log("successful", "w1", at: locked + 15, task: task)
            story.ran("work", at: locked + 15, task: task)
        }
        story.ended(at: 9_015)
        var disturbed = story
        // i2 is told as part of i1's story: what matters is the line.
        #expect(try story.findings.contains { $0.rule == .inTurn && $0.subject == "t1" })
        disturbed.fault(from: 2_000, to: 3_000)
        #expect(try disturbed.findings.contains { $0.rule == .inTurn } == false)
    }
}
