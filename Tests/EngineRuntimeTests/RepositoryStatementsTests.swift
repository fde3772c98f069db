import EngineStore
import Postgres
import TestSupport
import Testing

@Suite(.database) struct `Every statement of the repository and the migrations` {
    @Test(
        arguments: [
            DeleteDeployment.self, DeleteHistory.self, DeleteRoots.self, FindEndedInstances.self,
            FindLatestDeployment.self, FindLatestResources.self, FindMigrationTable.self, FindRootsOfDefinition.self,
            FindRunningDefinitions.self, FindSchema.self, InsertDefinition.self, InsertDeployment.self,
            InsertResource.self, LimitWaiting.self, LoadDefinition.self, LockDefinitionsOfDeployment.self,
            LockDeployment.self, LockDeploymentsOfTenant.self, LockMigrations.self, LockRootsOfDefinitions.self,
            ReadMigrations.self, RecordMigration.self, ResolveDefinitions.self,
        ] as [any Statement.Type]
    )
    func `takes and returns what the schema says`(statement: any Statement.Type) async throws {
        let described = try await Database.current.describe(statement)
        #expect(described.parameters == statement.parameterTypes)
        if !statement.columnTypes.isEmpty { #expect(described.columns == statement.columnTypes) }
    }
}
