import BatonClient
import Foundation
import HTTPTypes
import JSON

extension EngineState {
    /// Sets variables in the nearest scope that has the name, new ones in the process instance.
    mutating func set(_ variables: [String: JSONValue], seenBy index: Int) {
        for (name, value) in variables {
            if tasks[index].variables[name] != nil {
                tasks[index].variables[name] = value
            } else {
                instances[tasks[index].instanceID]?.variables[name] = value
            }
        }
    }

    /// Answers what concerns the variables of an execution: below `/execution/{id}` and `/process-instance/{id}`.
    mutating func variables(
        _ request: ParsedRequest,
        of execution: String,
        _ rest: ArraySlice<String>
    ) throws(Reply) -> Reply {
        let isLocal = rest.first == "localVariables"
        guard isLocal || rest.first == "variables" else { throw .noSuchPath(request.path) }
        guard task(ofExecution: execution) != nil || instances[execution] != nil else {
            throw .error(500, "NullValueException", "execution \(execution) doesn't exist: execution is null")
        }
        let parts = Array(rest.dropFirst())
        switch (request.method, parts.count) {
        case (.get, 0):
            let all = visible(execution, isLocal).mapValues { WireVariable.answered($0) }
            return .json(.object(JSONObject(all.map { ($0, $1) })))
        case (.post, 0):
            let changes = try WireVariable.read(request.json["modifications"])
            let deletions = request.json["deletions"]?.arrayValue?.compactMap(\.stringValue) ?? []
            change(execution, isLocal, setting: changes, deleting: deletions)
            return .done
        case (.get, 1):
            return .json(WireVariable.answered(try one(parts[0], execution, isLocal)))
        case (.put, 1):
            change(execution, isLocal, setting: try WireVariable.read([parts[0]: request.json]), deleting: [])
            return .done
        case (.delete, 1):
            change(execution, isLocal, setting: [:], deleting: [parts[0]])
            return .done
        case (.get, 2) where parts[1] == "data":
            return try download(parts[0], execution, isLocal)
        case (.post, 2) where parts[1] == "data":
            guard let variable = MultipartForm(request)?.variable else { throw .unreadable() }
            change(execution, isLocal, setting: [parts[0]: variable], deleting: [])
            return .done
        default: throw .noSuchPath(request.path)
        }
    }

    /// The variables that an execution sees, or only its own.
    private func visible(_ execution: String, _ isLocal: Bool) -> [String: JSONValue] {
        guard let index = task(ofExecution: execution) else { return instances[execution]?.variables ?? [:] }
        let own = tasks[index].variables
        return isLocal ? own : own.merging(instances[tasks[index].instanceID]?.variables ?? [:]) { own, _ in own }
    }

    private func one(_ name: String, _ execution: String, _ isLocal: Bool) throws(Reply) -> JSONValue {
        guard let variable = visible(execution, isLocal)[name] else {
            let kind = isLocal ? "execution" : "process instance"
            throw .error(
                404,
                "InvalidRequestException",
                "\(kind) variable with name \(name) does not exist",
                code: .null
            )
        }
        return variable
    }

    private func download(_ name: String, _ execution: String, _ isLocal: Bool) throws(Reply) -> Reply {
        let variable = try one(name, execution, isLocal)
        guard let content = WireVariable.content(of: variable) else {
            throw .error(
                400,
                "InvalidRequestException",
                "Value of variable with id \(name) is not a binary value.",
                code: .null
            )
        }
        let type = variable["valueInfo"]?["mimeType"]?.stringValue ?? "application/octet-stream"
        return Reply(status: 200, headerFields: [.contentType: type], bytes: content)
    }

    private mutating func change(
        _ execution: String,
        _ isLocal: Bool,
        setting changes: [String: JSONValue],
        deleting names: [String]
    ) {
        guard let index = task(ofExecution: execution) else {
            instances[execution]?.variables.merge(changes) { $1 }
            for name in names { instances[execution]?.variables[name] = nil }
            return
        }
        if isLocal {
            tasks[index].variables.merge(changes) { $1 }
        } else {
            set(changes, seenBy: index)
        }
        for name in names {
            if tasks[index].variables.removeValue(forKey: name) == nil, !isLocal {
                instances[tasks[index].instanceID]?.variables[name] = nil
            }
        }
    }
}

/// The parts of an upload.
struct MultipartForm {
    /// The variable that is uploaded, as it is kept.
    let variable: JSONValue

    init?(_ request: ParsedRequest) {
        guard let type = request.contentType, let boundary = type.firstRange(of: "boundary=") else { return nil }
        let marker = type[boundary.upperBound...].prefix { $0 != ";" }.filter { $0 != "\"" }
        var parts: [String: (head: String, content: Data)] = [:]
        let body = Data(request.bytes)
        var rest = body[...]
        let delimiter = Data("--\(marker)".utf8)
        while let start = rest.range(of: delimiter) {
            rest = rest[start.upperBound...]
            guard let end = rest.range(of: delimiter) else { break }
            let part = rest[..<end.lowerBound].dropFirst(2).dropLast(2)
            guard let blank = part.range(of: Data("\r\n\r\n".utf8)) else { return nil }
            let head = String(decoding: part[..<blank.lowerBound], as: UTF8.self)
            guard let name = Self.parameter("name", head) else { return nil }
            parts[name] = (head, Data(part[blank.upperBound...]))
        }
        guard let data = parts["data"] else { return nil }
        let isFile = parts["valueType"].map { String(decoding: $0.content, as: UTF8.self) }?.lowercased() == "file"
        let value = JSONValue.string(data.content.base64EncodedString())
        guard isFile else {
            variable = ["type": "Bytes", "value": value, "valueInfo": [:]]
            return
        }
        var information: [(String, JSONValue)] = [
            ("filename", .string(Self.parameter("filename", data.head) ?? "file"))
        ]
        let mimeLine = data.head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-type:") }
        if let mime = mimeLine?.dropFirst("content-type:".count).split(separator: ";").first {
            information.append(("mimeType", .string(mime.trimmingCharacters(in: .whitespaces))))
        }
        if let encoding = mimeLine.flatMap({ Self.parameter("encoding", String($0)) }) {
            information.append(("encoding", .string(encoding)))
        }
        variable = ["type": "File", "value": value, "valueInfo": .object(JSONObject(information))]
    }

    /// A parameter of a header field, quoted or not.
    private static func parameter(_ name: String, _ head: String) -> String? {
        let pieces = head.split { $0 == ";" || $0 == "\r\n" }.map { $0.trimmingCharacters(in: .whitespaces) }
        guard let piece = pieces.first(where: { $0.hasPrefix("\(name)=") }) else { return nil }
        return piece.dropFirst(name.count + 1).filter { $0 != "\"" }
    }
}
