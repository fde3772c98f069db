import Expressions
import Testing

@Suite struct `A value's text` {
    @Test(
        arguments: [
            (0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (-1.5, "-1.5"), (100, "100.0"), (1234567.25, "1234567.25"),
            (9999999, "9999999.0"),
            (10_000_000, "1.0E7"), (12_345_678.5, "1.23456785E7"), (1e16, "1.0E16"), (1e22, "1.0E22"),
            (1e300, "1.0E300"),
            (0.001, "0.001"), (0.0012, "0.0012"), (0.00099, "9.9E-4"), (1e-5, "1.0E-5"), (1.25e-10, "1.25E-10"),
            (0.1, "0.1"),
            (.leastNonzeroMagnitude, "5.0E-324"), (.greatestFiniteMagnitude, "1.7976931348623157E308"), (.nan, "NaN"),
            (.infinity, "Infinity"),
            (-.infinity, "-Infinity"),
        ] as [(Double, String)]
    )
    func `of a Double shows a fraction`(number: Double, text: String) {
        #expect(Value.double(number).text == text)
    }

    @Test func `is nil only for null`() {
        #expect(Value.null.text == nil)
        #expect(Value.opaque(typeName: "File", text: nil).text == "File")
        #expect(Value.opaque(typeName: "Json", text: "{}").text == "{}")
        #expect(Value.long(.min).text == "-9223372036854775808")
    }
}
