package import EngineCore
package import EngineStore
package import Postgres

/// What a caller wants to deploy.
package struct NewDeployment: Sendable {
    package var name: String?
    /// What makes the deployment, in its own words.
    package var source: String?
    /// Nil or empty: the deployment belongs to no tenant.
    package var tenantID: String?
    /// The files, in order; of two with one name the later counts.
    package var resources: [Resource]
    package var filtering: Filtering

    /// A file of a deployment.
    ///
    /// Names that end in `.bpmn` or `.bpmn20.xml` are models; others are kept as they are.
    package struct Resource: Sendable, Hashable {
        package var name: String
        package var content: [UInt8]

        package init(name: String, content: [UInt8]) {
            self.name = name
            self.content = content
        }
    }

    /// What is left out because it was deployed before: the files are compared, byte for byte, with the newest ones of
    /// the same name among the deployments of the same name and tenant (and source, if one is given).
    package enum Filtering: Sendable, Hashable {
        /// Nothing: every deployment is a new one.
        case none
        /// All, if no file differs; the newest deployment of that name is the answer then.
        case all
        /// The files that do not differ.
        case changedOnly
    }

    package init(
        name: String?,
        source: String? = nil,
        tenantID: String? = nil,
        resources: [Resource],
        filtering: Filtering = .none
    ) {
        self.name = name
        self.source = source
        self.tenantID = tenantID
        self.resources = resources
        self.filtering = filtering
    }

    /// The longest name of a deployment, source or resource, and the longest process key, in characters.
    package static let maximumNameLength = 255
    /// The longest tenant id, in characters.
    package static let maximumTenantLength = 64
}

extension NewDeployment {
    /// The deployment, without an empty tenant.
    ///
    /// - Throws: ``Rejection`` for a name or tenant that cannot be kept.
    func checked() throws(Rejection) -> NewDeployment {
        try DeploymentModels.check(name, parameter: "deployment-name", maximum: Self.maximumNameLength)
        try DeploymentModels.check(source, parameter: "deployment-source", maximum: Self.maximumNameLength)
        try DeploymentModels.check(tenantID, parameter: "tenant-id", maximum: Self.maximumTenantLength)
        var deployment = self
        if deployment.tenantID?.isEmpty == true { deployment.tenantID = nil }
        return deployment
    }
}

/// What became of a deployment.
package struct DeploymentResult: Sendable {
    package var id: DeploymentID
    package var name: String?
    package var source: String?
    package var deployTime: PostgresTimestamp
    package var tenantID: String?
    /// The definitions that this deployment made; none when an earlier deployment is the answer.
    package var deployedDefinitions: [DefinitionRecord]
    /// Whether anything was written; if not, the deployment is an earlier one that holds the same.
    package var isNew: Bool

    package init(_ record: DeploymentRecord, deployedDefinitions: [DefinitionRecord], isNew: Bool) {
        id = record.id
        name = record.name
        source = record.source
        deployTime = record.deployTime
        tenantID = record.tenantID
        self.deployedDefinitions = deployedDefinitions
        self.isNew = isNew
    }
}
