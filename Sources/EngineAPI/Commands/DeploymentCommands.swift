import EngineCore
import EngineRuntime
import EngineStore
import Expressions
import JSON

extension RouteTable {
    /// Deploying, and taking back.
    mutating func addDeploymentCommands() {
        post("/deployment/create", consumes: .only(.form), produces: .json) { call in
            let deployment = try NewDeployment(form: try await call.form())
            let result = try await call.engine.deploy(deployment)
            return .json(reservingCapacity: 2048) { $0.deployment(result, call) }
        }
        delete("/deployment/{id}") { call in
            try await call.engine.deleteDeployment(call.path["id"], cascade: call.query.flag("cascade"))
            return .noContent
        }
    }
}

extension NewDeployment {
    /// The deployment that a form describes: the parts with known names set it up, all others are its files.
    ///
    /// - Throws: ``APIError`` for a file without a name, and for what is not supported.
    init(form: [FormPart]) throws(APIError) {
        self.init(name: nil, resources: [])
        var isFiltered = false
        var changedOnly = false
        for part in form {
            switch part.name {
            case "deployment-name": name = try part.plainText()
            case "deployment-source": source = try part.plainText()
            case "tenant-id": tenantID = try part.plainText()
            case "enable-duplicate-filtering": isFiltered = part.text.lowercased() == "true"
            case "deploy-changed-only": changedOnly = part.text.lowercased() == "true"
            case "deployment-activation-time":
                guard part.content.isEmpty else {
                    throw .invalidRequest("The form parameter 'deployment-activation-time' is not supported yet")
                }
            default:
                guard let fileName = part.fileName else {
                    throw .invalidRequest(
                        "No file name found in the deployment resource described by form parameter '\(part.name)'."
                    )
                }
                resources.append(Resource(name: fileName, content: part.content))
            }
        }
        filtering = changedOnly ? .changedOnly : isFiltered ? .all : .none
    }
}

extension FormPart {
    /// The content as text that the database can keep.
    fileprivate func plainText() throws(APIError) -> String {
        guard !content.contains(0) else { throw .unstorable }
        return text
    }
}

extension JSONWriter {
    fileprivate mutating func deployment(_ result: DeploymentResult, _ call: Call) {
        beginObject()
        call.writeLinks(to: "/deployment/\(result.id)", in: &self)
        member("id", result.id.description)
        member("name", result.name)
        member("source", result.source)
        member("deploymentTime", Instant(result.deployTime))
        member("tenantId", result.tenantID)
        key("deployedProcessDefinitions")
        deployedDefinitions(result.deployedDefinitions)
        key("deployedCaseDefinitions")
        null()
        key("deployedDecisionDefinitions")
        null()
        key("deployedDecisionRequirementsDefinitions")
        null()
        endObject()
    }

    /// By id; `null` when there are none.
    private mutating func deployedDefinitions(_ definitions: [DefinitionRecord]) {
        guard !definitions.isEmpty else { return null() }
        beginObject()
        for definition in definitions {
            key(definition.id.description)
            processDefinition(definition)
        }
        endObject()
    }
}
