/// Numbers with a fraction as text, in the form that the contract's composite texts have.
enum DecimalText {
    /// At least one digit after the point; from 10⁷ up and below 10⁻³ with an exponent, as in `1.0E7`.
    static func of(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        let sign = number.sign == .minus ? "-" : ""
        if number.isInfinite { return sign + "Infinity" }
        if number == 0 { return sign + "0.0" }
        let (digits, exponent) = decimalDigits(of: number.magnitude)
        guard (-3..<7).contains(exponent) else { return sign + scientific(digits, exponent) }
        return sign + plain(digits, exponent)
    }

    /// The fewest digits that tell the number from its neighbours, and the power of ten of the first one.
    private static func decimalDigits(of magnitude: Double) -> (digits: [UInt8], exponent: Int) {
        let parts = magnitude.description.utf8.split(separator: UInt8(ascii: "e"))
        let mantissa = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let written = parts.count > 1 ? Int(String(Substring(parts[1]))) ?? 0 : 0
        let all = Array(mantissa.joined())
        let leadingZeros = all.prefix { $0 == UInt8(ascii: "0") }.count
        var digits = Array(all.dropFirst(leadingZeros))
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, written + mantissa[0].count - 1 - leadingZeros)
    }

    private static func scientific(_ digits: [UInt8], _ exponent: Int) -> String {
        "\(text(digits.prefix(1))).\(text(digits.dropFirst()))E\(exponent)"
    }

    private static func plain(_ digits: [UInt8], _ exponent: Int) -> String {
        guard exponent >= 0 else {
            return "0." + String(repeating: "0", count: -exponent - 1) + text(digits[...])
        }
        let whole = text(digits.prefix(exponent + 1))
        let padding = String(repeating: "0", count: max(0, exponent + 1 - digits.count))
        return "\(whole)\(padding).\(text(digits.dropFirst(exponent + 1)))"
    }

    private static func text(_ digits: ArraySlice<UInt8>) -> String {
        digits.isEmpty ? "0" : String(decoding: digits, as: UTF8.self)
    }
}
