import BatonClient
import Foundation
import JSON
import Testing

@Suite struct `A moment in a variable` {
    struct Invoice: Codable, Equatable {
        var due: Date
    }

    /// The first and the last moment that can be sent.
    static let ends = [
        (-62_167_219_200.0, "0000-01-01T00:00:00.000"), (253_402_300_799.999, "9999-12-31T23:59:59.999"),
    ]

    static let outside = [
        1e30, -1e30, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, 253_402_300_800, 253_402_300_799.9996,
        -62_167_219_200.001,
    ]

    private func written(_ variables: Variables) throws -> JSONValue {
        var writer = JSONWriter()
        try variables.write(to: &writer)
        return try JSONParser.parse(writer.bytes)
    }

    @Test(arguments: outside) func `outside the years 0 to 9999 cannot be sent`(seconds: Double) throws {
        let date = Date(timeIntervalSince1970: seconds)
        let error = #expect(throws: BatonError.self) { try written(["due": .date(date)]) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.variable == "due")
        let other = #expect(throws: BatonError.self) { try Variable.json(Invoice(due: date)) }
        #expect(other?.code == .invalidArgument)
        #expect(other?.description.contains("The value.due") == true)
    }

    @Test(arguments: ends) func `at the ends of these years is sent and read`(seconds: Double, text: String) throws {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(try written(["due": .date(date)]) == ["due": ["type": "Date", "value": .string(text + "+0000")]])
        let json = try Variable.json(Invoice(due: date))
        #expect(json.text == "{\"due\":\"\(text)Z\"}")
        let read = try json.decode(as: Invoice.self).due
        #expect(abs(read.timeIntervalSince(date)) < 0.000_5)
        #expect(try Variable.json(text: "\(Int64(seconds * 1000))").decode(as: Date.self) == read)
    }

    @Test(arguments: [
        "1e30", "-1e30", "1e308", "253402300800000", "-62167219200001", "\"9999-12-31T23:59:59.999-0100\"",
        "\"0000-01-01T00:00:00.000+0001\"", "\"10000-01-01T00:00:00Z\"", "\"9999-12-31T99:59:59Z\"", "\"tomorrow\"",
    ])
    func `that Json does not tell cannot be read`(json: String) {
        for text in ["{\"due\":\(json)}", json] {
            let variables: Variables = ["invoice": .json(text: text)]
            let error = #expect(throws: BatonError.self) {
                if text == json {
                    _ = try variables.require("invoice", as: Date.self)
                } else {
                    _ = try variables.require("invoice", as: Invoice.self)
                }
            }
            #expect(error?.code == .variableUnreadable)
            #expect(error?.variable == "invoice")
        }
    }
}
