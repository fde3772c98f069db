/// A header's value with parameters: `form-data; name="data"; filename="a.bpmn"`.
struct HeaderValue: Sendable, Hashable {
    /// What stands before the first parameter, in lower case.
    var kind: String
    /// By name in lower case; of a repeated one the first counts.
    var parameters: [String: String] = [:]

    /// Reads the value.
    ///
    /// What has no equals sign is no parameter and left out.
    init(_ text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        let kind = rest.prefix { $0 != UInt8(ascii: ";") }
        self.kind = String(decoding: kind, as: UTF8.self).trimmingSpaces.lowercased()
        rest = rest.dropFirst(kind.count + 1)
        while !rest.isEmpty { take(from: &rest) }
    }

    private mutating func take(from rest: inout ArraySlice<UInt8>) {
        let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
        rest = rest.dropFirst(name.count)
        guard rest.first == UInt8(ascii: "=") else {
            rest = rest.dropFirst()
            return
        }
        rest = rest.dropFirst()
        let value = Self.value(from: &rest)
        let key = String(decoding: name, as: UTF8.self).trimmingSpaces.lowercased()
        if parameters[key] == nil { parameters[key] = value }
    }

    /// A quoted text or a word, and everything up to the next semicolon, which is taken too.
    private static func value(from rest: inout ArraySlice<UInt8>) -> String {
        rest = rest.drop { $0 == UInt8(ascii: " ") }
        guard rest.first == UInt8(ascii: "\"") else {
            let word = rest.prefix { $0 != UInt8(ascii: ";") }
            rest = rest.dropFirst(word.count + 1)
            return String(String(decoding: word, as: UTF8.self).trimmingSpaces)
        }
        rest = rest.dropFirst()
        var quoted: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            // Only a quote or backslash is escaped: a path of another system keeps its backslashes.
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "\"") || rest.first == UInt8(ascii: "\\"),
                let escaped = rest.popFirst()
            {
                quoted.append(escaped)
            } else {
                quoted.append(byte)
            }
        }
        rest = rest.drop { $0 != UInt8(ascii: ";") }.dropFirst()
        return String(decoding: quoted, as: UTF8.self)
    }
}
