import EngineCore
import EngineStore
import FoundationEssentials
import Postgres

/// A command on its way through a batch, with whoever waits for its outcome.
struct CommandJob: Sendable {
    var request: Request
    /// Of the root; of a start any, because nobody knows its root yet.
    var kin: UInt16
    /// Draws the same identifiers each time the command is decided.
    var seed: UInt64
    /// The bytes of its large values.
    var byteCount = 0
    var arrival = ContinuousClock.now
    /// How often its root was held by another node when its turn came.
    var skips = 0
    var answer: @Sendable (Result<CommandOutcome, any Error>) -> Void

    /// Indirect, because jobs are copied from list to list.
    indirect enum Request: Sendable {
        case start(Start)
        /// A command and the id of the row that it names.
        case command(Command, target: UUID)
    }

    struct Start: Sendable {
        var definition: DefinitionReference
        var businessKey: String?
        var variables: [VariableInput]
        var userID: String?
        /// The start event that was triggered, if one was.
        var startEvent: String?
        /// The signal of another tree that triggered it.
        var signal: SignalID?
    }

    init(
        request: Request,
        kin: UInt16,
        seed: UInt64,
        skips: Int = 0,
        answer: @escaping @Sendable (Result<CommandOutcome, any Error>) -> Void
    ) {
        self.request = request
        self.kin = kin
        self.seed = seed
        self.skips = skips
        self.answer = answer
        byteCount = request.byteCount
    }

    var definition: DefinitionReference? {
        guard case .start(let start) = request else { return nil }
        return start.definition
    }
}

extension CommandJob.Request {
    fileprivate var byteCount: Int {
        switch self {
        case .start(let start): start.variables.byteCount
        case .command(let command, target: _): command.byteCount
        }
    }
}

/// What a command did.
package struct CommandOutcome: Sendable {
    /// The root process instance; of a start, the instance that was made.
    var root: ProcessInstanceID
    var definition: ResolveDefinitions.Row?
    /// Whether the root is gone after the command.
    var isEnded: Bool
    /// The signals that it threw.
    var thrownSignals: [SignalID]
    /// Of the delivery of a message or signal: whether who waited for it is gone after the command.
    var isSubscriberGone: Bool
    /// Of a start: the instance's variables after the command.
    var variables: [VariableInput]
    /// What is counted of it besides its events.
    var report: EngineMeasures.TaskReport?
}
