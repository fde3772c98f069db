import LabChecker
import Testing

@Suite struct `The checker, of instances` {
    @Test func `objects when an acknowledged start is lost`() throws {
        var story = Story.ofOneCompletion
        story.start("k2", at: 10, answered: 20, instance: "i2")
        #expect(try story.brokenRules == [.startsOnce])
    }

    @Test func `objects when one start made two instances`() throws {
        var story = Story.ofOneCompletion
        story.ended("i2", at: 300)
        #expect(try story.brokenRules == [.startsOnce, .movesOnce])
    }

    @Test func `objects to instances that nobody asked for`() throws {
        var story = Story.ofOneCompletion
        story.ended("i2", key: "k2", at: 300, as: "EXTERNALLY_TERMINATED")
        #expect(try story.brokenRules == [.startsOnce, .everythingEnds])
    }

    @Test func `objects when a start that was refused is there`() throws {
        var story = Story.ofOneCompletion
        story.start("k2", at: 10, answered: 20, status: 400)
        story.runs("i2", key: "k2")
        #expect(try story.brokenRules == [.startsOnce, .everythingEnds])
    }

    @Test func `lets a start without an answer have happened or not`() throws {
        var story = Story.ofOneCompletion
        story.start("k2", at: 10, answered: nil)
        #expect(try story.findings == [])
    }

    @Test func `objects when an instance does not end`() throws {
        var story = Story.ofOneTask
        story.runs()
        story.part("external_task", "t1", of: "i1")
        #expect(try story.brokenRules == [.everythingEnds])
    }

    @Test func `objects when an instance ended without its work`() throws {
        var story = Story.ofOneTask
        story.ended(at: 300)
        #expect(try story.brokenRules == [.movesOnce, .historyAgrees])
    }

    @Test func `objects when an instance runs that has ended`() throws {
        var story = Story.ofOneCompletion
        story.runs()
        #expect(try story.brokenRules == [.everythingEnds, .historyAgrees])
    }

    @Test(arguments: ["external_task", "token", "scope", "variable", "incident"])
    func `objects to what an ended instance leaves behind`(table: String) throws {
        var story = Story.ofOneCompletion
        story.part(table, "x1", of: "i1")
        #expect(try story.brokenRules == [.historyAgrees])
    }

    @Test func `objects to an activity after the end of its instance`() throws {
        var story = Story.ofOneCompletion
        story.ran("repair", at: 400)
        #expect(try story.findings.contains { $0.rule == .historyAgrees })
    }

    @Test func `objects to a task that was created twice`() throws {
        var story = Story.ofOneCompletion
        story.log("created", nil, at: 6)
        #expect(try story.brokenRules == [.historyAgrees])
    }
}
