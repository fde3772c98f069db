import LabChecker
import Testing

@Suite struct `The checker, of user tasks, batches and deletions` {
    private static let complete = Request.Action.completeUserTask(userTask: "u1")

    // MARK: User tasks

    @Test func `has nothing against one who claims and completes`() throws {
        var story = Story.ofOneCompletion
        story.say("clerk", .claim(userTask: "u1"), at: 110, answered: 120)
        story.say("clerk", Self.complete, at: 130, answered: 140)
        story.userTaskEnded(assignee: "clerk")
        #expect(try story.findings == [])
    }

    @Test func `objects when two claim a task`() throws {
        var story = Story.ofOneCompletion
        story.say("clerk", .claim(userTask: "u1"), at: 110, answered: 120)
        story.say("other", .claim(userTask: "u1"), at: 111, answered: 121)
        #expect(try story.brokenRules == [.userTasksOnce])
    }

    @Test func `objects when a claim is lost`() throws {
        var story = Story.ofOneCompletion
        story.say("clerk", .claim(userTask: "u1"), at: 110, answered: 120)
        story.userTaskEnded(assignee: nil, as: "deleted")
        #expect(try story.brokenRules == [.userTasksOnce])
    }

    @Test func `objects when a completion is lost, doubled or nobody's`() throws {
        var lost = Story.ofOneCompletion
        lost.say("clerk", Self.complete, at: 130, answered: 140)
        #expect(try lost.brokenRules == [.userTasksOnce])
        var doubled = Story.ofOneCompletion
        doubled.say("clerk", Self.complete, at: 130, answered: 140)
        doubled.say("other", Self.complete, at: 131, answered: 141)
        #expect(try doubled.brokenRules == [.userTasksOnce])
        var nobodys = Story.ofOneCompletion
        nobodys.userTaskEnded(assignee: nil)
        #expect(try nobodys.brokenRules == [.userTasksOnce])
    }

    // MARK: Batches

    @Test func `wants an acknowledged batch to be carried out`() throws {
        var story = Story.ofOneCompletion
        story.askForBatch("b1", at: 100)
        #expect(try story.brokenRules == [.batchesOnce])
        var (good, given, open, lost, wrong, twice) = (story, story, story, story, story, story)
        good.batch("b1")
        #expect(try good.findings == [])
        // Jobs that failed three times stay, and the batch with them.
        given.batch("b1", isOver: false, failed: 2)
        #expect(try given.findings == [])
        open.batch("b1", isOver: false, open: 1)
        #expect(try open.brokenRules == [.batchesOnce])
        lost.batch("b1", isOver: false)
        #expect(try lost.brokenRules == [.batchesOnce])
        wrong.batch("b1", jobs: 2)
        #expect(try wrong.brokenRules == [.batchesOnce])
        twice.batch("b1")
        twice.batch("b1")
        #expect(try twice.brokenRules == [.batchesOnce])
    }

    @Test(arguments: [1, 2])
    func `lets a call in doubt make one batch`(made: Int) throws {
        var story = Story.ofOneCompletion
        story.askForBatch(nil, at: 100)
        for number in 0..<made { story.batch("b\(number)") }
        #expect(try story.brokenRules == (made == 1 ? [] : [.batchesOnce]))
    }

    // MARK: Incidents

    @Test(arguments: [0, 1, 2])
    func `wants one incident for each failure without retries`(incidents: Int) throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .fail(task: "t1", retryMilliseconds: 0, retries: 0), at: 110, answered: 120)
        story.log("failed", "w1", at: 115)
        for number in 0..<incidents { story.incident("incident \(number)") }
        story.fetch("w2", at: 120, answered: 20_001, locked: 20_000)
        story.say("w2", .complete(task: "t1"), at: 20_010, answered: 20_020)
        story.completed(by: "w2", at: 20_015)
        #expect(try story.brokenRules == (incidents == 1 ? [] : [.reportsOnce]))
    }

    // MARK: Deletions

    @Test func `wants an acknowledged deletion to show, once`() throws {
        var kept = Story.ofOneCompletion
        kept.say("client", .delete(instance: "i1"), at: 150, answered: 160)
        #expect(try kept.brokenRules.contains(.everythingEnds))
        var twice = Story.ofOneTask
        twice.ran("work", at: 55, isCanceled: true)
        twice.say("client", .delete(instance: "i1"), at: 50, answered: 60)
        twice.ended(at: 55, as: "EXTERNALLY_TERMINATED")
        #expect(try twice.findings == [])
        twice.say("client", .delete(instance: "i1"), at: 70, answered: 80)
        #expect(try twice.brokenRules == [.everythingEnds])
    }

    @Test func `has nothing against refusing a holder whose instance may be deleted`() throws {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("client", .delete(instance: "i1"), at: 120, answered: nil)
        story.say("w1", .complete(task: "t1"), at: 150, answered: 160, status: 404)
        story.ran("work", at: 140, isCanceled: true)
        story.ended(at: 140, as: "EXTERNALLY_TERMINATED")
        #expect(try story.findings == [])
    }

    // MARK: Nodes that end

    @Test func `objects when a node that is asked to end breaks a request`() throws {
        func story(stopped: Range<Int64>, killed: Range<Int64>? = nil) -> Story {
            var story = Story.ofOneCompletion
            story.fault("stop", from: stopped.lowerBound, to: stopped.upperBound)
            if let killed { story.fault(from: killed.lowerBound, to: killed.upperBound) }
            story.say("clerk", .signal(name: "x"), at: 20_000, answered: nil)
            return story
        }
        #expect(try story(stopped: 19_000..<21_000).brokenRules == [.farewellsAreKind])
        #expect(try story(stopped: 10_000..<12_000).findings == [])
        // Something else may have broken it.
        #expect(try story(stopped: 19_000..<21_000, killed: 16_000..<17_000).findings == [])
    }

    // MARK: Time

    @Test func `objects to a call that hangs`() throws {
        func story(_ answered: Int64, stormy: Bool) -> Story {
            var story = Story.ofOneCompletion
            if stormy { story.fault(from: 0, to: 100_000) }
            story.say("client", .signal(name: "x"), at: 1_000, answered: 1_000 + answered, status: 503)
            return story
        }
        #expect(try story(7_900, stormy: false).findings == [])
        #expect(try story(8_100, stormy: false).brokenRules == [.answersInTime])
        #expect(try story(59_000, stormy: true).findings == [])
        #expect(try story(61_000, stormy: true).brokenRules == [.answersInTime])
    }
}
