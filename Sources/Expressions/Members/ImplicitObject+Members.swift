import OrderedCollections

extension ImplicitObject {
    /// A property of the object, or of its variables.
    func property(_ name: String, in context: some EvaluationContext) throws(EvaluationFailure) -> Value {
        if hasVariables, let value = Self.variables(name, in: context) { return value }
        guard let value = context.property(name, of: self) else { throw .noProperty(name, of: rawValue) }
        return value
    }

    /// Calls a method; a getter is a property.
    func call(
        _ name: String,
        _ arguments: [Value],
        in context: inout some EvaluationContext
    ) throws(EvaluationFailure) -> Value {
        let result: Value? =
            switch arguments.count {
            case 0: getter(name, in: context)
            case 1 where hasVariables: try Self.call(name, arguments[0].asText(), in: &context)
            case 2 where hasVariables: try Self.call(name, arguments[0].asText(), arguments[1], in: &context)
            default: nil
            }
        guard let result else { throw .noMethod(name, arguments.count, of: rawValue) }
        return result
    }

    private var hasVariables: Bool { self != .externalTask }

    private func getter(_ name: String, in context: some EvaluationContext) -> Value? {
        for prefix in ["get", "is"] where name.hasPrefix(prefix) {
            let rest = name.dropFirst(prefix.count)
            guard let first = rest.first, first.isUppercase else { continue }
            let property = first.lowercased() + rest.dropFirst()
            if hasVariables, let value = Self.variables(property, in: context) { return value }
            return context.property(property, of: self)
        }
        return nil
    }

    private static func variables(_ property: String, in context: some EvaluationContext) -> Value? {
        switch property {
        case "variables": .map(context.visibleVariables)
        case "variableNames": .list(context.visibleVariables.keys.map { .string($0) })
        case "variablesLocal": .map(context.visibleVariables.filter { context.localVariable($0.key) != nil })
        case "variableNamesLocal":
            .list(context.visibleVariables.keys.filter { context.localVariable($0) != nil }.map { .string($0) })
        default: nil
        }
    }

    private static func call(_ method: String, _ name: String, in context: inout some EvaluationContext) -> Value? {
        switch method {
        case "getVariable": return context.variable(name) ?? .null
        case "getVariableLocal": return context.localVariable(name) ?? .null
        case "hasVariable": return .boolean(context.variable(name) != nil)
        case "hasVariableLocal": return .boolean(context.localVariable(name) != nil)
        case "removeVariable": context.removeVariable(name, locally: false)
        case "removeVariableLocal": context.removeVariable(name, locally: true)
        default: return nil
        }
        return .null
    }

    private static func call(
        _ method: String,
        _ name: String,
        _ value: Value,
        in context: inout some EvaluationContext
    ) -> Value? {
        switch method {
        case "setVariable": context.setVariable(name, to: value, locally: false)
        case "setVariableLocal": context.setVariable(name, to: value, locally: true)
        default: return nil
        }
        return .null
    }
}
