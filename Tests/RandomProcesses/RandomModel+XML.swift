extension RandomModel {
    /// The model as BPMN 2.0 XML, of a process with this key.
    package func xml(key: String) -> String {
        var writer = ModelWriter()
        let start = writer.add("startEvent", "start")
        var starts = [Exit(source: start)]
        for triggered in triggeredStarts {
            starts.append(Exit(source: writer.add("startEvent", triggered.id, content: triggered.trigger.definition)))
        }
        let (entry, exits) = writer.write(main)
        writer.connect(starts, to: entry)
        writer.finish(exits, after: "main", endsImplicitly: false)
        // A message starts one process only.
        let names = ["\(Self.messages[0])-\(key)"] + Self.messages.dropFirst()
        let messages = names.enumerated().map { "<message id=\"m\($0)\" name=\"\($1)\"/>" }.joined()
        let signals = Self.signals.enumerated().map { "<signal id=\"s\($0)\" name=\"\($1)\"/>" }.joined()
        let errors = Self.codes.map { "<error id=\"\($0)\" errorCode=\"\($0)\" camunda:errorMessage=\"oops ${a}\"/>" }
        return """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
            \(messages)\(signals)\(errors.joined())
            <process id="\(key)" isExecutable="true">
            \(writer.text)
            </process></definitions>
            """
    }
}

extension RandomModel.Trigger {
    fileprivate var definition: String {
        switch self {
        case .message(let number): "<messageEventDefinition messageRef=\"m\(number)\"/>"
        case .signal(let number): "<signalEventDefinition signalRef=\"s\(number)\"/>"
        }
    }
}

/// A flow that leads to whatever comes next.
private struct Exit {
    var source: String
    var condition: String?
    var isDefault = false
}

/// Writes the nodes and flows of one level.
private struct ModelWriter {
    private struct Node {
        var name: String
        var id: String
        var attributes: String
        var content: String
    }

    private var nodes: [Node] = []
    private var flows: [String] = []

    mutating func add(_ name: String, _ id: String, _ attributes: String = "", content: String = "") -> String {
        nodes.append(Node(name: name, id: id, attributes: attributes, content: content))
        return id
    }

    mutating func connect(_ exits: [Exit], to target: String) {
        for exit in exits {
            let id = "f_\(exit.source)_\(target)_\(flows.count)"
            var condition = ""
            if let text = exit.condition {
                condition =
                    "<conditionExpression xsi:type=\"tFormalExpression\"><![CDATA[\(text)]]></conditionExpression>"
            }
            flows.append(
                "<sequenceFlow id=\"\(id)\" sourceRef=\"\(exit.source)\" targetRef=\"\(target)\">\(condition)</sequenceFlow>"
            )
            if exit.isDefault, let index = nodes.firstIndex(where: { $0.id == exit.source }) {
                nodes[index].attributes += " default=\"\(id)\""
            }
        }
    }

    /// Leads what is left to an end event, or leaves it as it is where that is possible.
    mutating func finish(_ exits: [Exit], after id: String, endsImplicitly: Bool) {
        let left = endsImplicitly ? exits.filter { $0.isDefault || $0.condition != nil } : exits
        guard !left.isEmpty else { return }
        connect(left, to: add("endEvent", "end_\(id)"))
    }

    var text: String {
        let nodes = nodes.map { "<\($0.name) id=\"\($0.id)\"\($0.attributes)>\($0.content)</\($0.name)>" }
        return (nodes + flows).joined(separator: "\n")
    }
}

// MARK: Blocks

extension ModelWriter {
    mutating func write(_ block: RandomModel.Block) -> (entry: String, exits: [Exit]) {
        switch block {
        case .sequence(let blocks): return write(blocks)
        case .activity(let activity): return write(activity)
        case .catching(let id, let trigger):
            return passing(add("intermediateCatchEvent", id, content: trigger.definition))
        case .throwing(let id, let signal):
            let definition = RandomModel.Trigger.signal(signal).definition
            return passing(add("intermediateThrowEvent", id, content: definition))
        case .exclusive(let id, let branches, let isExhaustive):
            let gateway = add("exclusiveGateway", id)
            return (gateway, write(branches, from: gateway, hasDefault: isExhaustive))
        case .parallel(let id, let branches, let isJoined):
            let gateway = add("parallelGateway", id)
            let exits = write(branches.map { .init(condition: nil, block: $0) }, from: gateway, hasDefault: false)
            return (gateway, isJoined ? join(exits, id) : exits)
        case .forkingTask(let id, let branches, let isJoined):
            let task = add("task", id)
            let hasDefault = branches.allSatisfy { $0.condition != nil }
            let exits = write(branches, from: task, hasDefault: hasDefault)
            return (task, isJoined && !hasDefault ? join(exits, id) : exits)
        case .eventBased(let id, let catches):
            let gateway = add("eventBasedGateway", id)
            return (gateway, catches.flatMap { write($0, from: gateway) })
        case .loop(let id, let work, let block): return loop(id, work, block)
        case .counted(let id, let block, let times): return counted(id, block, times)
        case .end(let id, let end):
            write(end, id)
            return (id, [])
        }
    }

    private func passing(_ id: String) -> (entry: String, exits: [Exit]) { (id, [Exit(source: id)]) }

    private mutating func write(_ blocks: [RandomModel.Block]) -> (entry: String, exits: [Exit]) {
        guard let first = blocks.first else { return passing(add("task", "nothing\(nodes.count)_\(flows.count)")) }
        var (entry, exits) = write(first)
        for block in blocks.dropFirst() {
            guard !exits.isEmpty else { break }
            let next = write(block)
            connect(exits, to: next.entry)
            exits = next.exits
        }
        return (entry, exits)
    }

    private mutating func write(
        _ branches: [RandomModel.Branch],
        from gateway: String,
        hasDefault: Bool
    ) -> [Exit] {
        branches.enumerated().flatMap { index, branch in
            let (entry, exits) = write(branch.block)
            let isDefault = hasDefault && index == branches.count - 1
            let condition = isDefault ? nil : branch.condition
            connect([Exit(source: gateway, condition: condition, isDefault: isDefault)], to: entry)
            return exits
        }
    }

    private mutating func write(_ caught: RandomModel.Catch, from gateway: String) -> [Exit] {
        connect(
            [Exit(source: gateway)],
            to: add("intermediateCatchEvent", caught.id, content: caught.trigger.definition)
        )
        let (entry, exits) = write(caught.block)
        connect([Exit(source: caught.id)], to: entry)
        return exits
    }

    private mutating func join(_ exits: [Exit], _ id: String) -> [Exit] {
        guard !exits.isEmpty else { return [] }
        let join = add("parallelGateway", "join_\(id)")
        connect(exits, to: join)
        return [Exit(source: join)]
    }

    private mutating func loop(
        _ id: String,
        _ work: RandomModel.Activity,
        _ block: RandomModel.Block
    ) -> (entry: String, exits: [Exit]) {
        let (merge, begun) = (add("exclusiveGateway", "merge_\(id)"), write(work))
        connect([Exit(source: merge)], to: begun.entry)
        let inside = write(block)
        connect(begun.exits, to: inside.entry)
        guard !inside.exits.isEmpty else { return (merge, []) }
        let gateway = add("exclusiveGateway", id)
        connect(inside.exits, to: gateway)
        connect([Exit(source: gateway, condition: "${again}")], to: merge)
        return (merge, [Exit(source: gateway, isDefault: true)])
    }

    private mutating func counted(
        _ id: String,
        _ block: RandomModel.Block,
        _ times: Int
    ) -> (entry: String, exits: [Exit]) {
        func output(_ value: String) -> String {
            """
            <extensionElements><camunda:inputOutput><camunda:outputParameter name="\(id)">\(value)\
            </camunda:outputParameter></camunda:inputOutput></extensionElements>
            """
        }
        let first = add("task", "zero_\(id)", content: output("${0}"))
        let merge = add("exclusiveGateway", "merge_\(id)")
        connect([Exit(source: first)], to: merge)
        let inside = write(block)
        connect([Exit(source: merge)], to: inside.entry)
        guard !inside.exits.isEmpty else { return (first, []) }
        let next = add("task", "next_\(id)", content: output("${\(id) + 1}"))
        connect(inside.exits, to: next)
        let gateway = add("exclusiveGateway", id)
        connect([Exit(source: next)], to: gateway)
        connect([Exit(source: gateway, condition: "${\(id) < \(times)}")], to: merge)
        return (first, [Exit(source: gateway, isDefault: true)])
    }

    private mutating func write(_ end: RandomModel.End, _ id: String) {
        switch end {
        case .none(let inputs):
            _ = add("endEvent", id, content: Self.extensions(mapping: Self.mapping(inputs, [])))
        case .terminate: _ = add("endEvent", id, content: "<terminateEventDefinition/>")
        case .error(let code): _ = add("endEvent", id, content: "<errorEventDefinition errorRef=\"\(code)\"/>")
        case .signal(let number):
            _ = add("endEvent", id, content: RandomModel.Trigger.signal(number).definition)
        }
    }
}

// MARK: Activities

extension ModelWriter {
    private mutating func write(_ activity: RandomModel.Activity) -> (entry: String, exits: [Exit]) {
        let mapping = Self.mapping(activity.inputs, activity.outputs)
        let loop = activity.multiInstance.map(Self.text) ?? ""
        switch activity.kind {
        case .external(let topic, let priority, let failsIf):
            let priority = priority.map { " camunda:taskPriority=\"\($0)\"" } ?? ""
            let failure =
                failsIf.map {
                    "<camunda:errorEventDefinition id=\"e_\(activity.id)\" errorRef=\"E1\" expression=\"\($0)\"/>"
                } ?? ""
            let attributes = " camunda:type=\"external\" camunda:topic=\"\(topic)\"\(priority)"
            _ = add("serviceTask", activity.id, attributes, content: Self.extensions(mapping: mapping, failure) + loop)
        case .user(let attributes):
            _ = add("userTask", activity.id, attributes, content: Self.extensions(mapping: mapping) + loop)
        case .receive(let message):
            let attributes = message.map { " messageRef=\"m\($0)\"" } ?? ""
            _ = add("receiveTask", activity.id, attributes, content: Self.extensions(mapping: mapping) + loop)
        case .passThrough: _ = add("task", activity.id, content: Self.extensions(mapping: mapping) + loop)
        case .subProcess(let block, let endsImplicitly):
            var inside = ModelWriter()
            let start = inside.add("startEvent", "start_\(activity.id)")
            let (entry, exits) = inside.write(block)
            inside.connect([Exit(source: start)], to: entry)
            inside.finish(exits, after: activity.id, endsImplicitly: endsImplicitly)
            let content = Self.extensions(mapping: mapping) + loop + inside.text
            _ = add("subProcess", activity.id, content: content)
        }
        return (activity.id, [Exit(source: activity.id)] + activity.boundaries.flatMap { write($0, on: activity.id) })
    }

    private mutating func write(_ boundary: RandomModel.Boundary, on host: String) -> [Exit] {
        var attributes = " attachedToRef=\"\(host)\""
        let definition: String
        switch boundary.kind {
        case .error(let code, let kept):
            definition = "<errorEventDefinition\(code.map { " errorRef=\"\($0)\"" } ?? "")\(kept)/>"
        case .trigger(let trigger, let isInterrupting):
            attributes += " cancelActivity=\"\(isInterrupting)\""
            definition = trigger.definition
        }
        _ = add("boundaryEvent", boundary.id, attributes, content: definition)
        let (entry, exits) = write(boundary.block)
        connect([Exit(source: boundary.id)], to: entry)
        if boundary.merges { return exits }
        finish(exits, after: boundary.id, endsImplicitly: true)
        return []
    }

    private static func mapping(_ inputs: [RandomModel.Mapping], _ outputs: [RandomModel.Mapping]) -> String {
        guard !inputs.isEmpty || !outputs.isEmpty else { return "" }
        let lines =
            inputs.map { "<camunda:inputParameter name=\"\($0.name)\">\($0.content)</camunda:inputParameter>" }
            + outputs.map { "<camunda:outputParameter name=\"\($0.name)\">\($0.content)</camunda:outputParameter>" }
        return "<camunda:inputOutput>\(lines.joined())</camunda:inputOutput>"
    }

    private static func extensions(mapping: String, _ other: String = "") -> String {
        let content = mapping + other
        return content.isEmpty ? "" : "<extensionElements>\(content)</extensionElements>"
    }

    private static func text(_ loop: RandomModel.MultiInstance) -> String {
        let cardinality = loop.cardinality.map { "<loopCardinality>\($0)</loopCardinality>" } ?? ""
        let condition = loop.completionCondition.map { "<completionCondition>\($0)</completionCondition>" } ?? ""
        return """
            <multiInstanceLoopCharacteristics isSequential="\(loop.isSequential)" \(loop.collection ?? "")>\
            \(cardinality)\(condition)</multiInstanceLoopCharacteristics>
            """
    }
}
