/// A contradiction between what was promised and what the record shows.
package struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// What is promised.
    package enum Rule: String, Sendable, CaseIterable {
        case oneHolder = "no two workers hold one task at once"
        case holderIsHeard = "whoever holds a task is not refused"
        case overIsOver = "nothing is handed out after its end"
        case pausesAreKept = "nothing is handed out before its retry time"
        case startsOnce = "every acknowledged start is there exactly once"
        case completesOnce = "every acknowledged completion is there exactly once"
        case reportsOnce = "every acknowledged failure and BPMN error is there exactly once"
        case variablesOnce = "what an acknowledged call wrote is there once, and nothing that nobody wrote"
        case userTasksOnce = "a user task is claimed by one, and completed once"
        case deliveredOnce = "messages and signals reach who waits, once"
        case batchesOnce = "every acknowledged batch is there once, and carried out to its end"
        case everythingEnds = "every started instance ends, as it should"
        case movesOnce = "every instance went the way of its model, each step once"
        case nothingWaits = "no free task waits beside a waiting poll longer than the safety check"
        case locksRunOut = "no lock outlives its expiry beside a waiting poll longer than the safety check"
        case inTurn = "nothing that comes later is handed out while something waits"
        case answersInTime = "every call is answered in bounded time"
        case farewellsAreKind = "a node that is asked to end breaks no request"
        case historyAgrees = "history and runtime agree"
    }

    package var rule: Rule
    /// The task, instance or business key that it is about.
    package var subject: String
    package var text: String

    package init(_ rule: Rule, _ subject: String, _ text: String) {
        self.rule = rule
        self.subject = subject
        self.text = text
    }

    package var description: String { "\(subject): \(text)" }
}
