import EngineCore
import RandomProcesses

/// What happens while a command is carried out.
enum Disturbance {
    /// All goes well, but the caller does not hear of it, and asks again.
    case lostAnswer
    /// Two nodes get the command at once.
    case sentTwice
    /// The sessions that the nodes keep have ended when it comes.
    case endedSessions
    /// The lines of the nodes break.
    case cuts([CuttableLine.Cut])
    /// Sessions end at a statement that writes, or at the commit.
    case deaths(after: Int, deaths: Int)

    /// Something that can happen to a command of which it is known how much it says and hears in peace, and how often
    /// it writes.
    static func random(
        _ counts: CuttableLine.Counts,
        _ writes: Int,
        _ numbers: inout SeededGenerator
    ) -> Disturbance {
        // More than the engine tries by itself now and then, so that the caller has to.
        let times = numbers.chance(65) ? 1 : numbers.chance(60) ? 2 : 4 + numbers.below(2)
        switch numbers.below(20) {
        case 0, 1: return .lostAnswer
        case 2, 3: return .sentTwice
        case 9: return .endedSessions
        case 4...8 where writes > 0: return .deaths(after: 1 + numbers.below(writes), deaths: times)
        default:
            return .cuts(
                (0..<times).map { number in
                    switch numbers.below(10) {
                    case 0: return .beforeCommit
                    case 1, 2, 3: return .beforeConfirmation
                    default:
                        let direction = numbers.pick(CuttableLine.Direction.allCases)
                        // A new session begins with a greeting and prepares its statements.
                        let more = number == 0 ? 1 : 6000
                        return .after(bytes: numbers.below(counts[direction, default: 0] + more), direction)
                    }
                }
            )
        }
    }

    var name: String {
        switch self {
        case .lostAnswer: "lost answers"
        case .sentTwice: "sent twice"
        case .endedSessions: "ended sessions"
        case .cuts: "cut lines"
        case .deaths: "dead sessions"
        }
    }
}

extension Command {
    /// Whether it cannot be done a second time, because what it names is gone then.
    var isOnlyOnce: Bool {
        switch self {
        case .completeExternalTask, .throwExternalTaskError, .completeUserTask, .throwUserTaskError, .deleteInstance:
            true
        case .limited(toTopics: _, let command): command.isOnlyOnce
        default: false
        }
    }

    /// Whether doing it a second time comes to the same as doing it once.
    var comesToTheSame: Bool {
        switch self {
        case .suspendInstance, .setExternalTaskPriority: true
        case .changeVariables(_, set: let variables, remove: let names, locally: _):
            names.isEmpty && !variables.contains(where: \.isTransient)
        case .limited(toTopics: _, let command): command.comesToTheSame
        default: false
        }
    }

    /// The same command with locks that do not run out meanwhile.
    var withLongTimes: Command {
        switch self {
        case .lockExternalTask(let id, let worker, milliseconds: _):
            return .lockExternalTask(id, worker: worker, milliseconds: 3_600_000)
        case .extendExternalTaskLock(let id, let worker, milliseconds: _):
            return .extendExternalTaskLock(id, worker: worker, milliseconds: 3_600_000)
        case .failExternalTask(let id, var report):
            if report.retryMilliseconds > 0 { report.retryMilliseconds = 3_600_000 }
            return .failExternalTask(id, report)
        case .limited(toTopics: let topics, let command): return .limited(toTopics: topics, command.withLongTimes)
        default: return self
        }
    }
}
