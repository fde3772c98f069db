import JSON

// The form of an answer that carries links to what it mentions, and some of that itself.

extension JSONWriter {
    /// Writes `_links`: relations by name, each with a path below the API's root; those without a path are left out.
    mutating func halLinks(_ links: [String: String?]) {
        key("_links")
        beginObject()
        for (relation, path) in links.sorted(by: { $0.key < $1.key }) {
            guard let path else { continue }
            key(relation)
            beginObject()
            member("href", path)
            endObject()
        }
        endObject()
    }

    /// Writes `_embedded` with a relation's resources by each of `relations`, which are sorted by name.
    ///
    /// One without resources is left out, unless it is `kept`. Without any relation the member is null.
    mutating func halEmbedded(_ relations: [HALRelation] = []) {
        key("_embedded")
        guard !relations.isEmpty else { return null() }
        beginObject()
        for relation in relations.sorted(by: { $0.name < $1.name }) where relation.count > 0 || relation.isKept {
            key(relation.name)
            beginArray()
            relation.write(&self)
            endArray()
        }
        endObject()
    }
}

/// Resources of one kind inside another resource.
struct HALRelation {
    var name: String
    var count: Int
    /// Whether it is there when it is empty.
    var isKept = false
    var write: (inout JSONWriter) -> Void

    /// Embeds each of `resources`, written by `write`.
    init<Resource>(
        _ name: String,
        _ resources: [Resource],
        isKept: Bool = false,
        _ write: @escaping (Resource, inout JSONWriter) -> Void
    ) {
        self.name = name
        count = resources.count
        self.isKept = isKept
        self.write = { writer in
            for resource in resources { write(resource, &writer) }
        }
    }
}

/// A path of a link: constant parts and names, which are escaped.
struct HALPath: ExpressibleByStringInterpolation {
    var text: String

    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    struct Interpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {}
        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ name: String) { text += name.percentEncodedStep }
        mutating func appendInterpolation(_ name: some CustomStringConvertible) {
            text += name.description.percentEncodedStep
        }
    }
}

extension String {
    /// The text as one step of a path.
    fileprivate var percentEncodedStep: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in utf8 {
            if Self.plain.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let plain = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@".utf8
    )
}
