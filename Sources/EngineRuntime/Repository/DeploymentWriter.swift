import BPMN
import EngineCore
import EngineStore
import FoundationEssentials
import Postgres

/// Writes one deployment in an open transaction, or finds the one that holds the same.
struct DeploymentWriter {
    let deployment: NewDeployment
    let models: [DeploymentModels.Model]
    let transaction: any StatementRunner

    /// What the transaction leaves, once it is committed.
    struct Outcome: Sendable {
        var record: DeploymentRecord
        /// The definitions that were written; none when the deployment is an earlier one.
        var definitions: [DeployedDefinition]
        var isNew: Bool
    }

    /// Writes what the filtering leaves.
    ///
    /// The tenant's other deployments wait until the transaction ends.
    func write() async throws -> Outcome {
        try await transaction.run(LockDeploymentsOfTenant(tenantID: deployment.tenantID))
        let remaining = try await remainingModels()
        if remaining.isEmpty, let earlier = try await latestDeployment() {
            return Outcome(record: earlier, definitions: [], isNew: false)
        }
        return try await write(remaining)
    }

    /// What is not left out; nothing when everything was deployed before.
    private func remainingModels() async throws(PostgresError) -> [DeploymentModels.Model] {
        guard deployment.filtering != .none else { return models }
        let latest = try await transaction.run(
            FindLatestResources(
                deploymentName: deployment.name,
                tenantID: deployment.tenantID,
                source: deployment.source,
                resourceNames: models.map(\.resource.name)
            )
        )
        let contents = Dictionary(latest.map { ($0.name, $0.content) }, uniquingKeysWith: { first, _ in first })
        let changed = models.filter { contents[$0.resource.name] != $0.resource.content }
        return deployment.filtering == .changedOnly || changed.isEmpty ? changed : models
    }

    private func latestDeployment() async throws(PostgresError) -> DeploymentRecord? {
        try await transaction.run(
            FindLatestDeployment(name: deployment.name, tenantID: deployment.tenantID, source: deployment.source)
        ).first
    }

    private func write(_ models: [DeploymentModels.Model]) async throws -> Outcome {
        let id = DeploymentID(UUID())
        var pipeline = Pipeline()
        let written = pipeline.add(
            InsertDeployment(
                id: id,
                name: deployment.name,
                source: deployment.source,
                tenantID: deployment.tenantID
            )
        )
        for model in models {
            pipeline.add(
                InsertResource(
                    id: UUID(),
                    deployment: id,
                    name: model.resource.name,
                    content: model.resource.content
                )
            )
        }
        let inserts = models.flatMap { model in model.definitions.map { insert($0, of: id, from: model) } }
        let tokens = inserts.map { pipeline.add($0) }
        let results = try await transaction.execute(pipeline)
        guard let deployTime = results[written].first else { preconditionFailure("An insert returned no row.") }
        let record = DeploymentRecord(
            id: id,
            name: deployment.name,
            source: deployment.source,
            deployTime: deployTime,
            tenantID: deployment.tenantID
        )
        let definitions = zip(inserts, tokens).compactMap { insert, token in
            results[token].first.map { DeployedDefinition(insert, id: $0.id, version: $0.version) }
        }
        try await replaceStartSubscriptions(with: definitions)
        return Outcome(record: record, definitions: definitions, isNew: true)
    }

    /// The start events of the latest version wait for messages and signals; those of earlier versions do no more.
    ///
    /// - Throws: ``Rejection/startMessageTaken(resource:name:)`` when a message starts another process of the tenant.
    private func replaceStartSubscriptions(with definitions: [DeployedDefinition]) async throws {
        guard !definitions.isEmpty else { return }
        let keys = definitions.map(\.record.key)
        try await transaction.run(EndStartSubscriptions(ofProcesses: keys, tenantID: deployment.tenantID))
        var starts: [StartSubscription] = []
        var messages: [String: String] = [:]
        for definition in definitions {
            for start in StartSubscription.all(of: definition.definition, definition: definition.id, newID: UUID.init) {
                starts.append(start)
                guard start.kind == .message else { continue }
                let resource = definition.record.resourceName
                guard messages.updateValue(resource, forKey: start.name) == nil else {
                    throw Rejection.startMessageTaken(resource: resource, name: start.name)
                }
            }
        }
        guard !starts.isEmpty else { return }
        let names = messages.keys.sorted()
        let taken = try await transaction.run(FindTakenStartMessages(names, tenantID: deployment.tenantID))
        if let name = taken.first {
            throw Rejection.startMessageTaken(resource: messages[name] ?? "", name: name)
        }
        try await transaction.run(InsertStartSubscriptions(starts))
    }

    private func insert(
        _ definition: ProcessDefinition,
        of deployment: DeploymentID,
        from model: DeploymentModels.Model
    ) -> InsertDefinition {
        InsertDefinition(
            uuid: UUID(),
            deployment: deployment,
            resourceName: model.resource.name,
            tenantID: self.deployment.tenantID,
            definition: definition
        )
    }
}

extension DeployedDefinition {
    /// What an insert wrote.
    fileprivate init(_ insert: InsertDefinition, id: DefinitionID, version: Int32) {
        let process = insert.definition
        self.init(
            record: DefinitionRecord(
                id: id,
                key: process.key,
                version: version,
                versionTag: process.versionTag,
                name: process.name,
                category: process.category,
                description: process.documentation,
                deploymentID: insert.deployment,
                resourceName: insert.resourceName,
                tenantID: insert.tenantID,
                isSuspended: false,
                historyTimeToLiveDays: process.historyTimeToLiveDays.map(Int32.init(clamping:)),
                isStartableInTasklist: process.isStartableInTasklist
            ),
            definition: process
        )
    }
}
