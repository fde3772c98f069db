import EngineCore
import EngineStore
import Expressions
import FoundationEssentials
import Postgres
import RandomProcesses

@testable import EngineRuntime

/// A random case that runs twice on real nodes: once in peace, and once more on two nodes in turn while sessions die,
/// lines break and answers are lost.
///
/// After each command both must have come to the same.
struct DisturbedProcess {
    typealias Failure = RandomProcess.Failure

    let random: RandomCase
    let definition: DeployedDefinition
    let nodes: [CommandNode]
    /// Looks at what is stored, by a line of its own.
    let session: Session
    private(set) var statistics = RandomCase.Statistics()
    /// What the commands did in peace.
    private var calm: [CalmCommand] = []

    /// A command that nothing disturbed.
    private struct CalmCommand {
        var answer: String
        var rows: StoredRows
        /// What went over the line, and what was counted by the trap.
        var counts: CuttableLine.Counts
        var writes: Int
    }

    /// One of the two instances.
    private struct Instance {
        var root: ProcessInstanceID?
        var rows = StoredRows()
        var commands = 0
        /// Of the other instance of the definition.
        var other: ProcessInstanceID?
    }

    init(_ random: RandomCase, of definition: DeployedDefinition, on nodes: [CommandNode], session: Session) {
        self.random = random
        self.definition = definition
        self.nodes = nodes
        self.session = session
    }

    /// - Throws: ``Failure``.
    mutating func run() async throws {
        var first = Instance()
        try await drive(&first) { try await $0.carryOutInPeace($1, of: &$2) }
        var second = Instance(other: first.root)
        try await drive(&second) { try await $0.carryOutDisturbed($1, of: &$2) }
        guard second.commands == first.commands else {
            throw Failure("there is something else to do", "\(second.commands) instead of \(first.commands) commands")
        }
        let roots = try await roots()
        guard roots == Set([first.root, second.root].compactMap(\.self)) else {
            throw Failure("an instance is left", "\(roots)")
        }
        statistics.ends[first.root == nil ? "not started" : "ended", default: 0] += 1
    }

    private mutating func drive(
        _ instance: inout Instance,
        _ carryOut: (inout DisturbedProcess, Command, inout Instance) async throws -> Void
    ) async throws {
        try await carryOut(&self, .startInstance(random.startCommand(definition.id)), &instance)
        guard let root = instance.root else { return }
        for step in random.steps {
            let tree = try await StoredProcess.load(root, from: session)
            guard !tree.scopes.isEmpty else { return }
            for command in step.commands(for: tree, root: root) {
                try await carryOut(&self, command.withLongTimes, &instance)
            }
        }
        guard try await !StoredProcess.load(root, from: session).scopes.isEmpty else { return }
        try await carryOut(&self, .deleteInstance(root, reason: nil, skipMappings: true), &instance)
    }

    private func job(_ command: Command, _ instance: inout Instance) -> CommandJob {
        instance.commands += 1
        return CommandJob(
            request: StoredProcess.request(command),
            kin: UInt16(truncatingIfNeeded: random.seed),
            seed: random.seed &* 1_000_003 &+ UInt64(instance.commands),
            answer: { _ in }
        )
    }
}

// MARK: In peace

extension DisturbedProcess {
    private mutating func carryOutInPeace(_ command: Command, of instance: inout Instance) async throws {
        let node = nodes[0]
        node.line.expect([])
        try await DeathTrap.disarm(by: session)
        let outcome = await node.carryOut(job(command, &instance))
        if case .success(let outcome) = outcome { instance.root = instance.root ?? outcome.root }
        guard let answer = Self.answer(outcome) else { throw Failure("an error in peace", "\(command)\n\(outcome)") }
        let (counts, writes) = (node.line.counts, try await DeathTrap.count(by: session))
        instance.rows = try await rows(of: instance)
        calm.append(CalmCommand(answer: answer, rows: instance.rows, counts: counts, writes: writes))
        statistics.commands += 1
        if case .failure = outcome { statistics.rejections += 1 }
    }

    private func rows(of instance: Instance) async throws -> StoredRows {
        guard let root = instance.root else { return StoredRows() }
        return try await StoredRows(of: root, from: session)
    }

    /// The roots of all instances that there ever were.
    private func roots() async throws -> Set<ProcessInstanceID> {
        var query = DynamicQuery("Roots")
        query.append("select id from process_instance where definition_id = ", definition.id.rawValue)
        query.append(" union select id from history_process_instance where definition_id = ", definition.id.rawValue)
        return Set(try await session.run(query, rows: RowDecoder { (id: UUID) in ProcessInstanceID(id) }))
    }

    /// What is answered, without what only tells when; nil when it does not say what became of the command.
    private static func answer(_ outcome: Result<CommandOutcome, any Error>) -> String? {
        switch outcome {
        case .success(let outcome):
            return """
                done, ended: \(outcome.isEnded), gone: \(outcome.isSubscriberGone), \
                signals: \(outcome.thrownSignals.count), \(outcome.variables)
                """
        case .failure(let error):
            guard let rejection = error as? Rejection else { return nil }
            // Every identifier begins with its moment.
            return "\(rejection)".replacing(/[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/) { $0.1 }
        }
    }
}

// MARK: Disturbed

extension DisturbedProcess {
    /// The most often that a caller asks.
    private static let maximumAttempts = 8

    private mutating func carryOutDisturbed(_ command: Command, of instance: inout Instance) async throws {
        let number = instance.commands
        guard number < calm.count else { throw Failure("there is something else to do", "\(command)") }
        let expected = calm[number]
        let before = instance.rows
        var numbers = SeededGenerator(seed: random.seed &* 31 &+ UInt64(number))
        let job = job(command, &instance)
        let disturbance = Disturbance.random(expected.counts, expected.writes, &numbers)
        statistics.ends[disturbance.name, default: 0] += 1
        if case .sentTwice = disturbance, command.isOnlyOnce {
            return try await sendTwice(command, job, expected, &instance)
        }
        try await begin(disturbance)
        // Whoever does not hear what became of a command asks the other node.
        for attempt in 1...Self.maximumAttempts {
            let outcome = await nodes[(number + attempt) % nodes.count].carryOut(job)
            try await find(&instance)
            instance.rows = try await rows(of: instance)
            if let answer = Self.answer(outcome) {
                try await end(disturbance)
                try compare(answer, instance.rows, with: expected, command, disturbance)
                break
            }
            statistics.ends["failed", default: 0] += 1
            if instance.rows == before, attempt < Self.maximumAttempts { continue }
            try await end(disturbance)
            guard case .failure(Overload.outcomeUnknown) = outcome, instance.rows == expected.rows else {
                throw Failure("what is said to be undone is done", "\(command)\n\(outcome) after \(disturbance)")
            }
            statistics.ends["outcome unknown", default: 0] += 1
            break
        }
        guard case .lostAnswer = disturbance else { return }
        try await repeatLost(command, job, on: nodes[number % nodes.count], &instance)
    }

    private func begin(_ disturbance: Disturbance) async throws {
        switch disturbance {
        case .lostAnswer, .sentTwice: break
        case .endedSessions: try await CommandNode.endSessions(by: session)
        case .cuts(let cuts): for node in nodes { node.line.expect(cuts) }
        case .deaths(let count, let deaths): try await DeathTrap.arm(after: count, deaths: deaths, by: session)
        }
    }

    private func end(_ disturbance: Disturbance) async throws {
        for node in nodes { node.line.expect([]) }
        if case .deaths = disturbance { try await DeathTrap.disarm(by: session) }
    }

    /// Finds the instance of a start whose answer nobody heard.
    private func find(_ instance: inout Instance) async throws {
        guard instance.root == nil else { return }
        let roots = try await roots().filter { $0 != instance.other }
        guard roots.count <= 1 else { throw Failure("a start is done twice", "\(roots)") }
        instance.root = roots.first
    }

    private func compare(
        _ answer: String,
        _ rows: StoredRows,
        with expected: CalmCommand,
        _ command: Command,
        _ disturbance: Disturbance
    ) throws {
        guard answer == expected.answer else {
            throw Failure(
                "a disturbance changes the answer",
                "\(command)\n\(answer)\ninstead of \(expected.answer) after \(disturbance)"
            )
        }
        guard rows == expected.rows else {
            throw Failure(
                "a disturbance changes what is stored",
                "\(command) after \(disturbance)\n\(rows.difference(from: expected.rows))"
            )
        }
    }

    /// Both nodes get the command at once: one of them does it.
    private func sendTwice(
        _ command: Command,
        _ job: CommandJob,
        _ expected: CalmCommand,
        _ instance: inout Instance
    ) async throws {
        async let first = nodes[0].carryOut(job)
        async let second = nodes[1].carryOut(job)
        let answers = await [first, second]
        let isRefused = answers.map { if case .failure(is Rejection) = $0 { true } else { false } }
        // What is done is done once; what is refused is refused to both.
        let places = answers.indices.filter { Self.answer(answers[$0]) == expected.answer }
        let isRight = places.count == 2 ? isRefused[0] : places.count == 1 && isRefused[1 - places[0]]
        guard isRight else {
            throw Failure("two nodes answer otherwise", "\(command)\n\(answers)\ninstead of \(expected.answer)")
        }
        instance.rows = try await rows(of: instance)
        try compare(expected.answer, instance.rows, with: expected, command, .sentTwice)
    }

    /// A caller who did not hear the answer asks another node again.
    private func repeatLost(
        _ command: Command,
        _ job: CommandJob,
        on node: CommandNode,
        _ instance: inout Instance
    ) async throws {
        guard let root = instance.root, command.isOnlyOnce || command.comesToTheSame else { return }
        let outcome = await node.carryOut(job)
        if command.isOnlyOnce, case .success = outcome {
            throw Failure("a command is done twice", "\(command)")
        }
        let rows = try await StoredRows(of: root, from: session)
        guard rows == instance.rows else {
            throw Failure(
                "a command that is repeated does something",
                "\(command)\n\(rows.difference(from: instance.rows))"
            )
        }
    }
}
