import JSON

/// A text in JSON: what is read can be written and read again, and mistakes have their place in the text.
enum JSONTexts {
    static func check(_ input: [UInt8]) throws(Violation) {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONParser.parse(input)
        } catch {
            return try check(error, in: input)
        }
        let lenient = try? JSONParser.parse(input, trailing: .ignored)
        try expect(lenient == value, "The same value when text after it does not matter")
        try checkWriting(value)
    }

    /// Checks that what is written is read as the same.
    static func checkWriting(_ value: JSONValue) throws(Violation) {
        let written = value.encoded()
        guard let read = try? JSONParser.parse(written) else { throw Violation("What is written can be read") }
        try expect(read.encoded() == written, "What is written and read is written the same")
        // Numbers that are not finite are written as texts.
        try expect(read == value || !value.isFinite, "What is written is read as the same value")
    }

    private static func check(_ error: JSONSyntaxError, in input: [UInt8]) throws(Violation) {
        try expect((0...input.count).contains(error.offset), "\(error) is within \(input.count) bytes")
        // Only what stands behind a whole value can be forgiven.
        guard (try? JSONParser.parse(input, trailing: .ignored)) != nil else { return }
        let whole = input.prefix(error.offset)
        try expect((try? JSONParser.parse(whole)) != nil, "What stands before \(error) is a value")
    }
}

extension JSONValue {
    fileprivate var isFinite: Bool {
        switch self {
        case .number(let number): number.isFinite
        case .array(let elements): elements.allSatisfy(\.isFinite)
        case .object(let object): object.values.allSatisfy(\.isFinite)
        case .null, .boolean, .integer, .bigInteger, .string: true
        }
    }
}
