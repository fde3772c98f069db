import Foundation
import LabChecker

/// Somebody in an office: works on user tasks, sends messages and signals, and mends what has no retries; blocks for ever.
struct Clerk {
    let client: Client
    let settings: CrewSettings

    /// The time between two things that it does, in milliseconds.
    private static let pauseMilliseconds: ClosedRange<Int64> = 50...400
    /// The most that it looks at.
    private static let page = 20

    func work() {
        while true {
            let pause = client.throwing { $0.number(Self.pauseMilliseconds) }
            usleep(UInt32(pause) * 1000)
            switch client.throwing({ $0.number(0...99) }) {
            case ..<45: workOnTask()
            case ..<85: sendMessage()
            case ..<95: client.insist(.signal(name: ErrandModel.signal))
            default: client.insist(.resetRetries)
            }
        }
    }

    /// Claims a task that nobody has and completes it, or completes one that somebody has and may have forgotten.
    private func workOnTask() {
        let path = "/task?processDefinitionKey=\(ErrandModel.key)&maxResults=\(Self.page)"
        guard client.ask(.list(path: path))?.status == 200, let tasks = try? Wire.userTasks(in: client.lastBody),
            !tasks.isEmpty
        else { return }
        let task = client.throwing { $0.pick(tasks) }
        let isOthers = task.assignee.map { $0 != client.name } ?? false
        guard !isOthers || settings.arePolite || client.throwing({ $0.chance(0.3) }) else { return }
        if task.assignee == nil, client.insist(.claim(userTask: task.id))?.status != 204 { return }
        client.insist(.completeUserTask(userTask: task.id))
    }

    private func sendMessage() {
        let message = client.throwing { $0.pick(ErrandModel.messages) }
        let path = "/event-subscription?eventType=message&eventName=\(message)&maxResults=\(Self.page)"
        guard client.ask(.list(path: path))?.status == 200, let instances = try? Wire.waiting(in: client.lastBody),
            !instances.isEmpty
        else { return }
        client.insist(.correlate(message: message, instance: client.throwing { $0.pick(instances) }))
    }
}
