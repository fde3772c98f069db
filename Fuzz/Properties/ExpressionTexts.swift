import Expressions
import OrderedCollections

/// A text that should be an expression: mistakes have a place in the text, what is evaluated reads no more variables
/// than the expression told beforehand, and depends on nothing else.
enum ExpressionTexts {
    static func check(_ input: [UInt8]) throws(Violation) {
        let text = String(decoding: input, as: UTF8.self)
        let expression: Expression
        do throws(ExpressionSyntaxError) {
            expression = try Expression.parse(text)
        } catch {
            let length = text.unicodeScalars.count
            return try expect((0...length).contains(error.offset), "\(error) is within \(length) characters")
        }
        try expect(expression.text.utf8.elementsEqual(text.utf8), "An expression keeps its text")
        try checkEvaluating(expression)
    }

    private static func checkEvaluating(_ expression: Expression) throws(Violation) {
        let outcome = Outcome(of: expression, in: Scene())
        try expect(outcome.isSame(as: Outcome(of: expression, in: Scene())), "An evaluation can be repeated")
        if case .success(let value) = outcome.result { try check(value, of: expression) }
        guard !expression.mayReadAnyVariable else { return }
        let unexpected = outcome.scene.namesRead.subtracting(expression.referencedNames)
        try expect(unexpected.isEmpty, "Only what is referenced is read, not \(unexpected)")
        let other = Outcome(of: expression, in: Scene(only: expression.referencedNames))
        try expect(outcome.isSame(as: other), "What is not referenced changes nothing")
    }

    private static func check(_ value: Value, of expression: Expression) throws(Violation) {
        if let text = expression.literalText {
            try expect(value == .string(text), "A literal is its text")
            try expect(expression.referencedNames.isEmpty, "A literal references nothing")
        } else if !expression.isSingle, case .string(let text) = value {
            try expect(text.utf8.count <= ExpressionLimits.resultLength, "A text is not too long")
        }
    }
}

/// What an evaluation came to.
private struct Outcome {
    let result: Result<Value, EvaluationError>
    let scene: Scene

    init(of expression: Expression, in scene: Scene) {
        var scene = scene
        result = Result { () throws(EvaluationError) in try expression.evaluate(in: &scene) }
        self.scene = scene
    }

    func isSame(as other: Outcome) -> Bool {
        switch (result, other.result) {
        case (.success(let one), .success(let other)): one.isSame(as: other)
        case (.failure(let one), .failure(let other)): one == other
        case (.success, .failure), (.failure, .success): false
        }
    }
}

extension Value {
    /// Whether the values are equal, what is not a number among them.
    fileprivate func isSame(as other: Value) -> Bool {
        switch (self, other) {
        case (.double(let one), .double(let other)): one.bitPattern == other.bitPattern
        case (.list(let one), .list(let other)):
            one.count == other.count && zip(one, other).allSatisfy { $0.isSame(as: $1) }
        case (.map(let one), .map(let other)):
            one.keys == other.keys && zip(one.values, other.values).allSatisfy { $0.isSame(as: $1) }
        default: self == other
        }
    }
}
