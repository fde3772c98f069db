/// The variables that an expression reads.
struct References {
    private(set) var names: Set<String> = []
    private(set) var mayReadAnyVariable = false

    /// Members of `execution` and `task` that read all variables.
    private static let readersOfAll: Set<String> = [
        "variables", "variablesLocal", "variableNames", "variableNamesLocal", "getVariables", "getVariablesLocal",
        "getVariableNames", "getVariableNamesLocal",
    ]
    /// Methods of `execution` and `task` that read the variable that their argument names.
    private static let readersOfOne: Set<String> = [
        "getVariable", "getVariableLocal", "hasVariable", "hasVariableLocal",
    ]

    mutating func collect(from syntax: Syntax) {
        switch syntax {
        case .literal, .function: break
        case .name(let name): names.insert(name)
        case .property(let base, let key):
            if base.isImplicitObject { collect(member: key, arguments: []) }
            collect(from: base)
            collect(from: key)
        case .method(let base, let name, let arguments):
            if base.isImplicitObject { collect(member: name, arguments: arguments) }
            for part in [base, name] + arguments { collect(from: part) }
        case .unary(_, let operand): collect(from: operand)
        case .binary(_, let left, let right):
            collect(from: left)
            collect(from: right)
        case .conditional(let condition, let then, let otherwise):
            for part in [condition, then, otherwise] { collect(from: part) }
        }
    }

    private mutating func collect(member: Syntax, arguments: [Syntax]) {
        guard case .literal(.string(let member)) = member else {
            mayReadAnyVariable = true
            return
        }
        if Self.readersOfAll.contains(member) { mayReadAnyVariable = true }
        guard Self.readersOfOne.contains(member), let argument = arguments.first else { return }
        if case .literal(let name) = argument {
            names.insert(name.text ?? "")
        } else {
            mayReadAnyVariable = true
        }
    }
}

extension Syntax {
    private var implicitObject: ImplicitObject? {
        guard case .name(let name) = self else { return nil }
        return ImplicitObject(rawValue: name)
    }

    fileprivate var isImplicitObject: Bool { implicitObject != nil }
}
