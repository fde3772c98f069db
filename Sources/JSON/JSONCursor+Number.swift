extension JSONCursor {
    /// Reads a number whose sign or first digit is here.
    mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        let isNegative = peek == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var digits = Digits()
        try integerPart(into: &digits)
        var isWhole = true
        if peek == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            try oneOrMore(into: &digits, isFraction: true)
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            isWhole = false
            position += 1
            let isExponentNegative = peek == UInt8(ascii: "-")
            if isExponentNegative || peek == UInt8(ascii: "+") { position += 1 }
            var exponent = Digits()
            try oneOrMore(into: &exponent, isFraction: false)
            digits.scale(by: exponent, isNegative: isExponentNegative)
        }
        guard position - start <= JSONParser.maximumNumberLength else { throw error(.numberTooLong, at: start) }
        if isWhole, let value = digits.integer(isNegative: isNegative) { return .integer(value) }
        if !isWhole, let value = digits.exactDouble { return .number(isNegative ? -value : value) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard !isWhole else { return .bigInteger(text) }
        guard let value = Double(text) else { throw error(.invalidNumber, at: start) }
        return .number(value)
    }

    private mutating func integerPart(into digits: inout Digits) throws(JSONSyntaxError) {
        guard peek == UInt8(ascii: "0") else { return try oneOrMore(into: &digits, isFraction: false) }
        position += 1
        if let next = peek, Digits.value(of: next) != nil { throw error(.invalidNumber) }
    }

    private mutating func oneOrMore(into digits: inout Digits, isFraction: Bool) throws(JSONSyntaxError) {
        let start = position
        while let byte = peek, let value = Digits.value(of: byte) {
            digits.append(value, isFraction: isFraction)
            position += 1
        }
        guard position > start else { throw error(isAtEnd ? .unexpectedEnd : .invalidNumber) }
    }
}

/// The digits of a number and the power of ten they are to be multiplied with.
private struct Digits {
    private var magnitude: UInt64 = 0
    private var exponent = 0
    private var hasOverflowed = false

    static func value(of byte: UInt8) -> UInt64? {
        let value = byte &- UInt8(ascii: "0")
        return value <= 9 ? UInt64(value) : nil
    }

    mutating func append(_ digit: UInt64, isFraction: Bool) {
        let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(digit)
        hasOverflowed = hasOverflowed || overflow || carry
        magnitude = sum
        if isFraction { exponent -= 1 }
    }

    mutating func scale(by other: Digits, isNegative: Bool) {
        guard !other.hasOverflowed, let power = Int(exactly: other.magnitude), power < Int(Int32.max) else {
            hasOverflowed = true
            return
        }
        exponent += isNegative ? -power : power
    }

    func integer(isNegative: Bool) -> Int64? {
        guard !hasOverflowed else { return nil }
        guard isNegative else { return Int64(exactly: magnitude) }
        return magnitude == Int64.min.magnitude ? Int64.min : Int64(exactly: magnitude).map { -$0 }
    }

    /// The value when digits and power of ten both fit a Double exactly, so that one operation rounds correctly.
    var exactDouble: Double? {
        guard !hasOverflowed, magnitude <= 1 << 53, Self.powersOfTen.indices.contains(abs(exponent)) else { return nil }
        let power = Self.powersOfTen[abs(exponent)]
        return exponent < 0 ? Double(magnitude) / power : Double(magnitude) * power
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
