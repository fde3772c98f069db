/// A process that nobody drew, made of blocks so that it is always valid and can be made smaller.
package struct RandomModel: Sendable {
    package var main: Block
    /// Start events beside the plain one.
    package var triggeredStarts: [TriggeredStart]

    package struct TriggeredStart: Sendable {
        package var id: String
        package var trigger: Trigger
    }

    /// A part of a process with one way in; what leaves it goes on to the next part.
    package indirect enum Block: Sendable {
        case sequence([Block])
        case activity(Activity)
        case catching(id: String, Trigger)
        case throwing(id: String, signal: Int)
        /// Conditions of the branches; the last branch has none and is the default.
        case exclusive(id: String, [Branch], isExhaustive: Bool)
        /// A parallel split; joined again or not.
        case parallel(id: String, [Block], isJoined: Bool)
        /// A task that is left over several flows, some with conditions.
        case forkingTask(id: String, [Branch], isJoined: Bool)
        case eventBased(id: String, [Catch])
        /// Done again as long as `again` is true; begins with somebody's work.
        case loop(id: String, work: Activity, Block)
        /// Done a few times without waiting.
        case counted(id: String, Block, times: Int)
        case end(id: String, End)
    }

    package struct Branch: Sendable {
        package var condition: String?
        package var block: Block
    }

    package struct Catch: Sendable {
        package var id: String
        package var trigger: Trigger
        package var block: Block
    }

    package struct Activity: Sendable {
        package var id: String
        package var kind: Kind
        package var multiInstance: MultiInstance?
        package var inputs: [Mapping] = []
        package var outputs: [Mapping] = []
        package var boundaries: [Boundary] = []

        package indirect enum Kind: Sendable {
            case external(topic: String, priority: String?, failsIf: String?)
            case user(attributes: String)
            /// Nil waits for a call.
            case receive(message: Int?)
            case passThrough
            case subProcess(Block, endsImplicitly: Bool)
        }
    }

    package struct MultiInstance: Sendable {
        package var isSequential: Bool
        package var cardinality: String?
        /// As the attributes are written.
        package var collection: String?
        package var completionCondition: String?
    }

    package struct Mapping: Sendable {
        package var name: String
        /// What stands inside the parameter.
        package var content: String
    }

    package struct Boundary: Sendable {
        package var id: String
        package var kind: Kind
        package var block: Block
        /// Whether its path goes on where the activity goes on.
        package var merges: Bool

        package enum Kind: Sendable {
            /// `attributes`: where code and message are kept.
            case error(code: String?, attributes: String)
            case trigger(Trigger, isInterrupting: Bool)
        }
    }

    package enum Trigger: Sendable, Hashable {
        case message(Int)
        case signal(Int)
    }

    package enum End: Sendable {
        case none(inputs: [Mapping])
        case terminate
        case error(code: String)
        case signal(Int)
    }

    /// The names of the messages, by number; the last one is an expression.
    package static let messages = ["m0", "m1", "m2", "m-${a % 3}"]
    package static let signals = ["s0", "s1", "s2", "s3"]
    /// Codes of errors that are thrown, and of those that are caught.
    package static let codes = ["E0", "E1", "E2"]
    package static let topics = ["t0", "t1", "t2"]
}
