// Values are nobody's business but the handler's: what ends up in a log has names and types.

extension Variable: CustomStringConvertible, CustomDebugStringConvertible {
    /// The type, without the value.
    public var description: String {
        let name = type?.rawValue ?? "untyped"
        let shown = isNull && type != .null ? "\(name) (null)" : name
        return isTransient ? "transient \(shown)" : shown
    }

    /// The type, without the value.
    public var debugDescription: String { description }
}

extension Variables: CustomStringConvertible, CustomDebugStringConvertible {
    /// Names and types, in the order of the names, without the values.
    public var description: String {
        let members = values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return members.isEmpty ? "[:]" : "[\(members.joined(separator: ", "))]"
    }

    /// Names and types, in the order of the names, without the values.
    public var debugDescription: String { description }
}
