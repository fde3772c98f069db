import FoundationEssentials

@testable import BPMN

/// Makes models for tests and reads them.
enum Model {
    /// A file with one executable process; `inside` starts on line 2 and `shared` stands on line 1.
    static func file(_ inside: String, shared: String = "", attributes: String = "") -> String {
        """
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" \
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" \
        targetNamespace="test">\(shared)<process id="p" isExecutable="true" \(attributes)>
        \(inside)
        </process></definitions>
        """
    }

    /// The process of ``file(_:shared:attributes:)``.
    static func process(
        _ inside: String,
        shared: String = "",
        attributes: String = ""
    ) throws -> ProcessDefinition {
        let all = try read(file(inside, shared: shared, attributes: attributes))
        guard let only = all.first, all.count == 1 else { throw UnexpectedCount(count: all.count) }
        return only
    }

    static func read(_ text: String) throws(ModelRejection) -> [ProcessDefinition] {
        try read(Array(text.utf8))
    }

    static func read(_ bytes: [UInt8]) throws(ModelRejection) -> [ProcessDefinition] {
        try BPMNReader.read(bytes, resourceName: "test.bpmn")
    }

    /// The errors that a process is refused with; none when it is accepted or refused otherwise.
    static func errors(in inside: String, shared: String = "", attributes: String = "") -> [Diagnostic] {
        errors(ofFile: file(inside, shared: shared, attributes: attributes))
    }

    static func errors(ofFile text: String) -> [Diagnostic] {
        do throws(ModelRejection) {
            _ = try read(text)
        } catch {
            if case .invalid(let errors, _) = error { return errors }
        }
        return []
    }

    /// A file of the fixture folder.
    static func fixture(_ name: String) throws -> [UInt8] {
        let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return Array(try Data(contentsOf: URL(filePath: "/\(folder)/Fixtures/\(name)")))
    }

    struct UnexpectedCount: Error {
        var count: Int
    }
}

extension ProcessDefinition {
    /// The node with this id.
    func named(_ id: String) throws -> FlowNode {
        guard let index = node(id: id) else { throw Missing(id: id) }
        return self[index]
    }

    struct Missing: Error {
        var id: String
    }
}
