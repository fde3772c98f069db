import Foundation
import LabChecker

/// A worker: fetches tasks and does with them what workers do, the wrong things included; blocks for ever.
struct Worker {
    let client: Client
    let settings: CrewSettings

    private static let retryMilliseconds: ClosedRange<Int64> = 0...1_000

    func work() {
        while true {
            let lock = client.throwing { $0.number(CrewSettings.lockMilliseconds) }
            let wait = client.throwing { $0.number(CrewSettings.waitMilliseconds) }
            let maxTasks = client.throwing { Int($0.number(1...Int64(CrewSettings.mostTasks))) }
            let topics = client.throwing { $0.chance(0.3) ? [$0.pick(LabModels.topics)] : LabModels.topics }
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
            client.insist(.complete(task: grant.task))
        case ..<0.14:
            client.insist(.extendLock(task: grant.task, milliseconds: client.throwing { $0.number(1_000...5_000) }))
            sleep(lock / 2)
            client.insist(.complete(task: grant.task))
        case ..<0.20:
            let retry = client.throwing { $0.number(Self.retryMilliseconds) }
            let retries = client.throwing { $0.chance(0.2) ? 0 : 3 }
            _ = client.ask(.fail(task: grant.task, retryMilliseconds: retry, retries: retries))
        case ..<0.23: _ = client.ask(.unlock(task: grant.task))
        case ..<0.235: client.insist(.delete(instance: grant.instance))
        case ..<0.30 where settings.areStormy: storm(grant)
        case ..<0.50 where grant.activity == LabModel.fragile: client.insist(.throwError(task: grant.task))
        default: client.insist(.complete(task: grant.task))
        }
    }

    /// Changes its mind about a lock many times, and gives it back in the end or keeps it.
    private func storm(_ grant: Answer.Grant) {
        for _ in 0..<Self.changes {
            let milliseconds = client.throwing { $0.number(1_000...5_000) }
            _ = client.ask(.extendLock(task: grant.task, milliseconds: milliseconds))
        }
        for _ in 0..<client.throwing({ $0.number(0...Self.returns) }) { _ = client.ask(.unlock(task: grant.task)) }
        client.insist(.complete(task: grant.task))
    }

    private static let changes = 20
    private static let returns: Int64 = 3

    private func sleep(_ milliseconds: Int64) { usleep(UInt32(milliseconds) * 1000) }
}
