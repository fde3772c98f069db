import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension Answer {
    /// A list of tasks with their definitions; `count` is how many there are without paging.
    static func hal(tasks: [UserTaskView], count: Int, _ engine: Engine) async throws -> Answer {
        let definitions = try await engine.definitions(of: tasks)
        return .hal { writer in
            writer.beginObject()
            writer.halLinks(["self": "/task"])
            writer.halEmbedded([
                HALRelation("processDefinition", definitions) { $0.writeHAL(to: &$1) },
                HALRelation("task", tasks, isKept: true) { $0.writeHAL(to: &$1) },
            ])
            writer.member("count", Int64(count))
            writer.endObject()
        }
    }

    /// A task with its definition and its identity links.
    static func hal(task: UserTaskView, _ engine: Engine) async throws -> Answer {
        let definitions = try await engine.definitions(of: [task])
        let links = try await engine.identityLinks(of: [task.id])
        return .hal { writer in
            task.writeHAL(
                embedding: [
                    HALRelation("processDefinition", definitions) { $0.writeHAL(to: &$1) },
                    HALRelation("identityLink", links) { $0.writeHAL(to: &$1) },
                ],
                to: &writer
            )
        }
    }

    private static func hal(_ write: (inout JSONWriter) -> Void) -> Answer {
        var answer = json(write)
        answer.headers[.contentType] = MediaType.hal.description
        return answer
    }
}

extension Engine {
    /// The definitions that tasks belong to, each once.
    fileprivate func definitions(of tasks: [UserTaskView]) async throws -> [DefinitionRecord] {
        let ids = Set(tasks.compactMap(\.processDefinitionID))
        guard !ids.isEmpty else { return [] }
        var query = DefinitionQuery()
        query.definitionIDIn = ids.sorted()
        return try await processDefinitions(query)
    }
}
