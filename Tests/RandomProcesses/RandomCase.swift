package import BPMN
package import EngineCore

/// A model and what is done to an instance of it: everything that a failure needs to happen again.
package struct RandomCase: Sendable {
    package var seed: UInt64
    package var model: RandomModel
    package var start: Start
    /// What is done, and how many of the next ones belong to the same batch.
    package var steps: [RandomStep]

    package struct Start: Sendable {
        /// Picks a start event.
        package var pick: Int
        package var variables: [VariableInput]
    }

    /// Makes up a model and what is done to it.
    package init(seed: UInt64) {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        model = RandomModel.random(using: &random)
        var variables = RandomStep.saneInputs(&random)
        if random.chance(30) { variables += RandomStep.inputs(&random) }
        start = Start(pick: random.below(6), variables: variables)
        steps = (0..<(2 + random.below(18))).map { _ in RandomStep.random(using: &random) }
    }

    /// How much came of a case.
    package struct Statistics: Sendable {
        package var commands = 0
        /// Of them the ones before the instance was driven to its end.
        package var steps = 0
        package var rejections = 0
        /// Ended by themselves, by deletion, or stuck at a join.
        package var ends: [String: Int] = [:]

        package init() {}
    }
}

// MARK: Running

extension RandomCase {
    /// The process, read from its XML.
    ///
    /// - Throws: ``RandomProcess/Failure`` when the model is not valid.
    package func definition() throws(RandomProcess.Failure) -> ProcessDefinition {
        do throws(ModelRejection) {
            let definitions = try BPMNReader.read(Array(model.xml(key: "random").utf8), resourceName: "random.bpmn")
            if let definition = definitions.first { return definition }
        } catch {
            throw RandomProcess.Failure("the model is invalid", "\(error)")
        }
        throw RandomProcess.Failure("the model is invalid", "no process")
    }

    /// Runs the case in memory, checks everything after every command, and drives the instance to its end.
    @discardableResult
    package func run() throws(RandomProcess.Failure) -> Statistics {
        var process = RandomProcess(try definition(), seed: seed)
        var random = SeededGenerator(seed: seed &+ 77)
        try process.run([.startInstance(startCommand(RandomProcess.definitionID))], checking: &random)
        var left = steps[...]
        while let root = process.root, !process.isEnded, let step = left.popFirst() {
            if case .wait(let milliseconds) = step.action { process.pass(milliseconds: milliseconds) }
            var commands = step.commands(for: process.tree, root: root)
            while random.chance(25), let next = left.popFirst() {
                commands += next.commands(for: process.tree, root: root)
            }
            try process.run(commands, checking: &random)
        }
        var statistics = Statistics()
        statistics.steps = process.commandCount
        let end = process.root == nil ? "not started" : process.isEnded ? "ended early" : try process.drive(&random)
        statistics.commands = process.commandCount
        statistics.rejections = process.rejectionCount
        statistics.ends[end, default: 0] += 1
        return statistics
    }

    /// Whether so much happens in the instance that a slow look at it is worth while.
    package var isEventful: Bool {
        do {
            return try run().steps >= 8
        } catch {
            // Wrong in memory already: worth any look.
            return true
        }
    }

    /// How the instance begins.
    package func startCommand(_ definition: DefinitionID) -> StartInstance {
        let events = [nil, nil, nil] + model.triggeredStarts.map(\.id)
        return StartInstance(
            definition: definition,
            businessKey: "case \(seed)",
            variables: start.variables,
            startEvent: events[start.pick % events.count]
        )
    }
}

// MARK: What a failure says

extension RandomCase: CustomStringConvertible {
    package var description: String {
        let steps = steps.enumerated().map { "  \($0): \($1)" }.joined(separator: "\n")
        return """
            seed \(seed)
            start \(start.pick), variables \(RandomStep.text(start.variables))
            \(steps)
            \(model.xml(key: "random"))
            """
    }
}

extension RandomCase {
    /// The smallest case found that fails in the same way, after at most so many attempts.
    package func shrunk(
        failing failure: RandomProcess.Failure,
        attempts: Int = 600,
        _ run: (RandomCase) async -> RandomProcess.Failure?
    ) async -> (RandomCase, RandomProcess.Failure) {
        var (best, reason, left) = (self, failure, attempts)
        func attempt(_ smaller: RandomCase) async -> Bool {
            guard left > 0 else { return false }
            left -= 1
            guard let failure = await run(smaller), failure.kind == reason.kind else { return false }
            (best, reason) = (smaller, failure)
            return true
        }
        var isSmaller = true
        while isSmaller, left > 0 {
            isSmaller = false
            // Steps first: large pieces, then single ones.
            var size = max(1, best.steps.count / 2)
            while size > 0 {
                var start = 0
                while start < best.steps.count {
                    var smaller = best
                    smaller.steps.removeSubrange(start..<min(start + size, smaller.steps.count))
                    if await attempt(smaller) { isSmaller = true } else { start += size }
                }
                size /= 2
            }
            for model in best.model.smaller {
                var smaller = best
                smaller.model = model
                if await attempt(smaller) {
                    isSmaller = true
                    break
                }
            }
        }
        return (best, reason)
    }
}
