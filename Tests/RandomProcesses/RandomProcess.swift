package import BPMN
package import EngineCore
package import Expressions
import FoundationEssentials
import OrderedCollections

/// One process instance that runs in memory, and is looked at from all sides after each command.
package struct RandomProcess: Sendable {
    package let definition: ProcessDefinition
    package private(set) var tree = InstanceTree()
    package private(set) var journal = Journal()
    package private(set) var root: ProcessInstanceID?
    package private(set) var moment = Instant(millisecondsSinceEpoch: 1_700_000_000_000)
    /// How many commands were decided, and how many of them were rejected.
    package private(set) var commandCount = 0
    package private(set) var rejectionCount = 0
    private var seed: UInt64

    package static let definitionID = DefinitionID("random:1:test")
    /// No decision of a random process needs more events.
    package static let maximumEvents = 20_000

    package init(_ definition: ProcessDefinition, seed: UInt64) {
        self.definition = definition
        self.seed = seed &* 1_000_003
    }

    /// What went wrong.
    package struct Failure: Error, CustomStringConvertible {
        /// What kind of thing, without any names: a smaller case fails in the same way.
        package var kind: String
        package var description: String

        package init(_ kind: String, _ details: String) {
            self.kind = kind
            description = "\(kind): \(details)"
        }
    }

    /// What came of a command.
    package enum Outcome: Sendable {
        case decided([Event])
        case rejected(Rejection)
    }

    package var isEnded: Bool { journal.endedInstance != nil }

    package mutating func pass(milliseconds: Int64) { moment = moment.advanced(byMilliseconds: milliseconds) }

    private func facts(_ seed: UInt64, hasDefinition: Bool = true) -> Facts {
        Facts(
            moment: moment,
            identifiers: IdentifierSource(seed: seed, kin: 7),
            definitions: hasDefinition ? [Self.definitionID: definition] : [:]
        )
    }
}

// MARK: Carrying out

extension RandomProcess {
    /// Decides the commands of a batch one after the other, as the runner does, and checks everything that can be
    /// checked.
    ///
    /// - Throws: ``Failure``.
    @discardableResult
    package mutating func run(
        _ commands: [Command],
        checking random: inout SeededGenerator
    ) throws(Failure) -> [Outcome] {
        let (before, firstSeed) = (tree, seed)
        var outcomes: [Outcome] = []
        for command in commands {
            seed += 1
            commandCount += 1
            let outcome = try decide(command)
            outcomes.append(outcome)
        }
        for variant in Variant.allCases {
            try decidePartially(commands, from: before, firstSeed, outcomes, variant, &random)
        }
        moment = moment.advanced(byMilliseconds: 10)
        return outcomes
    }

    private mutating func decide(_ command: Command) throws(Failure) -> Outcome {
        let decision: Decision
        do throws(Refusal) {
            decision = try tree.decide(command, given: facts(seed))
        } catch {
            switch error {
            case .rejected(.tooManySteps): throw Failure("a decision has no end", "\(command)")
            case .rejected(let rejection):
                rejectionCount += 1
                return .rejected(rejection)
            case .needs(let need): throw Failure("a whole tree needs something", "\(need) for \(command)")
            }
        }
        try check(decision, of: command)
        tree = decision.tree
        root = root ?? decision.root
        let problems = journal.add(decision.events, tree) + TreeCheck.problems(in: tree, definition)
        guard problems.isEmpty else {
            throw Failure("wrong after a command", "\(command)\n\(problems.joined(separator: "\n"))")
        }
        return .decided(decision.events)
    }

    private func check(_ decision: Decision, of command: Command) throws(Failure) {
        guard decision.events.count <= Self.maximumEvents else {
            throw Failure("a decision is too long", "\(decision.events.count) events of \(command)")
        }
        let again = try? tree.decide(command, given: facts(seed))
        guard again?.events == decision.events else {
            throw Failure("a decision is different the second time", "\(command)")
        }
        var folded = tree
        for event in decision.events { folded.apply(event) }
        let (content, expected) = (TreeContent(folded), TreeContent(decision.tree))
        guard content == expected else {
            throw Failure("the fold is not the tree", "\(command)\n\(content.difference(from: expected))")
        }
        let kept = decision.tree.variables.values.flatMap(\.values).filter(\.isTransient)
        guard kept.isEmpty else {
            throw Failure("what is transient outlives its command", "\(kept.map(\.name)) after \(command)")
        }
    }
}

// MARK: Partial loads

extension RandomProcess {
    private enum Variant: CaseIterable {
        /// What the runner reads.
        case least
        /// More, in random places, without any values.
        case some
        /// Everything, read anew.
        case all
    }

    /// Decides the batch on a tree of which only a part is loaded, and loads what it needs as it was before the batch.
    private func decidePartially(
        _ commands: [Command],
        from before: InstanceTree,
        _ firstSeed: UInt64,
        _ expected: [Outcome],
        _ variant: Variant,
        _ random: inout SeededGenerator
    ) throws(Failure) {
        let hides = variant == .some
        let load = PartialLoad(of: before) { variable in hides || (variable.value?.byteCount ?? 0) > 4096 }
        var partial = InstanceTree()
        let targets = Set(commands.compactMap(\.target))
        switch variant {
        case .least: partial.add(load.rows(targets))
        case .some:
            partial.add(load.rows(targets))
            addMore(load, to: &partial, &random)
        case .all: partial = PartialLoad(of: before).all()
        }
        let known = targets.filter { partial.hasExecution(ExecutionID($0)) }
        for owner in commands.compactMap(\.subscriber) where known.contains(owner.rawValue) {
            partial.add(before.subscriptions[owner] ?? [], of: owner)
        }
        for (index, command) in commands.enumerated() {
            let isKnown = command.target.map { known.contains($0) } ?? true
            var (tree, hasDefinition) = (isKnown ? partial : InstanceTree(), variant != .some)
            var outcome: Outcome?
            for _ in 0..<500 where outcome == nil {
                do throws(Refusal) {
                    let facts = facts(firstSeed + UInt64(index) + 1, hasDefinition: hasDefinition)
                    let decision = try tree.decide(command, given: facts)
                    partial = decision.tree
                    outcome = .decided(decision.events)
                } catch {
                    switch error {
                    case .rejected(let rejection): outcome = .rejected(rejection)
                    case .needs(.definition): hasDefinition = true
                    case .needs(let need): load.load(need, into: &tree)
                    }
                }
            }
            // What was loaded for a command that is rejected stays loaded.
            if isKnown, case .rejected? = outcome { partial = tree }
            guard let outcome else { throw Failure("a decision needs without end", "\(command)") }
            try compare(outcome, with: expected[index], of: command, "\(variant)")
        }
    }

    /// Loads further things in random places.
    private func addMore(_ load: PartialLoad, to tree: inout InstanceTree, _ random: inout SeededGenerator) {
        let all = load.allTargets.sorted { $0.uuidString < $1.uuidString }
        guard !all.isEmpty else { return }
        tree.add(load.rows(Set(all.filter { _ in random.chance(20) })))
        for target in all where random.chance(8) {
            let execution = ExecutionID(target)
            switch load.whole.scopes[execution] {
            case .some: load.load(.subtree(execution), into: &tree)
            case nil where tree.hasExecution(execution): load.load(.subscriptions(execution), into: &tree)
            case nil: break
            }
        }
        if random.chance(20) { load.load(.subscribers(signal: random.pick(RandomModel.signals)), into: &tree) }
    }

    private func compare(
        _ outcome: Outcome,
        with expected: Outcome,
        of command: Command,
        _ variant: String
    ) throws(Failure) {
        switch (outcome, expected) {
        case (.decided(let events), .decided(let others)):
            guard events != others else { return }
            let index = zip(events, others).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? events.count
            let lists = [events, others].map { "\($0.count) events, \($0.dropFirst(index).first as Any)" }
            throw Failure(
                "a partial load decides otherwise",
                "(\(variant)) \(command)\nevent \(index): \(lists[0])\ninstead of \(lists[1])"
            )
        case (.rejected(let rejection), .rejected(let other)):
            guard rejection != other else { return }
            throw Failure(
                "a partial load rejects otherwise",
                "(\(variant)) \(command)\n\(rejection)\ninstead of \(other)"
            )
        case (.rejected(let rejection), .decided):
            throw Failure("a partial load rejects", "(\(variant)) \(command)\n\(rejection)")
        case (.decided, .rejected(let rejection)):
            throw Failure("a partial load does not reject", "(\(variant)) \(command)\n\(rejection)")
        }
    }
}
