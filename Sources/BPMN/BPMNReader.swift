/// Turns BPMN 2.0 XML into process definitions.
///
/// Reading has four stages, and all but the first collect every problem they find: the file must be well-formed XML, it
/// must follow the BPMN schema, its executable processes must be ones that the engine can run, and its diagrams must
/// show what exists. What the engine does not run yet is reported for models that are right otherwise: those who mend
/// a model look for what is wrong first.
package enum BPMNReader {
    /// Reads the executable processes of a model; others are skipped without a look inside.
    ///
    /// - Parameters:
    ///   - bytes: The file, at most ``ModelLimits/bytes`` long, in UTF-8, UTF-16, ASCII or a one-byte encoding.
    ///   - resourceName: What the file is called; messages about the file as a whole say it.
    /// - Returns: The executable processes in document order; each carries all warnings of the file.
    /// - Throws: ``ModelRejection``.
    package static func read(_ bytes: [UInt8], resourceName: String) throws(ModelRejection) -> [ProcessDefinition] {
        let root = try root(of: bytes, resourceName)
        let problems = ModelProblems()
        SchemaCheck.check(root, reportingTo: problems)
        var definitions: [ProcessDefinition] = []
        if root.isBPMN("definitions") {
            let shared = try SharedElements(in: root, problems: problems)
            for process in root.all("process") where process["isExecutable"]?.trimmed.isTrue == true {
                var reader = ProcessReader(process, in: root, shared: shared, problems: problems)
                definitions.append(try reader.read())
            }
            DiagramCheck.check(root, reportingTo: problems)
        }
        guard problems.errors.isEmpty, problems.unsupported.isEmpty else {
            let errors = problems.errors.isEmpty ? problems.unsupported : problems.errors
            throw .invalid(errors: errors.sorted(by: Diagnostic.precedes), warnings: problems.warnings)
        }
        for index in definitions.indices { definitions[index].warnings = problems.warnings }
        return definitions
    }

    private static func root(of bytes: [UInt8], _ resourceName: String) throws(ModelRejection) -> ModelElement {
        do throws(XMLProblem) {
            return try ModelXML.root(of: bytes)
        } catch {
            let message = "Could not parse '\(resourceName)'. \(error.message)"
            throw .notWellFormed(Diagnostic(message: message, line: error.line, column: error.column))
        }
    }
}

extension String {
    fileprivate var isTrue: Bool { self == "1" || lowercased() == "true" }
}
