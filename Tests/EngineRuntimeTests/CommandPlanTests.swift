import Postgres
import TestSupport
import Testing

@testable import EngineRuntime
@testable import EngineStore

@Suite(.database) struct `A statement of a batch` {
    /// Fresh tables, never analysed: what a node meets on its first day, and the plan may stay for hours.
    @Test(
        arguments: [
            LockRoots.self, LockRootsWaiting.self, LockRootsOfExternalTasks.self, LockExternalTasks.self,
            LockExternalTasksWaiting.self, FindExternalTasks.self,
            ReadExternalTasks.self, ReadUserTasks.self, ReadTokens.self, ReadInstances.self, ReadScopes.self,
            ReadScopesOfExternalTasks.self, ReadVariables.self, ReadVariablesOfExternalTasks.self, ReadIncidents.self,
            ReadContent.self, ReadArrivals.self, ReadVariable.self, ResolveDefinitions.self, UpdateInstances.self,
            UpdateScopes.self, UpdateExternalTasks.self, UpdateUserTasks.self, UpdateVariables.self,
            DeleteInstances.self, DeleteScopes.self, DeleteTokens.self, DeleteExternalTasks.self, DeleteUserTasks.self,
            DeleteVariables.self, DeleteIncidents.self, CloseVariables.self,
            ReadSubscriptions.self, ReadSubscribers.self, DeleteSubscriptions.self, DeleteThrownSignals.self,
        ] as [any Statement.Type]
    )
    func `finds its rows by an index, also on tables that the planner believes empty`(
        statement: any Statement.Type
    ) async throws {
        let session = try await Session.connect(Database.current.settings.lookingUpByKey, logger: TestServer.logger)
        let types = try await session.run(types(of: statement), rows: RowDecoder(String.self))
        let signature = types.isEmpty ? "" : "(\(types.joined(separator: ", ")))"
        try await session.run(SQLScript(name: "Prepare", trusted: "prepare statement \(signature) as \(statement.sql)"))
        let arguments = statement.parameterTypes.map { _ in "null" }.joined(separator: ", ")
        try await session.run(
            SQLScript(
                name: "Explain",
                trusted: """
                    create temporary table plan (line text);
                    do $$
                    declare line text;
                    begin
                        for line in execute 'explain execute statement (\(arguments))' loop
                            insert into plan values (line);
                        end loop;
                    end $$
                    """
            )
        )
        let lines = try await session.run(DynamicQuery("Plan", "select line from plan"), rows: RowDecoder(String.self))
        await session.close()
        #expect(lines.contains { $0.contains("Index") }, "\(lines.joined(separator: "\n"))")
        #expect(!lines.contains { $0.contains("Seq Scan") || $0.contains("Hash Join") || $0.contains("Merge Join") })
    }

    private func types(of statement: any Statement.Type) -> DynamicQuery {
        var query = DynamicQuery("Types", "select format_type(oid::oid, null) from unnest(")
        query.append("", statement.parameterTypes.map { Int64($0.rawValue) }, ") as given (oid)")
        return query
    }
}
