extension RandomModel {
    /// Makes up a model; the same numbers give the same one.
    package static func random(using random: inout SeededGenerator) -> RandomModel {
        var generator = ModelGenerator(random: random, budget: 4 + random.below(16))
        let main = generator.sequence(Surroundings())
        var starts: [TriggeredStart] = []
        if generator.random.chance(15) { starts.append(.init(id: generator.id("start"), trigger: .message(0))) }
        if generator.random.chance(10) { starts.append(.init(id: generator.id("start"), trigger: .signal(3))) }
        random = generator.random
        return RandomModel(main: main, triggeredStarts: starts)
    }
}

/// What is around the block that is made up next.
private struct Surroundings {
    var depth = 0
    /// The first signal that may be thrown: what a signal without interruption starts throws later ones only, so that
    /// signals do not go round in circles.
    var firstSignal = 0
    /// Not inside a loop that never waits.
    var mayWait = true

    var deeper: Surroundings {
        var inner = self
        inner.depth += 1
        return inner
    }
}

private struct ModelGenerator {
    typealias Block = RandomModel.Block
    typealias Mapping = RandomModel.Mapping

    var random: SeededGenerator
    /// Nodes that may still be made up.
    var budget: Int
    private var count = 0

    init(random: SeededGenerator, budget: Int) {
        self.random = random
        self.budget = budget
    }

    mutating func id(_ kind: String) -> String {
        count += 1
        budget -= 1
        return "\(kind)\(count)"
    }

    mutating func sequence(_ around: Surroundings) -> Block {
        var blocks: [Block] = []
        let length = 1 + random.below(around.depth == 0 ? 4 : 3)
        for _ in 0..<length {
            guard budget > 0 || blocks.isEmpty else { break }
            let next = block(around)
            blocks.append(next)
            if case .end = next { break }
        }
        return blocks.count == 1 ? blocks[0] : .sequence(blocks)
    }

    private mutating func block(_ around: Surroundings) -> Block {
        guard budget > 2, around.depth < 4 else { return leaf(around) }
        guard around.mayWait else { return instant(around) }
        switch random.below(20) {
        case 0..<7: return .activity(activity(around))
        case 7, 8: return exclusive(around)
        case 9, 10, 11: return parallel(around)
        case 12: return forkingTask(around)
        case 13: return eventBased(around)
        case 14: return loop(around)
        case 15: return .counted(id: id("counted"), sequence(instantly(around)), times: 1 + random.below(3))
        default: return leaf(around)
        }
    }

    private func instantly(_ around: Surroundings) -> Surroundings {
        var inner = around.deeper
        inner.mayWait = false
        return inner
    }

    /// Something that does not wait.
    private mutating func instant(_ around: Surroundings) -> Block {
        if random.chance(30) { return exclusive(around) }
        if random.chance(30), let signal = signal(around) { return .throwing(id: id("throw"), signal: signal) }
        return .activity(plain(.passThrough, "task"))
    }

    private mutating func leaf(_ around: Surroundings) -> Block {
        guard around.mayWait else { return .activity(plain(.passThrough, "task")) }
        switch random.below(14) {
        case 0..<4: return .activity(plain(external(), "external"))
        case 4, 5: return .activity(plain(.user(attributes: ""), "user"))
        case 6: return .activity(plain(.receive(message: random.chance(70) ? random.below(4) : nil), "receive"))
        case 7: return .catching(id: id("catch"), trigger())
        case 8: return .activity(plain(.passThrough, "task"))
        case 9:
            return signal(around).map { .throwing(id: id("throw"), signal: $0) }
                ?? .activity(plain(external(), "external"))
        case 10: return .end(id: id("end"), end(around))
        default: return .activity(activity(around))
        }
    }

    private mutating func signal(_ around: Surroundings) -> Int? {
        let signals = RandomModel.signals.count
        guard around.firstSignal < signals else { return nil }
        return around.firstSignal + random.below(signals - around.firstSignal)
    }

    private mutating func trigger() -> RandomModel.Trigger {
        random.chance(50) ? .message(random.below(4)) : .signal(random.below(4))
    }

    private mutating func end(_ around: Surroundings) -> RandomModel.End {
        switch random.below(5) {
        case 0: return .terminate
        case 1: return .error(code: random.pick(RandomModel.codes))
        case 2: if let signal = signal(around) { return .signal(signal) }
        default: break
        }
        return .none(inputs: random.chance(20) ? [input()] : [])
    }
}

// MARK: Blocks

extension ModelGenerator {
    private mutating func exclusive(_ around: Surroundings) -> Block {
        let isExhaustive = random.chance(90)
        let id = id("xor")
        return .exclusive(id: id, branches(around, isConditional: true), isExhaustive: isExhaustive)
    }

    private mutating func parallel(_ around: Surroundings) -> Block {
        let id = id("and")
        let branches = branches(around, isConditional: false).map(\.block)
        return .parallel(id: id, branches, isJoined: random.chance(80))
    }

    private mutating func forkingTask(_ around: Surroundings) -> Block {
        let id = id("fork")
        return .forkingTask(id: id, branches(around, isConditional: random.chance(60)), isJoined: random.chance(50))
    }

    private mutating func eventBased(_ around: Surroundings) -> Block {
        let id = id("first")
        var triggers: Set<RandomModel.Trigger> = []
        var catches: [RandomModel.Catch] = []
        for _ in 0..<(1 + random.below(3)) {
            let trigger = trigger()
            guard triggers.insert(trigger).inserted else { continue }
            catches.append(.init(id: self.id("catch"), trigger: trigger, block: sequence(around.deeper)))
        }
        return .eventBased(id: id, catches)
    }

    private mutating func loop(_ around: Surroundings) -> Block {
        let id = id("loop")
        return .loop(id: id, work: plain(external(), "external"), sequence(around.deeper))
    }

    private mutating func branches(_ around: Surroundings, isConditional: Bool) -> [RandomModel.Branch] {
        (0..<(2 + random.below(2))).map { _ in
            let condition = isConditional ? condition() : nil
            return .init(condition: condition, block: sequence(around.deeper))
        }
    }

    private mutating func condition() -> String {
        random.pick([
            "${flag}", "${not flag}", "${a < 3}", "${b == 1}", "${b > 1}", "${a + b > 4}", "${c != null}", "${d > 1}",
            "${execution.getVariable('a') == 2}",
        ])
    }
}

// MARK: Activities

extension ModelGenerator {
    /// Without anything around it.
    private mutating func plain(_ kind: RandomModel.Activity.Kind, _ name: String) -> RandomModel.Activity {
        RandomModel.Activity(id: id(name), kind: kind)
    }

    private mutating func external() -> RandomModel.Activity.Kind {
        .external(
            topic: random.chance(90) ? random.pick(RandomModel.topics) : "t${a % 3}",
            priority: random.chance(20) ? "${a % 5}" : nil,
            failsIf: random.chance(10) ? "${b == 3}" : nil
        )
    }

    private mutating func activity(_ around: Surroundings) -> RandomModel.Activity {
        var activity: RandomModel.Activity
        switch random.below(10) {
        case 0..<4 where around.depth < 4 && budget > 2:
            let id = id("sub")
            let kind = RandomModel.Activity.Kind.subProcess(sequence(around.deeper), endsImplicitly: random.chance(40))
            activity = RandomModel.Activity(id: id, kind: kind)
        case 4, 5: activity = plain(.user(attributes: userAttributes()), "user")
        case 6: activity = plain(.receive(message: random.chance(70) ? random.below(4) : nil), "receive")
        case 7: activity = plain(.passThrough, "task")
        default: activity = plain(external(), "external")
        }
        if random.chance(30) { activity.multiInstance = multiInstance() }
        if random.chance(35) { activity.inputs = (0...random.below(2)).map { _ in input() } }
        if random.chance(30), activity.multiInstance == nil { activity.outputs = outputs(of: activity) }
        if random.chance(55) { activity.boundaries = boundaries(around) }
        return activity
    }

    private mutating func userAttributes() -> String {
        var attributes = ""
        if random.chance(40) { attributes += " camunda:assignee=\"u${a}\"" }
        if random.chance(40) { attributes += " camunda:candidateUsers=\"x, y${b}\"" }
        if random.chance(30) { attributes += " camunda:candidateGroups=\"g\"" }
        if random.chance(30) { attributes += " camunda:priority=\"${a % 7}\"" }
        return attributes
    }

    private mutating func multiInstance() -> RandomModel.MultiInstance {
        var loop = RandomModel.MultiInstance(isSequential: random.chance(40))
        switch random.below(4) {
        case 0: loop.cardinality = "\(random.below(4))"
        case 1: loop.cardinality = "${a % 4}"
        case 2: loop.collection = "camunda:collection=\"list\" camunda:elementVariable=\"element\""
        default: loop.collection = "camunda:collection=\"${list}\" camunda:elementVariable=\"element\""
        }
        if random.chance(35) {
            loop.completionCondition = random.pick(["${nrOfCompletedInstances >= 2}", "${flag}", "${b == 2}"])
        }
        return loop
    }

    private mutating func input() -> Mapping {
        random.pick([
            Mapping(name: "a", content: "2"), Mapping(name: "a", content: "${b}"),
            Mapping(name: "a", content: "${a + 1}"),
            Mapping(name: "inner", content: "${c}"), Mapping(name: "inner", content: ""),
            Mapping(name: "text", content: "n ${a} of ${b}"),
            Mapping(name: "copy", content: "<camunda:list><camunda:value>${a}</camunda:value></camunda:list>"),
            Mapping(name: "copy", content: "<camunda:map><camunda:entry key=\"k\">${b}</camunda:entry></camunda:map>"),
        ])
    }

    private mutating func outputs(of activity: RandomModel.Activity) -> [Mapping] {
        var possible = [
            Mapping(name: "b", content: "${a % 5}"), Mapping(name: "out", content: "${a}"),
            Mapping(name: "out", content: "${list}"), Mapping(name: "c", content: "done"),
        ]
        for input in activity.inputs { possible.append(Mapping(name: "out", content: "${\(input.name)}")) }
        return (0...random.below(2)).map { _ in random.pick(possible) }
    }

    private mutating func boundaries(_ around: Surroundings) -> [RandomModel.Boundary] {
        var triggers: Set<RandomModel.Trigger> = []
        return (0...random.below(2)).compactMap { _ -> RandomModel.Boundary? in
            if random.chance(45) {
                let attributes =
                    random.chance(50)
                    ? " camunda:errorCodeVariable=\"code\" camunda:errorMessageVariable=\"message\"" : ""
                let code = random.chance(60) ? random.pick(RandomModel.codes) : nil
                return .init(
                    id: id("caught"),
                    kind: .error(code: code, attributes: attributes),
                    block: sequence(around.deeper),
                    merges: random.chance(50)
                )
            }
            let trigger = trigger()
            guard triggers.insert(trigger).inserted else { return nil }
            let isInterrupting = random.chance(50)
            var inner = around.deeper
            if !isInterrupting, case .signal(let number) = trigger {
                inner.firstSignal = max(inner.firstSignal, number + 1)
            }
            return .init(
                id: id("event"),
                kind: .trigger(trigger, isInterrupting: isInterrupting),
                block: sequence(inner),
                merges: isInterrupting && random.chance(50)
            )
        }
    }
}
