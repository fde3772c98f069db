import Foundation
import LabChecker

/// A worker: fetches tasks and does with them what workers do, the wrong things included; blocks for ever.
struct Worker {
    let client: Client
    let settings: CrewSettings

    /// How often a request of unknown outcome is made again.
    private static let attempts = 3
    private static let retryMilliseconds: ClosedRange<Int64> = 0...1_000

    func work() {
        while true {
            let lock = client.throwing { $0.number(CrewSettings.lockMilliseconds) }
            let wait = client.throwing { $0.number(CrewSettings.waitMilliseconds) }
            let maxTasks = client.throwing { Int($0.number(1...Int64(CrewSettings.mostTasks))) }
            let topics = client.throwing { $0.chance(0.3) ? [$0.pick(LabModel.topics)] : LabModel.topics }
            let fetch = Request.Action.fetch(topics: topics, lockMilliseconds: lock, waitMilliseconds: wait)
            guard let answer = client.ask(fetch, maxTasks: maxTasks), answer.status == 200 else {
                // Who is refused waits a little.
                sleep(100)
                continue
            }
            for grant in answer.grants ?? [] { handle(grant, lockedFor: lock) }
        }
    }

    private func handle(_ grant: Answer.Grant, lockedFor lock: Int64) {
        let effort = client.throwing { $0.number(0...60) }
        sleep(effort)
        let mood = settings.arePolite ? 1 : client.throwing { Double.random(in: 0..<1, using: &$0) }
        switch mood {
        case ..<0.03: break  // forgets the task
        case ..<0.06:
            // Works on after the lock has run out, and believes that it still holds it.
            sleep(lock + client.throwing { $0.number(0...1_000) })
            insist(.complete(task: grant.task))
        case ..<0.14:
            insist(.extendLock(task: grant.task, milliseconds: client.throwing { $0.number(1_000...5_000) }))
            sleep(lock / 2)
            insist(.complete(task: grant.task))
        case ..<0.20:
            let retry = client.throwing { $0.number(Self.retryMilliseconds) }
            _ = client.ask(.fail(task: grant.task, retryMilliseconds: retry))
        case ..<0.23: _ = client.ask(.unlock(task: grant.task))
        case ..<0.50 where grant.activity == LabModel.fragile: insist(.throwError(task: grant.task))
        default: insist(.complete(task: grant.task))
        }
    }

    /// Asks until the answer is clear, a few times, of any node.
    private func insist(_ action: Request.Action) {
        for _ in 0..<Self.attempts {
            if let status = client.ask(action)?.status, status < 500 { return }
            sleep(100)
        }
    }

    private func sleep(_ milliseconds: Int64) { usleep(UInt32(milliseconds) * 1000) }
}
