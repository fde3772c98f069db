import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// Reading process definitions.
    mutating func addProcessDefinitionQueries() {
        addList("/process-definition", alsoByPost: false, .processDefinitions)
        get("/process-definition/{id}") { call in
            var query = DefinitionQuery()
            query.definitionID = call.path["id"]
            guard let definition = try await call.engine.processDefinitions(query).first else {
                throw APIError(
                    .notFound,
                    "InvalidRequestException",
                    "No matching definition with id \(call.path["id"])",
                    code: 0
                )
            }
            return .json { $0.processDefinition(definition) }
        }
        get("/process-definition/{id}/xml") { call in try await Self.model(of: call.path["id"], call) }

        let key = "/process-definition/key/{key}"
        get(key) { call in
            let definition = try await Self.latest(call, tenantID: nil)
            return .json { $0.processDefinition(definition) }
        }
        get(key + "/xml") { call in
            try await Self.model(of: try await Self.latest(call, tenantID: nil).id.rawValue, call)
        }
        get(key + "/tenant-id/{tenant-id}") { call in
            let definition = try await Self.latest(call, tenantID: call.path["tenant-id"])
            return .json { $0.processDefinition(definition) }
        }
        get(key + "/tenant-id/{tenant-id}/xml") { call in
            let definition = try await Self.latest(call, tenantID: call.path["tenant-id"])
            return try await Self.model(of: definition.id.rawValue, call)
        }
    }

    private static func latest(_ call: Call, tenantID: String?) async throws -> DefinitionRecord {
        var query = DefinitionQuery()
        query.key = call.path["key"]
        query.isLatestVersion = true
        query.tenants.withoutTenantID = tenantID == nil
        query.tenants.tenantIDIn = tenantID.map { [$0] } ?? []
        guard let definition = try await call.engine.processDefinitions(query).first else {
            let tenant = tenantID.map { "and tenant-id: \($0)" } ?? "and no tenant-id"
            throw APIError(
                .notFound,
                "RestException",
                "No matching process definition with key: \(call.path["key"]) \(tenant)"
            )
        }
        return definition
    }

    private static func model(of id: String, _ call: Call) async throws -> Answer {
        guard let model = try await call.engine.model(ofDefinition: id) else {
            throw APIError(.notFound, "InvalidRequestException", "No matching definition with id \(id)", code: 0)
        }
        return .json(reservingCapacity: model.count * 9 / 8 + 256) { writer in
            writer.beginObject()
            writer.member("id", id)
            writer.member("bpmn20Xml", String(decoding: model, as: UTF8.self))
            writer.endObject()
        }
    }
}

extension ListOperation<DefinitionQuery> {
    static let processDefinitions = Self(
        read: { (filters, query) throws(APIError) in
            // Without authorization everybody may start everything: `startablePermissionCheck` changes nothing.
            try filters.refuse("startableBy")
            query.definitionID = try filters.text("processDefinitionId")
            query.definitionIDIn = try filters.texts("processDefinitionIdIn")
            query.definitionName = try filters.text("name")
            query.definitionNameLike = try filters.text("nameLike")
            query.deploymentID = try filters.text("deploymentId")
            query.deployedAfter = try filters.date("deployedAfter")
            query.deployedAt = try filters.date("deployedAt")
            query.key = try filters.text("key")
            query.keyIn = try filters.texts("keysIn")
            query.keyLike = try filters.text("keyLike")
            query.category = try filters.text("category")
            query.categoryLike = try filters.text("categoryLike")
            query.version = try filters.int32("version")
            query.isLatestVersion = try filters.flag("latestVersion")
            query.resourceName = try filters.text("resourceName")
            query.resourceNameLike = try filters.text("resourceNameLike")
            query.isActive = try filters.flag("active")
            query.isSuspended = try filters.flag("suspended")
            query.incidents = try filters.incidents()
            query.tenants = try filters.tenants(including: "includeProcessDefinitionsWithoutTenantId")
            query.versionTag = try filters.text("versionTag")
            query.versionTagLike = try filters.text("versionTagLike")
            query.withoutVersionTag = try filters.flag("withoutVersionTag")
            query.isStartableInTasklist = try filters.flag("startableInTasklist")
            query.isNotStartableInTasklist = try filters.flag("notStartableInTasklist")
        },
        list: { try await $0.processDefinitions($1) },
        count: { try await $0.processDefinitionCount($1) },
        write: { definition, _, writer in writer.processDefinition(definition) }
    )
}
