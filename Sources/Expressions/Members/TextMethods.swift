/// The methods of text; positions count UTF-16 code units.
struct TextMethods {
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    /// The result, or nil when there is no such method.
    func call(_ name: String, _ arguments: [Value]) throws(EvaluationFailure) -> Value? {
        switch arguments.count {
        case 0: call(name)
        case 1: try call(name, arguments[0])
        case 2: try call(name, arguments[0], arguments[1])
        default: nil
        }
    }

    private func call(_ name: String) -> Value? {
        switch name {
        case "length": .integer(Int32(clamping: text.utf16.count))
        case "isEmpty": .boolean(text.isEmpty)
        case "toUpperCase": .string(text.uppercased())
        case "toLowerCase": .string(text.lowercased())
        case "trim": .string(text.trimmingControlCharactersAndSpaces())
        default: nil
        }
    }

    private func call(_ name: String, _ argument: Value) throws(EvaluationFailure) -> Value? {
        switch name {
        case "concat": try .bounded(text + argument.asText())
        case "contains": .boolean(offset(of: try argument.asText()) != nil)
        case "startsWith": .boolean(text.utf8.starts(with: try argument.asText().utf8))
        case "endsWith": .boolean(text.utf8.reversed().starts(with: try argument.asText().utf8.reversed()))
        case "equalsIgnoreCase": .boolean(argument.text.map { $0.lowercased() == text.lowercased() } ?? false)
        case "indexOf": .integer(index(of: try argument.asText()))
        case "substring": try substring(from: argument.coercedToInteger(), to: Int32(clamping: text.utf16.count))
        default: nil
        }
    }

    private func call(_ name: String, _ first: Value, _ second: Value) throws(EvaluationFailure) -> Value? {
        switch name {
        case "substring": try substring(from: first.coercedToInteger(), to: second.coercedToInteger())
        case "replace": try replacing(first.asText(), with: second.asText())
        default: nil
        }
    }

    private func search(for pattern: String) -> TextSearch {
        TextSearch(for: Array(pattern.utf8), in: Array(text.utf8))
    }

    private func offset(of pattern: String) -> Int? {
        var search = search(for: pattern)
        return search.next()
    }

    private func index(of pattern: String) -> Int32 {
        guard let offset = offset(of: pattern) else { return -1 }
        return Int32(clamping: String(decoding: text.utf8.prefix(offset), as: UTF8.self).utf16.count)
    }

    private func substring(from start: Int32, to end: Int32) throws(EvaluationFailure) -> Value {
        let units = Array(text.utf16)
        guard start >= 0, start <= end, end <= units.count else {
            throw .failed(cause: "A text of \(units.count) characters has none from \(start) to \(end)")
        }
        return .string(String(decoding: units[Int(start)..<Int(end)], as: UTF16.self))
    }

    private func replacing(_ pattern: String, with replacement: String) throws(EvaluationFailure) -> Value {
        guard !pattern.isEmpty else { throw .failed(cause: "Nothing cannot be replaced") }
        let bytes = Array(text.utf8)
        var search = search(for: pattern)
        var result: [UInt8] = []
        var end = 0
        while let offset = search.next() {
            result += bytes[end..<offset]
            result += replacement.utf8
            end = offset + pattern.utf8.count
            guard result.count <= ExpressionLimits.resultLength else { throw .resultTooLong }
        }
        return try .bounded(String(decoding: result + bytes[end...], as: UTF8.self))
    }
}

extension String {
    /// Without control characters and spaces at both ends.
    func trimmingControlCharactersAndSpaces() -> String {
        let trimmed = utf8.drop { $0 <= 0x20 }
        guard let last = trimmed.lastIndex(where: { $0 > 0x20 }) else { return "" }
        return String(Substring(trimmed[...last]))
    }
}
