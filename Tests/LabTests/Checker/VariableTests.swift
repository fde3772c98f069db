import LabChecker
import Testing

@Suite struct `The checker, of variables` {
    private static let name = Request.Action.complete(task: "t1").ownVariable ?? ""

    /// A completion that was acknowledged, and its id.
    private var completion: (story: Story, id: String) {
        var story = Story.ofOneTask
        story.tellsOfVariables = true
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .complete(task: "t1"), at: 190, answered: 210)
        let id = story.lastRequest
        story.completed(by: "w1", at: 200)
        story.variable("of start", "client#1")
        story.variable(Rows.lastVariable, id)
        return (story, id)
    }

    @Test func `wants what an acknowledged completion wrote, once`() throws {
        var (story, id) = completion
        #expect(try story.brokenRules == [.variablesOnce])
        story.variable(Self.name, id)
        #expect(try story.findings == [])
        story.variable(Self.name, id)
        #expect(try story.brokenRules == [.variablesOnce])
    }

    @Test(arguments: ["w9#99", nil])
    func `objects to a value that nobody wrote`(value: String?) throws {
        var (story, _) = completion
        story.variable(Self.name, value)
        #expect(try story.brokenRules == [.variablesOnce])
    }

    @Test func `objects to the value of a completion that was refused`() throws {
        var (story, _) = completion
        story.say("w2", .complete(task: "t1"), at: 150, answered: 160, status: 400)
        story.variable(Self.name, story.lastRequest)
        #expect(try story.brokenRules == [.variablesOnce])
    }

    @Test func `objects when the value is that of another completion than the acknowledged one`() throws {
        var (story, _) = completion
        story.say("w2", .complete(task: "t1"), at: 150, answered: nil)
        story.variable(Self.name, story.lastRequest)
        #expect(try story.brokenRules == [.variablesOnce])
    }

    @Test func `objects when a later write is lost`() throws {
        var story = Story.ofOneTask
        story.tellsOfVariables = true
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .complete(task: "t1"), at: 190, answered: 210)
        story.variable(Self.name, story.lastRequest)
        story.completed(by: "w1", at: 200)
        story.variable("of start", "client#1")
        // The start's value came back after the completion had overwritten it.
        story.variable(Rows.lastVariable, "client#1")
        #expect(try story.brokenRules == [.variablesOnce])
    }
}
