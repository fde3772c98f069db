import Foundation
import BatonClient
import JSON

// What workers report and ask for one task. Each checks in the contract's order.
extension EngineState {
    mutating func complete(_ id: String, _ body: JSONValue, at now: Duration) throws(Reply) -> Reply {
        let variables = try WireVariable.read(body["variables"])
        let local = try WireVariable.read(body["localVariables"])
        let worker = try worker(body)
        let index = try task(id, ownedBy: worker) { "External Task \(id) cannot be completed by worker '\($0)'." }
        if tasks[index].isSuspended { throw .suspended(id) }
        set(variables, seenBy: index)
        tasks[index].variables.merge(local) { $1 }
        tasks[index].status = .completed
        goOn(tasks[index].instanceID, at: now)
        return .done
    }

    mutating func fail(_ id: String, _ body: JSONValue, at now: Duration) throws(Reply) -> Reply {
        let variables = try WireVariable.read(body["variables"])
        let local = try WireVariable.read(body["localVariables"])
        let worker = try worker(body)
        let retries = body["retries"]?.int64Value ?? 0
        let timeout = body["retryTimeout"]?.int64Value ?? 0
        for (name, number) in [("retries", retries), ("retryDuration", timeout)] where number < 0 {
            throw .error(500, "ProcessEngineException", "\(name) is not greater than or equal to 0")
        }
        let index = try task(id, ownedBy: worker) {
            "Failure of External Task \(id) cannot be reported by worker '\($0)'."
        }
        if tasks[index].isSuspended { throw .suspended(id) }
        set(variables, seenBy: index)
        tasks[index].variables.merge(local) { $1 }
        tasks[index].errorMessage = body["errorMessage"]?.stringValue.map { Self.cut($0) }
        tasks[index].errorDetails = body["errorDetails"]?.stringValue ?? tasks[index].errorDetails
        // The owner stays until somebody else fetches the task.
        tasks[index].lockEnd = now + .milliseconds(timeout)
        tasks[index].retries = Int(retries)
        return .done
    }

    mutating func reportBPMNError(_ id: String, _ body: JSONValue, at now: Duration) throws(Reply) -> Reply {
        let variables = try WireVariable.read(body["variables"])
        let worker = try worker(body)
        guard let code = body["errorCode"]?.stringValue else { throw .isNull("errorCode") }
        if code.isEmpty { throw .error(500, "ProcessEngineException", "Error Code is empty") }
        let index = try task(id, ownedBy: worker) {
            "Bpmn error of External Task \(id) cannot be reported by worker '\($0)'."
        }
        if tasks[index].isSuspended { throw .suspended(id) }
        set(variables, seenBy: index)
        tasks[index].status = .bpmnError(
            BPMNError(code, message: body["errorMessage"]?.stringValue, variables: WireVariable.variables(variables))
        )
        return .done
    }

    mutating func extendLock(_ id: String, _ body: JSONValue, at now: Duration) throws(Reply) -> Reply {
        let milliseconds = body["newDuration"]?.int64Value ?? 0
        guard milliseconds > 0 else { throw .error(400, "RestException", "lockTime is not greater than 0") }
        let worker = try worker(body)
        // The apostrophe after the worker is twice there in the contract, too.
        let index = try task(id, ownedBy: worker) {
            "The lock of the External Task \(id) cannot be extended by worker '\($0)''."
        }
        if let end = tasks[index].lockEnd, end < now {
            let moment = Int64((WireVariable.epoch.timeIntervalSince1970 + now / .seconds(1)) * 1000)
            throw .error(
                400,
                "RestException",
                "Cannot extend a lock that expired: lockExpirationTime is not greater than or equal to \(moment)"
            )
        }
        if tasks[index].isSuspended { throw .suspended(id) }
        tasks[index].lockEnd = now + .milliseconds(milliseconds)
        return .done
    }

    mutating func lock(_ id: String, _ body: JSONValue, at now: Duration) throws(Reply) -> Reply {
        let worker = try worker(body)
        let milliseconds = body["lockDuration"]?.int64Value ?? 0
        guard milliseconds > 0 else { throw .error(400, "RestException", "lockDuration is not greater than 0") }
        guard let index = openTask(id) else { throw .noTask(id) }
        if let owner = tasks[index].workerID, owner != worker, let end = tasks[index].lockEnd, now <= end {
            throw .error(
                400,
                "RestException",
                "External Task \(id) cannot be locked by worker '\(worker)'. It is locked by worker '\(owner)'."
            )
        }
        tasks[index].workerID = worker
        tasks[index].lockEnd = now + .milliseconds(milliseconds)
        return .done
    }

    mutating func unlock(_ id: String) throws(Reply) -> Reply {
        guard let index = openTask(id) else { throw .noTask(id) }
        tasks[index].workerID = nil
        tasks[index].lockEnd = nil
        return .done
    }

    private func worker(_ body: JSONValue) throws(Reply) -> String {
        guard let worker = body["workerId"]?.stringValue else { throw .isNull("workerId") }
        return worker
    }

    private func task(
        _ id: String,
        ownedBy worker: String,
        otherwise refusal: (String) -> String
    ) throws(Reply) -> Int {
        guard let index = openTask(id) else { throw .noTask(id) }
        guard tasks[index].workerID == worker else {
            let owner = tasks[index].workerID ?? "null"
            throw .error(400, "RestException", "\(refusal(worker)) It is locked by worker '\(owner)'.")
        }
        return index
    }

    /// What is kept of an error's message: 666 UTF-16 units.
    private static func cut(_ message: String) -> String {
        String(decoding: message.utf16.prefix(666), as: UTF16.self)
    }
}
