import BPMN
import EngineCore

/// The resources of a deployment, checked, and the executable processes that their models hold.
///
/// Made before the database is asked for anything.
struct DeploymentModels: Sendable {
    /// One file and the processes in it.
    struct Model: Sendable {
        var resource: NewDeployment.Resource
        var definitions: [ProcessDefinition]
    }

    /// One per resource name, in the order of first mention.
    private(set) var models: [Model] = []

    /// Reads the models among `resources`.
    ///
    /// - Throws: ``Rejection`` for the first resource that has a problem: no resource at all, a name that is empty or
    ///   too long, a model that cannot be read or run, or a process key that another process of the deployment has.
    init(_ resources: [NewDeployment.Resource]) throws(Rejection) {
        guard !resources.isEmpty else { throw .emptyDeployment }
        for resource in Self.lastOfEachName(resources) {
            guard !resource.name.isEmpty else { throw .invalid(message: "A resource has no name") }
            try Self.check(resource.name, parameter: "resource name", maximum: NewDeployment.maximumNameLength)
            try Self.refuseOtherModels(resource.name)
            let definitions = Self.isModel(resource.name) ? try Self.read(resource) : []
            models.append(Model(resource: resource, definitions: definitions))
        }
        try refuseRepeatedKeys()
    }

    /// Whether a file is a BPMN model, by its name.
    static func isModel(_ name: String) -> Bool { name.hasSuffix(".bpmn") || name.hasSuffix(".bpmn20.xml") }

    /// Refuses models that the engine would have to run and cannot yet; files of other kinds are kept as they are.
    private static func refuseOtherModels(_ name: String) throws(Rejection) {
        let endings = [".dmn", ".dmn11.xml", ".cmmn", ".cmmn11.xml", ".cmmn10.xml"]
        guard endings.contains(where: name.hasSuffix) else { return }
        throw .invalid(message: "'\(name)': decisions (DMN) and cases (CMMN) are not supported yet")
    }

    /// Refuses text that the database could not keep.
    static func check(_ text: String?, parameter: String, maximum: Int) throws(Rejection) {
        guard let text else { return }
        guard text.unicodeScalars.count <= maximum else { throw .valueTooLong(parameter: parameter, maximum: maximum) }
        guard !text.utf8.contains(0) else { throw .invalid(message: "\(parameter) holds the character NUL") }
    }

    private func refuseRepeatedKeys() throws(Rejection) {
        var keys: Set<String> = []
        for definition in models.flatMap(\.definitions) {
            try Self.check(definition.key, parameter: "process id", maximum: NewDeployment.maximumNameLength)
            guard keys.insert(definition.key).inserted else { throw .duplicateProcessKey(definition.key) }
        }
    }

    private static func lastOfEachName(_ resources: [NewDeployment.Resource]) -> [NewDeployment.Resource] {
        var places: [String: Int] = [:]
        var kept: [NewDeployment.Resource] = []
        for resource in resources {
            if let place = places[resource.name] {
                kept[place] = resource
            } else {
                places[resource.name] = kept.count
                kept.append(resource)
            }
        }
        return kept
    }

    private static func read(_ resource: NewDeployment.Resource) throws(Rejection) -> [ProcessDefinition] {
        do throws(ModelRejection) {
            return try BPMNReader.read(resource.content, resourceName: resource.name)
        } catch {
            throw Rejection(error, resource: resource.name)
        }
    }
}

extension Rejection {
    /// The answer to a model that cannot be deployed.
    init(_ rejection: ModelRejection, resource: String) {
        switch rejection {
        case .notWellFormed(let problem):
            self = .modelUnreadable(resource: resource, ModelProblem(problem), isWellFormed: false)
        case .unreadable(let problem):
            self = .modelUnreadable(resource: resource, ModelProblem(problem), isWellFormed: true)
        case .invalid(let errors, let warnings):
            self = .modelInvalid(
                resource: resource,
                errors: errors.map(ModelProblem.init),
                warnings: warnings.map(ModelProblem.init)
            )
        }
    }
}

extension ModelProblem {
    fileprivate init(_ problem: Diagnostic) {
        self.init(
            message: problem.message,
            line: problem.line,
            column: problem.column,
            mainElementID: problem.mainElementID,
            elementIDs: problem.elementIDs
        )
    }
}
