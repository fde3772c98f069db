/// What the BPMN schema says of one kind of element: its attributes, and its children in their order.
struct SchemaType: Sendable {
    /// Attributes without a namespace; those of other namespaces are always allowed.
    var attributes: [String: Attribute] = [:]
    var content: Content = .elements([])
    /// Whether text may stand between the children.
    var isMixed = false

    struct Attribute: Sendable {
        var value: Value
        var isRequired = false
    }

    enum Value: Sendable {
        case text
        case boolean
        case integer
        /// A name of its own, unlike any other of the file.
        case id
        /// The name of another element of the file.
        case idReference
        /// A reference that the schema does not follow.
        case name
        case oneOf([String])
    }

    enum Content: Sendable {
        case elements([Particle])
        case value(Value)
        /// Elements of other namespaces.
        case extensions
        case anything
    }

    /// A place in a sequence of children.
    struct Particle: Sendable {
        var names: Set<String>
        var isRequired = false
        var repeats = false
    }
}

extension SchemaType.Particle {
    static func optional(_ names: String...) -> Self { .init(names: Set(names)) }
    static func one(_ name: String) -> Self { .init(names: [name], isRequired: true) }
    static func many(_ names: String...) -> Self { .init(names: Set(names), repeats: true) }
    static func many(_ names: Set<String>) -> Self { .init(names: names, repeats: true) }
    static func some(_ name: String) -> Self { .init(names: [name], isRequired: true, repeats: true) }
}

extension SchemaType {
    /// This type with more children behind its own and more attributes.
    func extended(
        _ particles: [Particle] = [],
        text: [String] = [],
        names: [String] = [],
        booleans: [String] = [],
        integers: [String] = [],
        references: [String] = [],
        choices: [String: [String]] = [:],
        required: [String] = []
    ) -> SchemaType {
        var result = self
        if case .elements(let own) = content { result.content = .elements(own + particles) }
        for name in text { result.attributes[name] = Attribute(value: .text) }
        for name in names { result.attributes[name] = Attribute(value: .name) }
        for name in booleans { result.attributes[name] = Attribute(value: .boolean) }
        for name in integers { result.attributes[name] = Attribute(value: .integer) }
        for name in references { result.attributes[name] = Attribute(value: .idReference) }
        for (name, values) in choices { result.attributes[name] = Attribute(value: .oneOf(values)) }
        for name in required { result.attributes[name]?.isRequired = true }
        return result
    }

    /// This type with text allowed between its children.
    var mixed: SchemaType {
        var result = self
        result.isMixed = true
        return result
    }
}
