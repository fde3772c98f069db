/// Writes JSON in UTF-8, piece by piece, into a buffer of its own.
///
/// Commas are set where they belong; that beginnings and ends match is up to the caller.
package struct JSONWriter: Sendable {
    /// What has been written.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// A writer with room for `capacity` bytes before it must grow.
    package init(reservingCapacity capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Begins an object.
    package mutating func beginObject() { begin(UInt8(ascii: "{")) }

    /// Ends the innermost object.
    package mutating func endObject() { end(UInt8(ascii: "}")) }

    /// Begins an array.
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }

    /// Ends the innermost array.
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// Writes a member's name; its value comes next.
    package mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes `null`.
    package mutating func null() { raw("null") }

    /// Writes text as a string, or `null`.
    package mutating func value(_ text: String?) {
        guard let text else { return null() }
        separate()
        quote(text)
        needsComma = true
    }

    /// Writes a whole number, or `null`.
    package mutating func value(_ number: Int64?) {
        guard let number else { return null() }
        separate()
        append(digitsOf: number)
        needsComma = true
    }

    /// Writes a whole number, or `null`.
    package mutating func value(_ number: Int32?) { value(number.map(Int64.init)) }

    /// Writes a whole number, or `null`.
    package mutating func value(_ number: Int?) { value(number.map(Int64.init)) }

    /// Writes `true`, `false` or `null`.
    package mutating func value(_ boolean: Bool?) {
        guard let boolean else { return null() }
        raw(boolean ? "true" : "false")
    }

    /// Writes a number that always shows a fraction, or `null`.
    ///
    /// What is not finite becomes a string: `"NaN"`, `"Infinity"`, `"-Infinity"`.
    package mutating func value(_ number: Double?) {
        guard let number else { return null() }
        separate()
        bytes.append(contentsOf: Self.text(of: number).utf8)
        needsComma = true
    }

    /// Writes what is JSON already.
    package mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// Writes a value with all its parts.
    package mutating func write(_ json: JSONValue) {
        switch json {
        case .null: null()
        case .boolean(let boolean): value(boolean)
        case .integer(let number): value(number)
        case .number(let number): value(number)
        case .bigInteger(let digits): raw(digits.utf8)
        case .string(let text): value(text)
        case .array(let elements):
            beginArray()
            for element in elements { write(element) }
            endArray()
        case .object(let object):
            beginObject()
            for (name, member) in object {
                key(name)
                write(member)
            }
            endObject()
        }
    }
}

// MARK: Members

extension JSONWriter {
    /// Writes a member whose value is text or `null`.
    package mutating func member(_ name: String, _ text: String?) {
        key(name)
        value(text)
    }

    /// Writes a member whose value is a whole number or `null`.
    package mutating func member(_ name: String, _ number: Int64?) {
        key(name)
        value(number)
    }

    /// Writes a member whose value is a whole number or `null`.
    package mutating func member(_ name: String, _ number: Int32?) {
        key(name)
        value(number)
    }

    /// Writes a member whose value is a whole number or `null`.
    package mutating func member(_ name: String, _ number: Int?) {
        key(name)
        value(number)
    }

    /// Writes a member whose value is a Boolean or `null`.
    package mutating func member(_ name: String, _ boolean: Bool?) {
        key(name)
        value(boolean)
    }

    /// Writes a member whose value is a number with a fraction, or `null`.
    package mutating func member(_ name: String, _ number: Double?) {
        key(name)
        value(number)
    }

    /// Writes a member with a value that has been read or made before.
    package mutating func member(_ name: String, _ json: JSONValue) {
        key(name)
        write(json)
    }
}

// MARK: Pieces

extension JSONWriter {
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func raw(_ json: StaticString) {
        raw(UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount))
    }

    private mutating func append(digitsOf number: Int64) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var magnitude = number.magnitude
        let start = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10))
            magnitude /= 10
        } while magnitude > 0
        bytes[start...].reverse()
    }

    private static func text(of number: Double) -> String {
        if number.isNaN { return "\"NaN\"" }
        if number.isInfinite { return number < 0 ? "\"-Infinity\"" : "\"Infinity\"" }
        let text = number.description
        guard !text.utf8.contains(UInt8(ascii: ".")), let exponent = text.firstIndex(of: "e") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }

    private mutating func quote(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { escape($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var runStart = 0
        for (index, byte) in text.enumerated() where Self.needsEscape(byte) {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart..<index]))
            append(escapeOf: byte)
            runStart = index + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart...]))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func append(escapeOf byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(contentsOf: [Self.hexadecimal(byte >> 4), Self.hexadecimal(byte & 0xF)])
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }
}
