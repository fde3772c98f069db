import LabChecker
import Testing

@Suite struct `The checker, of messages and signals` {
    private static let paid = Request.Action.correlate(message: "paid", instance: "i1")

    @Test func `wants an acknowledged message to move its instance once`() throws {
        var story = Story.ofOneCompletion
        story.say("clerk", Self.paid, at: 110, answered: 120)
        #expect(try story.brokenRules == [.deliveredOnce])
        story.ran("paid", at: 115)
        #expect(try story.findings == [])
        var again = story
        again.say("clerk", Self.paid, at: 130, answered: 140)
        #expect(try again.brokenRules == [.deliveredOnce])
        story.ran("refused", at: 116)
        #expect(try story.brokenRules == [.deliveredOnce])
    }

    @Test func `objects to a message that nobody sent`() throws {
        var story = Story.ofOneCompletion
        story.ran("paid", at: 115)
        #expect(try story.brokenRules == [.deliveredOnce])
        story.say("clerk", Self.paid, at: 110, answered: nil)
        #expect(try story.findings == [])
    }

    @Test func `objects when a signal does not reach an instance that waits`() throws {
        // i1 waits at heard as soon as its task is completed, at 210 at the latest.
        func story(sent: Int64, heard: Int64?) -> Story {
            var story = Story.ofOneCompletion
            story.say("clerk", .signal(name: "heard"), at: sent, answered: sent + 20)
            if let heard {
                story.say("clerk", .signal(name: "heard"), at: heard - 5, answered: nil)
                story.ran("heard", at: heard)
            }
            return story
        }
        #expect(try story(sent: 150, heard: 400).findings.filter { $0.rule != .historyAgrees } == [])
        #expect(try story(sent: 250, heard: 260).findings.filter { $0.rule != .historyAgrees } == [])
        #expect(try story(sent: 250, heard: 400).brokenRules.contains(.deliveredOnce))
        #expect(try story(sent: 250, heard: nil).brokenRules == [.deliveredOnce])
    }

    @Test func `excuses an instance that was deleted`() throws {
        var story = Story.ofOneCompletion
        story.say("client", .delete(instance: "i1"), at: 240, answered: nil)
        story.say("clerk", .signal(name: "heard"), at: 250, answered: 270)
        #expect(try story.findings == [])
    }

    @Test func `objects to going on without a signal`() throws {
        var story = Story.ofOneCompletion
        story.ran("heard", at: 115)
        #expect(try story.brokenRules == [.deliveredOnce])
    }

    @Test(arguments: [0, 1, 2])
    func `wants each signal of a process to start another one once`(started: Int) throws {
        var story = Story.ofOneCompletion
        story.ran("ring", at: 150)
        for number in 0..<started { story.ended("echo \(number)", of: "echo", key: nil, at: 300) }
        #expect(try story.brokenRules == (started == 1 ? [] : [.deliveredOnce]))
        // Whoever dies meanwhile.
        story.fault(from: 140, to: 160)
        #expect(try story.brokenRules == (started == 1 ? [] : [.deliveredOnce]))
    }
}
