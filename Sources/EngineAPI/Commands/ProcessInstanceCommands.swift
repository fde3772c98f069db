import EngineCore
import EngineRuntime

extension RouteTable {
    /// Ending instances.
    mutating func addProcessInstanceCommands() {
        delete("/process-instance/{id}") { call in
            do {
                try await call.engine.deleteProcessInstance(
                    call.path["id"], reason: nil, skipMappings: call.query.flag("skipIoMappings"))
            } catch Rejection.processInstanceNotFound where !call.query.flag("failIfNotExists", default: true) {
                // Gone is what the client wants.
            }
            return .noContent
        }
    }
}
