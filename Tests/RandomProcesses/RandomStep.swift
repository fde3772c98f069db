package import EngineCore

/// Something that somebody does to a process, said so that it means something whatever the process has come to: what it
/// concerns is picked from what is there.
package struct RandomStep: Sendable {
    package var action: Action
    /// Picks one of the possible targets.
    package var pick: Int
    package var variables: [VariableInput] = []
    package var localVariables: [VariableInput] = []
    /// Who does it: mostly who may.
    package var isStranger = false
    /// The topics that the caller may work on; nil for all.
    package var topics: Set<String>?

    package enum Action: Sendable {
        /// Takes an external task unless somebody has it, and completes it.
        case complete
        case completeWithoutLock
        case fail(retries: Int32, milliseconds: Int64)
        case throwError(code: String)
        case lock
        case extendLock
        case unlock
        case setRetries(Int32)
        case setPriority(Int64)
        case completeUserTask(returnsVariables: Bool)
        case throwUserTaskError(code: String)
        case changeUserTask(Int)
        /// Gives somebody what they wait for; not exactly, when a name is given.
        case deliver(name: String?, bySubscription: Bool)
        case signalExecution
        case changeVariables(remove: [String], locally: Bool)
        case suspend(Bool)
        case delete(skipsMappings: Bool)
        /// Nothing but time passes.
        case wait(milliseconds: Int64)
    }

    package init(_ action: Action, pick: Int = 0) {
        self.action = action
        self.pick = pick
    }
}

extension RandomStep {
    /// Makes up a step.
    package static func random(using random: inout SeededGenerator) -> RandomStep {
        var step = RandomStep(action(&random), pick: random.below(1_000_000))
        if random.chance(50) { step.variables = inputs(&random) }
        if random.chance(20) { step.localVariables = inputs(&random).filter { $0.name != "again" } }
        step.isStranger = random.chance(4)
        if random.chance(5) { step.topics = [random.pick(RandomModel.topics)] }
        return step
    }

    private static func action(_ random: inout SeededGenerator) -> Action {
        switch random.below(100) {
        case 0..<30: return .complete
        case 30..<32: return .completeWithoutLock
        case 32..<37:
            return .fail(retries: Int32(random.below(3)), milliseconds: random.pick([0, 500, 10_000]))
        case 37..<44: return .throwError(code: random.pick(RandomModel.codes + ["unknown"]))
        case 44..<46: return .lock
        case 46: return .extendLock
        case 47: return .unlock
        case 48, 49: return .setRetries(Int32(random.below(3)))
        case 50: return .setPriority(Int64(random.below(9)))
        case 51..<62: return .completeUserTask(returnsVariables: random.chance(30))
        case 62..<65: return .throwUserTaskError(code: random.pick(RandomModel.codes + ["unknown"]))
        case 65..<67: return .changeUserTask(random.below(8))
        case 67..<82:
            return .deliver(name: random.chance(10) ? "nothing" : nil, bySubscription: random.chance(70))
        case 82..<88: return .signalExecution
        case 88..<93:
            let remove = random.chance(15) ? [random.pick(["a", "b", "c", "out", "inner"])] : []
            return .changeVariables(remove: remove, locally: random.chance(40))
        case 93, 94: return .suspend(random.chance(40))
        case 95: return .suspend(false)
        case 96: return random.chance(30) ? .delete(skipsMappings: random.chance(50)) : .complete
        default: return .wait(milliseconds: random.pick([1, 700, 20_000, 100_000]))
        }
    }

    /// Variables as clients send them, mostly ones that the models mention and values that they can use.
    package static func inputs(_ random: inout SeededGenerator) -> [VariableInput] {
        (0...random.below(3)).map { _ in
            let name = random.pick(["a", "a", "b", "b", "c", "d", "flag", "again", "list", "inner", "other", "big"])
            let value = value(of: name, &random)
            return VariableInput(name: name, value: value, isTransient: random.chance(4))
        }
    }

    /// All that models mention, with values that let every process go on.
    package static func saneInputs(_ random: inout SeededGenerator) -> [VariableInput] {
        ["a", "b", "c", "d", "flag", "again", "list"].map { VariableInput(name: $0, value: saneValue(of: $0, &random)) }
    }

    /// A value with which models that mention the variable can go on.
    package static func saneValue(of name: String, _ random: inout SeededGenerator) -> VariableValue {
        switch name {
        case "flag": .boolean(random.chance(50))
        case "again": .boolean(false)
        case "list": .list("[1,\"x\",null,4]")
        default: .integer(Int32(random.below(5)))
        }
    }

    private static func value(of name: String, _ random: inout SeededGenerator) -> VariableValue {
        switch name {
        case "flag", "again": return .boolean(random.chance(50))
        case "list": return .list(random.pick(["[]", "[1]", "[1,2]", "[1,\"x\",null,4]", "{}"]))
        case "big": return .json(String(repeating: "x", count: random.pick([10, 5000])))
        case "c", "inner", "other":
            switch random.below(8) {
            case 0: return .null
            case 1: return .string("text")
            case 2: return .double(1.5)
            case 3: return .json("{\"k\":1}")
            case 4: return .bytes([UInt8](repeating: 7, count: random.pick([3, 5000])))
            case 5: return .long(7)
            default: return .integer(Int32(random.below(5)))
            }
        default:
            return random.chance(6)
                ? random.pick([.string("odd"), .null, .string("2")]) : .integer(Int32(random.below(5)))
        }
    }
}

extension RandomStep: CustomStringConvertible {
    package var description: String {
        var text = "\(action) pick \(pick)"
        if !variables.isEmpty { text += ", variables \(Self.text(variables))" }
        if !localVariables.isEmpty { text += ", local \(Self.text(localVariables))" }
        if isStranger { text += ", by a stranger" }
        if let topics { text += ", within \(topics)" }
        return text
    }

    static func text(_ inputs: [VariableInput]) -> String {
        inputs.map { input in
            let value = "\(input.value)".replacing("EngineCore.", with: "")
            return "\(input.name)=\(value.prefix(100))\(input.isTransient ? " transient" : "")"
        }.joined(separator: ", ")
    }
}

extension VariableValue {
    fileprivate static func list(_ json: String) -> VariableValue {
        .object(ObjectValue(text: json, typeName: "java.util.ArrayList", format: ObjectValue.jsonFormat))
    }
}
