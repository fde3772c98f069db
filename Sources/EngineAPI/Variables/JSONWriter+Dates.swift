import Expressions
import JSON

extension JSONWriter {
    /// Writes a moment in the contract's form.
    mutating func date(_ instant: Instant) {
        raw(UInt8.quoted(ContractDate.utf8(instant)))
    }

    /// Writes a member whose value is a moment or `null`.
    mutating func member(_ name: String, _ instant: Instant?) {
        key(name)
        if let instant { date(instant) } else { null() }
    }
}

extension UInt8 {
    fileprivate static func quoted(_ text: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
    }
}
