/// Several statements of our own, such as a migration, sent as they are.
///
/// Never made from anything a client sent.
package struct SQLScript: Sendable {
    /// What errors and logs call the script.
    package let name: String
    let text: String

    /// A script from a file that is part of the product.
    package init(name: String, trusted text: String) {
        self.name = name
        self.text = text
    }

    /// A script from an embedded file that is part of the product.
    package init(name: String, trusted bytes: [UInt8]) {
        self.init(name: name, trusted: String(decoding: bytes, as: UTF8.self))
    }
}
