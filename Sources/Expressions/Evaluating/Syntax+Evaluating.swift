extension Syntax {
    func evaluate(in context: inout some EvaluationContext) throws(EvaluationFailure) -> Value {
        switch self {
        case .literal(let value): return value
        case .name(let name): return try Self.value(of: name, in: context)
        case .property(let base, let key): return try Self.property(of: base, key, in: &context)
        case .method(let base, let name, let arguments): return try Self.call(base, name, arguments, in: &context)
        case .function(let function): return function.value(in: context)
        case .unary(let unary, let operand): return try unary.result(of: try operand.evaluate(in: &context))
        case .binary(let binary, let left, let right): return try Self.result(of: binary, left, right, in: &context)
        case .conditional(let condition, let then, let otherwise):
            let isTrue = try condition.evaluate(in: &context).coercedToBoolean()
            return try (isTrue ? then : otherwise).evaluate(in: &context)
        }
    }

    private static func result(
        of binary: BinaryOperator,
        _ left: Syntax,
        _ right: Syntax,
        in context: inout some EvaluationContext
    ) throws(EvaluationFailure) -> Value {
        let first = try left.evaluate(in: &context)
        switch binary {
        case .and where try !first.coercedToBoolean(): return .boolean(false)
        case .or where try first.coercedToBoolean(): return .boolean(true)
        default: return try binary.result(of: first, try right.evaluate(in: &context))
        }
    }
}

// MARK: Names

extension Syntax {
    /// A variable hides an object of the same name.
    private static func value(of name: String, in context: some EvaluationContext) throws(EvaluationFailure) -> Value {
        if let value = context.variable(name) { return value }
        if let object = ImplicitObject(rawValue: name), context.has(object) {
            return .opaque(typeName: name, text: context.property("id", of: object)?.text)
        }
        if name == "authenticatedUserId" { return context.authenticatedUserID.map { .string($0) } ?? .null }
        throw .unknownProperty(name: name, cause: "Cannot resolve identifier '\(name)'")
    }

    /// The object that this names, unless a variable hides it.
    private func object(in context: some EvaluationContext) -> ImplicitObject? {
        guard case .name(let name) = self, let object = ImplicitObject(rawValue: name) else { return nil }
        return context.variable(name) == nil && context.has(object) ? object : nil
    }

    private static func property(
        of base: Syntax,
        _ key: Syntax,
        in context: inout some EvaluationContext
    ) throws(EvaluationFailure) -> Value {
        if let object = base.object(in: context) {
            let name = try key.evaluate(in: &context).coercedToText()
            return try object.property(name, in: context)
        }
        let value = try base.evaluate(in: &context)
        if case .null = value { return .null }
        return try value.property(try key.evaluate(in: &context))
    }

    private static func call(
        _ base: Syntax,
        _ name: Syntax,
        _ arguments: [Syntax],
        in context: inout some EvaluationContext
    ) throws(EvaluationFailure) -> Value {
        let object = base.object(in: context)
        let value = object == nil ? try base.evaluate(in: &context) : .null
        if object == nil, case .null = value {
            throw .unknownProperty(name: base.label, cause: "'\(base.label)' is null, so it has no methods")
        }
        let method = try name.evaluate(in: &context).coercedToText()
        var values: [Value] = []
        for argument in arguments { values.append(try argument.evaluate(in: &context)) }
        guard let object else { return try value.call(method, values) }
        return try object.call(method, values, in: &context)
    }

    /// What messages call this.
    private var label: String {
        switch self {
        case .name(let name): name
        case .property(let base, key: .literal(.string(let key))): "\(base.label).\(key)"
        default: "expression"
        }
    }
}

// MARK: Operators and functions

extension UnaryOperator {
    fileprivate func result(of value: Value) throws(EvaluationFailure) -> Value {
        switch self {
        case .negate: try Arithmetic.negated(value)
        case .not: .boolean(try !value.coercedToBoolean())
        case .empty: .boolean(value.isEmpty)
        }
    }
}

extension BinaryOperator {
    fileprivate func result(of left: Value, _ right: Value) throws(EvaluationFailure) -> Value {
        switch self {
        case .or, .and: .boolean(try right.coercedToBoolean())
        case .equal: .boolean(try Comparison.areEqual(left, right))
        case .notEqual: .boolean(try !Comparison.areEqual(left, right))
        case .less: .boolean(try Comparison.isLess(left, right))
        case .lessOrEqual: .boolean(try Comparison.isLessOrEqual(left, right))
        case .greater: .boolean(try Comparison.isLess(right, left))
        case .greaterOrEqual: .boolean(try Comparison.isLessOrEqual(right, left))
        case .add: try Arithmetic.result(of: .add, left, right)
        case .subtract: try Arithmetic.result(of: .subtract, left, right)
        case .multiply: try Arithmetic.result(of: .multiply, left, right)
        case .divide: try Arithmetic.quotient(left, right)
        case .remainder: try Arithmetic.result(of: .remainder, left, right)
        }
    }
}

extension Function {
    fileprivate func value(in context: some EvaluationContext) -> Value {
        switch self {
        case .now, .dateTime: .date(context.now)
        case .currentUser: context.authenticatedUserID.map { .string($0) } ?? .null
        case .currentUserGroups: context.authenticatedGroupIDs.map { .list($0.map { .string($0) }) } ?? .null
        }
    }
}
