package import OrderedCollections

/// The members of a JSON object, in the order in which their names first appeared.
///
/// Two objects are equal when they hold the same members in the same order.
package struct JSONObject: Sendable, Hashable {
    /// The members by name.
    package private(set) var members: OrderedDictionary<String, JSONValue>

    /// An object without members.
    package init() {
        members = [:]
    }

    /// An object with these members; of several with one name the last counts.
    package init(_ members: some Sequence<(String, JSONValue)>) {
        self.members = OrderedDictionary(members, uniquingKeysWith: { $1 })
    }

    /// The member with this name; setting nil removes it.
    package subscript(key: String) -> JSONValue? {
        get { members[key] }
        set { members[key] = newValue }
    }

    /// The names, in order.
    package var keys: some RandomAccessCollection<String> { members.keys }

    /// The values, in the order of their names.
    package var values: some RandomAccessCollection<JSONValue> { members.values }
}

extension JSONObject: Sequence {
    package typealias Element = (key: String, value: JSONValue)

    /// How many members there are.
    package var count: Int { members.count }

    /// Whether there are no members.
    package var isEmpty: Bool { members.isEmpty }

    package var underestimatedCount: Int { members.count }

    package func makeIterator() -> Iterator {
        Iterator(members: members.makeIterator())
    }

    /// Goes through the members in order.
    package struct Iterator: IteratorProtocol {
        fileprivate var members: OrderedDictionary<String, JSONValue>.Iterator

        package mutating func next() -> Element? { members.next() }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements)
    }
}
