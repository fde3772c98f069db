import Foundation
import LabChecker

/// Somebody who asks nodes for things, and writes down every request and every answer; blocks.
final class Client {
    let name: String
    private let settings: CrewSettings
    private let record: CrewRecord
    private(set) var dice: Dice
    private var link: Link?
    private var requests = 0

    /// What the last answer with a good status carried.
    private(set) var lastBody = Data()
    /// Whether the node said with its last answer that it closes the connection.
    private var isLast = false

    /// How long an answer may take beyond the time that a poll asks to wait, in milliseconds.
    private static let patience: Int64 = 12_000
    /// The same for the few who want to know how long it takes at most.
    private static let longPatience: Int64 = 100_000
    private static let slowPace = Link.Pace(slice: 40, pauseMilliseconds: 20)

    init(_ name: String, _ settings: CrewSettings, _ record: CrewRecord) {
        self.name = name
        self.settings = settings
        self.record = record
        dice = Dice(seed: settings.seed, "\(settings.life)/\(name)")
    }

    /// Throws dice of its own.
    func throwing<Result>(_ body: (inout Dice) -> Result) -> Result { body(&dice) }

    /// Asks some node, the same as long as it answers.
    ///
    /// - Returns: What came of it; nil when no node could be reached, and nothing was sent.
    func ask(_ action: Request.Action, maxTasks: Int = 1) -> Answer? {
        if self.link?.isClosed ?? false { self.link = nil }
        let link = self.link ?? connect()
        guard let link else { return nil }
        self.link = link
        let isSlow = settings.areSlow && dice.chance(0.05)
        requests += 1
        let request = Request(
            id: "\(settings.life)/\(name)#\(requests)",
            worker: name,
            life: settings.life,
            node: link.address.name,
            sent: .now,
            isSlow: isSlow,
            action: action
        )
        record.write(.request(request))
        let answer = answer(to: request, over: link, maxTasks, isSlow ? Self.slowPace : .plain)
        record.write(.answer(answer))
        // Now and then to another node, as a load balancer would have it.
        if answer.status.map({ $0 >= 500 }) ?? true || isLast || dice.chance(0.02) { self.link = nil }
        return answer
    }

    /// Asks until the answer is clear, a few times, of any node.
    ///
    /// - Returns: The last answer.
    @discardableResult func insist(_ action: Request.Action) -> Answer? {
        var last: Answer?
        for _ in 0..<Self.attempts {
            last = ask(action)
            if let status = last?.status, status < 500 { break }
            usleep(100_000)
        }
        return last
    }

    /// How often a request of unknown outcome is made again.
    private static let attempts = 3

    private func connect() -> Link? {
        for address in settings.nodes.shuffled(using: &dice) {
            if let link = try? Link(to: address) { return link }
        }
        return nil
    }

    private func answer(to request: Request, over link: Link, _ maxTasks: Int, _ pace: Link.Pace) -> Answer {
        var answer = Answer(request: request.id, received: request.sent)
        do {
            var patience = dice.chance(0.1) ? Self.longPatience : Self.patience
            if case .fetch(_, _, let wait) = request.action { patience += wait }
            try link.send(try Wire.bytes(request, maxTasks: maxTasks), pace)
            if settings.areRude, settings.rhythm?.calmLeft() == nil, dice.chance(0.03) { return leave(link, request) }
            let response = try link.receive(within: patience, pace)
            answer.received = .now
            isLast = response.isLast
            answer.status = response.status
            try read(response, of: request.action, into: &answer)
        } catch let loss as Link.Loss {
            answer.received = .now
            answer.problem = loss.rawValue
        } catch {
            answer.received = .now
            answer.status = nil
            answer.problem = "unreadable: \(error)"
        }
        return answer
    }

    private func read(_ response: Link.Response, of action: Request.Action, into answer: inout Answer) throws {
        guard 200..<300 ~= response.status else {
            answer.problem = String(decoding: response.body.prefix(300), as: UTF8.self)
            return
        }
        lastBody = response.body
        switch action {
        case .start: answer.instance = try Wire.instance(in: response.body)
        case .fetch: answer.grants = try Wire.grants(in: response.body)
        case .resetRetries: answer.batch = try Wire.batch(in: response.body)
        case .complete, .fail, .throwError, .extendLock, .unlock, .claim, .completeUserTask, .correlate, .signal,
            .delete,
            .list:
            break
        }
    }

    /// Goes away without reading the answer, some time after asking.
    private func leave(_ link: Link, _ request: Request) -> Answer {
        usleep(UInt32(dice.number(0...200)) * 1000)
        if dice.chance(0.5) { link.resetAtEnd() }
        return Answer(request: request.id, received: .now, problem: "left")
    }
}
