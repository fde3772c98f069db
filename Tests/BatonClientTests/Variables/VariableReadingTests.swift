import BatonClient
import Foundation
import Testing

@Suite struct `Types that variables are read as` {
    enum Colour: String, Codable, VariableConvertible { case red, green }
    enum Size: Int, Codable { case small = 1, large }
    struct Number: RawRepresentable, VariableConvertible, Equatable { var rawValue: Int }

    /// Reads and writes variables, and is not `Codable`.
    struct Customer: VariableConvertible, Equatable {
        var number: Int

        init(number: Int) { self.number = number }
        init(variable: Variable) throws { number = try Int(variable: variable) }
        var variable: Variable { Variable(number) }
    }

    struct Invoice: Codable, Equatable {
        var due: Date
    }

    private func isKept<Value: VariableConvertible & Decodable & Equatable>(_ values: Value...) throws {
        for value in values {
            #expect(try value.variable.decode(as: Value.self) == value)
            #expect(try Variable.json(text: "\(value)").decode(as: Value.self) == value)
        }
    }

    @Test func `are whole numbers of every width`() throws {
        try isKept(Int8.min, .max)
        try isKept(Int16.min, .max)
        try isKept(Int32.min, .max)
        try isKept(Int64.min, .max)
        try isKept(Int.min, 0, .max)
        try isKept(UInt8.min, .max)
        try isKept(UInt16.min, .max)
        try isKept(UInt32.min, .max)
        try isKept(UInt64.min, UInt64(Int64.max), .max)
        try isKept(UInt.min, UInt(Int32.max), UInt(Int64.max), .max)
        let types = [
            UInt8.max.variable, UInt16.max.variable, UInt32.max.variable, UInt(7).variable, UInt64(7).variable,
            UInt64.max.variable,
        ].map(\.type)
        #expect(types == [.short, .integer, .long, .integer, .long, .json])
    }

    @Test func `are whole numbers only when they fit`() throws {
        for variable in [Variable.integer(-1), .long(-1), .json(text: "-1"), .json(text: "-99999999999999999999")] {
            let error = #expect(throws: BatonError.self) { try variable.decode(as: UInt64.self) }
            #expect(error?.code == .variableUnreadable)
        }
        let error = #expect(throws: BatonError.self) { try Variable.integer(256).decode(as: UInt8.self) }
        #expect(error?.code == .variableUnreadable)
        let other = #expect(throws: BatonError.self) { try Variable.string("5").decode(as: UInt.self) }
        #expect(other?.code == .variableOfOtherType)
    }

    @Test func `are enumerations by their raw values`() throws {
        let variables: Variables = ["colour": "red", "size": 2, "odd": "blue", "json": .json(text: "\"green\"")]
        #expect(try variables.require("colour", as: Colour.self) == .red)
        #expect(try variables.require("json", as: Colour.self) == .green)
        #expect(try variables.require("size", as: Size.self) == .large)
        #expect(Variable(Colour.green) == "green")
        #expect(Variable(Number(rawValue: 7)) == 7)
        #expect(try variables.require("size") == Number(rawValue: 2))
        let error = #expect(throws: BatonError.self) { try variables.require("odd", as: Colour.self) }
        #expect(error?.code == .variableUnreadable)
        #expect(error?.variable == "odd")
        #expect(throws: BatonError.self) { try variables.require("colour", as: Size.self) }
    }

    @Test func `are those of one's own without Codable`() throws {
        let variables: Variables = ["customer": 7, "null": nil, "text": "x"]
        #expect(try variables.require("customer") == Customer(number: 7))
        #expect(try variables.value("customer", as: Customer.self) == Customer(number: 7))
        #expect(try variables.value("none", as: Customer.self) == nil)
        #expect(try variables["customer"]?.decode(as: Customer.self) == Customer(number: 7))
        for (name, code) in [("none", BatonError.Code.variableMissing), ("text", .variableOfOtherType)] {
            let error = #expect(throws: BatonError.self) { try variables.require(name, as: Customer.self) }
            #expect(error?.code == code)
            #expect(error?.variable == name)
        }
        #expect(throws: BatonError.self) { try Variable.null.decode(as: Customer.self) }
    }

    @Test func `are single values of Codable types`() throws {
        #expect(try Variable.integer(12).decode(as: Decimal.self) == 12)
        #expect(try Variable.double(12.25).decode(as: Decimal.self) == Decimal(string: "12.25"))
        #expect(try Variable.string("https://example.com").decode(as: URL.self).host == "example.com")
        let error = #expect(throws: BatonError.self) { try Variable.string("x").decode(as: Invoice.self) }
        #expect(error?.code == .variableOfOtherType)
    }

    @Test func `are bytes, also in Json`() throws {
        #expect(try Variable.json([UInt8](1...3)).decode(as: [UInt8].self) == [1, 2, 3])
        #expect(try Variable.json(Data([1, 2, 3])).decode(as: Data.self) == Data([1, 2, 3]))
        let id = UUID()
        #expect(try Variable.json(id).decode(as: UUID.self) == id)
        let error = #expect(throws: BatonError.self) { try Variable.json(text: "[256]").decode(as: [UInt8].self) }
        #expect(error?.code == .variableUnreadable)
        let other = #expect(throws: BatonError.self) { try Variable.integer(1).decode(as: [UInt8].self) }
        #expect(other?.code == .variableOfOtherType)
    }

    @Test func `may be read by a decoder of one's own`() throws {
        let due = Date(timeIntervalSinceReferenceDate: 700_000_000)
        let variables: Variables = [
            "invoice": try .json(Invoice(due: due), encoder: JSONEncoder()), "date": .date(due), "none": nil,
        ]
        #expect(try variables.require("invoice", decoder: JSONDecoder()) == Invoice(due: due))
        #expect(try variables.value("invoice", as: Invoice.self, decoder: JSONDecoder()) == Invoice(due: due))
        #expect(try variables.require("invoice", as: Invoice.self) != Invoice(due: due))
        #expect(try variables["invoice"]?.decode(as: Invoice?.self, decoder: JSONDecoder()) == Invoice(due: due))
        #expect(try variables.require("date", decoder: JSONDecoder()) == due)
        #expect(try variables.value("none", as: Invoice.self, decoder: JSONDecoder()) == nil)
    }
}
