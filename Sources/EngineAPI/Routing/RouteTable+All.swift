import EngineRuntime
import JSON

extension RouteTable {
    /// Every operation there is.
    static let all: RouteTable = {
        var routes = RouteTable()
        routes.addServerQueries()
        routes.addOpenAPIDocument()
        routes.addFetching()
        routes.addExternalTaskCommands()
        routes.addRetriesOfManyTasks()
        routes.addBatches()
        routes.addJobs()
        routes.addDeploymentCommands()
        routes.addProcessDefinitionCommands()
        routes.addProcessDefinitionChanges()
        routes.addProcessInstanceCommands()
        routes.addVariableCommands()
        routes.addUserTaskCommands()
        routes.addIdentityLinkCommands()
        routes.addMessageCommands()
        routes.addIncidentCommands()
        routes.addQueries()
        return routes
    }()

    /// What the server says about itself.
    private mutating func addServerQueries() {
        get("/engine", needsEngine: false) { call in
            .json { writer in
                writer.beginArray()
                for engine in call.engines.all {
                    writer.beginObject()
                    writer.member("name", engine.name.text)
                    writer.endObject()
                }
                writer.endArray()
            }
        }
        get("/version", needsEngine: false) { call in
            .json { writer in
                writer.beginObject()
                writer.member("version", call.configuration.version)
                writer.endObject()
            }
        }
    }
}
