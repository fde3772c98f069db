import EngineCore
import EngineRuntime

extension RouteTable {
    /// Ending instances, stopping them and letting them go on.
    mutating func addProcessInstanceCommands() {
        delete("/process-instance/{id}") { call in
            do {
                try await call.engine.deleteProcessInstance(
                    call.path["id"],
                    reason: nil,
                    skipMappings: call.query.flag("skipIoMappings")
                )
            } catch Rejection.processInstanceNotFound where !call.query.flag("failIfNotExists", default: true) {
                // Gone is what the client wants.
            }
            return .noContent
        }
        put("/process-instance/{id}/suspended") { call in
            let isSuspended = try await call.fields().bool("suspended")
            try await call.engine.suspendProcessInstance(call.path["id"], isSuspended: isSuspended)
            return .noContent
        }
    }
}
