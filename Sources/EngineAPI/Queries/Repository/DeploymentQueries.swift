import EngineCore
import EngineRuntime
import EngineStore
import Expressions
import JSON

extension RouteTable {
    /// Reading deployments and their files.
    mutating func addDeploymentQueries() {
        addList("/deployment", alsoByPost: false, .deployments)
        get("/deployment/{id}") { call in
            var query = DeploymentQuery()
            query.deploymentID = call.path["id"]
            guard let deployment = try await call.engine.deployments(query).first else {
                throw APIError.notFound("Deployment with id '\(call.path["id"])' does not exist")
            }
            return .json { deployment.write(to: &$0) }
        }
        get("/deployment/{id}/resources") { call in
            let resources = try await call.engine.resources(ofDeployment: call.path["id"])
            guard !resources.isEmpty else {
                throw APIError.notFound("Deployment resources for deployment id '\(call.path["id"])' do not exist.")
            }
            return .json(list: resources) { $0.write(to: &$1) }
        }
        get("/deployment/{id}/resources/{resourceId}") { call in
            let id = call.path["resourceId"].lowercased()
            let resources = try await call.engine.resources(ofDeployment: call.path["id"])
            guard let resource = resources.first(where: { $0.id.text == id }) else {
                throw APIError.notFound(
                    """
                    Deployment resource with resource id '\(call.path["resourceId"])' for deployment id \
                    '\(call.path["id"])' does not exist.
                    """
                )
            }
            return .json { resource.write(to: &$0) }
        }
        get("/deployment/{id}/resources/{resourceId}/data", produces: .anything) { call in
            let (id, deployment) = (call.path["resourceId"], call.path["id"])
            guard let file = try await call.engine.resource(id, ofDeployment: deployment) else {
                throw APIError.notFound(
                    "Deployment resource '\(id)' for deployment id '\(deployment)' does not exist."
                )
            }
            return .bytes(
                file.content,
                contentType: Self.contentType(of: file.name),
                disposition: Answer.attachment(named: file.name)
            )
        }
    }

    /// The kind of a file by the end of its name.
    private static func contentType(of name: String) -> String {
        switch name.split(separator: ".").last?.lowercased() {
        case "bpmn", "xml", "dmn", "cmmn": MediaType.xml.description
        case "json", "form": MediaType.json.description
        case "txt": MediaType.text.description
        case "html": "text/html"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        case "gif": "image/gif"
        default: MediaType.bytes.description
        }
    }
}

extension ListOperation<DeploymentQuery> {
    static let deployments = Self(
        read: { (filters, query) throws(APIError) in
            query.deploymentID = try filters.text("id")
            query.deploymentName = try filters.text("name")
            query.deploymentNameLike = try filters.text("nameLike")
            query.source = try filters.text("source")
            query.withoutSource = try filters.flag("withoutSource")
            query.tenants = try filters.tenants(including: "includeDeploymentsWithoutTenantId")
            query.deployedBefore = try filters.date("before")
            query.deployedAfter = try filters.date("after")
        },
        list: { try await $0.deployments($1) },
        count: { try await $0.deploymentCount($1) },
        write: { deployment, _, writer in deployment.write(to: &writer) }
    )
}

extension DeploymentRecord {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("links")
        writer.beginArray()
        writer.endArray()
        writer.member("id", id.description)
        writer.member("name", name)
        writer.member("source", source)
        writer.member("deploymentTime", Instant(deployTime))
        writer.member("tenantId", tenantID)
        writer.endObject()
    }
}

extension ResourceView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("name", name)
        writer.member("deploymentId", deploymentID.description)
        writer.endObject()
    }
}
