/// Compares a whole file with the BPMN 2.0 schema, processes that are not executable included.
///
/// Messages name the rule by its number in the XML Schema recommendation (`cvc-…`).
struct SchemaCheck {
    private let problems: ModelProblems
    private var ids: [String: ModelElement] = [:]
    private var references: [(value: String, element: ModelElement)] = []

    /// Reports everything in `root` that the schema forbids.
    static func check(_ root: ModelElement, reportingTo problems: ModelProblems) {
        var check = SchemaCheck(problems: problems)
        guard root.isBPMN("definitions") else {
            problems.error("The root element is not 'definitions' of BPMN 2.0 (cvc-elt.1.a)", at: root)
            return
        }
        check.visit(root)
        for (value, element) in check.references where check.ids[value] == nil {
            problems.error("No element has the id '\(value)' (cvc-id.1)", at: element)
        }
    }

    private init(problems: ModelProblems) { self.problems = problems }

    private mutating func visit(_ element: ModelElement) {
        guard let name = element.bpmnName else { return visitDiagram(element) }
        guard let type = type(of: element, named: name) else { return collectIDs(element) }
        checkAttributes(of: element, type)
        checkContent(of: element, type)
    }

    private func type(of element: ModelElement, named name: String) -> SchemaType? {
        let given = element.attributes[QualifiedName(Namespace.schemaInstance, "type")]
        if let given, given.trimmed.split(separator: ":").last == "tFormalExpression" {
            return BPMNSchema.formalExpression
        }
        return given == nil ? BPMNSchema.type(of: name) : nil
    }

    private mutating func checkAttributes(of element: ModelElement, _ type: SchemaType) {
        for (name, value) in element.attributes {
            if name.namespace == Namespace.bpmn {
                let text = "Attribute '\(name.local)' must stand without a prefix (cvc-complex-type.3.2.2)"
                problems.error(text, at: element)
            }
            guard name.namespace.isEmpty else { continue }
            guard let attribute = type.attributes[name.local] else {
                let text = "Attribute '\(name.local)' is not allowed on '\(element.name.local)'"
                problems.error(text + " (cvc-complex-type.3.2.2)", at: element)
                continue
            }
            check(value, is: attribute.value, of: element, label: "attribute '\(name.local)'")
        }
        for (name, attribute) in type.attributes where attribute.isRequired && element[name] == nil {
            problems.error("'\(element.name.local)' lacks attribute '\(name)' (cvc-complex-type.4)", at: element)
        }
    }

    private mutating func check(_ raw: String, is kind: SchemaType.Value, of element: ModelElement, label: String) {
        let value = raw.trimmed
        let isValid: Bool
        switch kind {
        case .text: return
        case .boolean: isValid = ["true", "false", "1", "0"].contains(value)
        case .integer: isValid = Int(value) != nil
        case .name: isValid = !value.isEmpty && !value.contains { $0.isWhitespace }
        case .oneOf(let values): isValid = values.contains(value)
        case .id:
            isValid = value.isNCName
            if isValid { remember(value, element) }
        case .idReference:
            isValid = value.isNCName
            if isValid { references.append((value, element)) }
        }
        if !isValid {
            problems.error("'\(value)' is not a valid value for \(label) (cvc-datatype-valid.1.2.1)", at: element)
        }
    }

    private mutating func remember(_ id: String, _ element: ModelElement) {
        guard ids[id] != nil else { return ids[id] = element }
        problems.error("The id '\(id)' is used more than once (cvc-id.2)", at: element)
    }

    private mutating func checkContent(of element: ModelElement, _ type: SchemaType) {
        if !type.isMixed, case .elements = type.content, !element.text.trimmed.isEmpty {
            problems.error("Text is not allowed in '\(element.name.local)' (cvc-complex-type.2.3)", at: element)
        }
        switch type.content {
        case .anything: return
        case .value(let kind): check(element.text, is: kind, of: element, label: "'\(element.name.local)'")
        case .extensions:
            for child in element.children where child.name.namespace == Namespace.bpmn || child.name.namespace.isEmpty {
                notAllowed(child, in: element)
            }
        case .elements(let particles):
            checkSequence(element, particles)
            for child in element.children { visit(child) }
        }
    }

    /// Follows the children along the particles; reports the first that does not fit, for what follows depends on it.
    private func checkSequence(_ element: ModelElement, _ particles: [SchemaType.Particle]) {
        var place = particles.startIndex
        var used = false
        for child in element.children {
            let name = child.particleName
            while place < particles.endIndex {
                let particle = particles[place]
                if particle.names.contains(name), !used || particle.repeats { break }
                if particle.isRequired, !used { return missing(particle, in: element, at: child) }
                place += 1
                used = false
            }
            guard place < particles.endIndex else { return notAllowed(child, in: element) }
            used = true
        }
        for index in place..<particles.endIndex where particles[index].isRequired && !(index == place && used) {
            return missing(particles[index], in: element, at: element)
        }
    }

    private func notAllowed(_ child: ModelElement, in element: ModelElement) {
        let text = "Element '\(child.name.local)' is not allowed at this place in '\(element.name.local)'"
        problems.error(text + " (cvc-complex-type.2.4)", at: child)
    }

    private func missing(_ particle: SchemaType.Particle, in element: ModelElement, at place: ModelElement) {
        let expected = particle.names.sorted().joined(separator: "' or '")
        problems.error("'\(element.name.local)' lacks element '\(expected)' (cvc-complex-type.2.4.b)", at: place)
    }

    /// In parts that are not checked, ids still count.
    private mutating func collectIDs(_ element: ModelElement) {
        if let id = element.id, element.bpmnName != nil { remember(id, element) }
        for child in element.children where !child.isBPMN("extensionElements") { collectIDs(child) }
    }

    private mutating func visitDiagram(_ element: ModelElement) {
        let isDiagram = element.name.namespace == Namespace.diagram
        if isDiagram, let id = element["id"] { check(id, is: .id, of: element, label: "attribute 'id'") }
        for child in element.children where isDiagram { visitDiagram(child) }
    }
}

extension ModelElement {
    /// How the children of BPMN elements are named in particles.
    fileprivate var particleName: String {
        if name.namespace == Namespace.bpmn { return name.local }
        return name.namespace == Namespace.diagram ? "{DI}\(name.local)" : "{\(name.namespace)}\(name.local)"
    }
}

extension String {
    /// Whether XML allows this as an id.
    fileprivate var isNCName: Bool {
        guard let first = unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return false }
        return unicodeScalars.dropFirst().allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "_-.·".unicodeScalars.contains(scalar)
                || scalar.properties.generalCategory == .nonspacingMark
        }
    }
}
