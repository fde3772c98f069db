import EngineCore
import EngineRuntime
import HTTPTypes
import JSON

extension RouteTable {
    /// Setting and removing variables.
    mutating func addVariableCommands() {
        for resource in VariableResource.all { add(resource) }
    }

    private mutating func add(_ resource: VariableResource) {
        put("\(resource.pattern)/{varName}") { try await $0.put(resource) }
        delete("\(resource.pattern)/{varName}") { try await $0.delete(resource) }
        post(resource.pattern) { try await $0.modify(resource) }
        post("\(resource.pattern)/{varName}/data", consumes: .only(.form)) { try await $0.upload(resource) }
    }
}

extension Call {
    fileprivate func put(_ resource: VariableResource) async throws -> Answer {
        let entry = try VariableEntry(name: path["varName"], try await fields())
        return try await describing("Cannot put \(resource.noun) variable \(entry.name): ", engineStatus: .kept) {
            try await change(resource, set: [try entry.input()])
        }
    }

    fileprivate func delete(_ resource: VariableResource) async throws -> Answer {
        let name = path["varName"]
        return try await describing("Cannot delete \(resource.noun) variable \(name): ") {
            try await change(resource, remove: [name])
        }
    }

    fileprivate func modify(_ resource: VariableResource) async throws -> Answer {
        let fields = try await fields()
        let modifications = try fields.variables("modifications")
        let deletions = try fields.strings("deletions")?.compactMap(\.self) ?? []
        let prefix = "Cannot modify variables for \(resource.noun)"
        let inputs = try await describing("\(prefix): ", engineStatus: .kept) { try modifications.inputs() }
        return try await describing("\(prefix) \(path["id"]): ") {
            try await change(resource, set: inputs, remove: deletions)
        }
    }

    fileprivate func upload(_ resource: VariableResource) async throws -> Answer {
        let name = path["varName"]
        let input = VariableInput(name: name, value: try VariableValue(upload: try await form()))
        return try await describing("Cannot put \(resource.noun) variable \(name): ", engineStatus: .kept) {
            try await change(resource, set: [input])
        }
    }

    private func change(
        _ resource: VariableResource,
        set: [VariableInput] = [],
        remove: [String] = []
    ) async throws -> Answer {
        let id = path["id"]
        do {
            try await engine.changeVariables(ofExecution: id, set: set, remove: remove, locally: resource.isLocal)
        } catch Rejection.executionNotFound {
            throw resource.notFound(id)
        } catch Rejection.valueTooLong {
            throw APIError(.badRequest, "BadUserRequestException", "Variable value is too long", code: 0)
        }
        return .noContent
    }
}

// MARK: Binary content

extension VariableValue {
    /// The value that a form brings: its part `data`, as Bytes unless the part `valueType` says File.
    ///
    /// - Throws: ``APIError`` when the form lacks something.
    init(upload form: [FormPart]) throws(APIError) {
        guard let data = form.last(where: { $0.name == "data" }) else {
            throw .nullPointer("The form has no part 'data'")
        }
        if let type = form.last(where: { $0.name == "type" }) {
            self = .object(try ObjectValue(data, typeName: type.text))
            return
        }
        let valueType = form.last { $0.name == "valueType" }
        if let contentType = valueType?.contentType, !MediaType.text.matches(contentType: contentType) {
            throw .invalidRequest("Form part with name 'valueType' must have a text/plain value")
        }
        switch valueType?.text ?? "Bytes" {
        case "Bytes", "bytes": self = .bytes(data.content)
        case "File", "file": self = .file(try FileValue(data))
        case let other: throw APIError(.badRequest, "RestException", "Unsupported value type '\(other)'")
        }
    }
}

extension FileValue {
    fileprivate init(_ data: FormPart) throws(APIError) {
        guard let name = data.fileName else {
            throw .invalidRequest(
                "Cannot create file without filename! Please set a name into ValueInfo with key filename"
            )
        }
        guard !name.utf8.contains(0) else { throw .unstorable }
        guard let contentType = data.contentType else {
            self.init(content: data.content, name: name, mimeType: MediaType.bytes.rawValue, encoding: nil)
            return
        }
        let header = HeaderValue(contentType)
        guard header.kind.split(separator: "/", omittingEmptySubsequences: false).map(\.isEmpty) == [false, false]
        else {
            throw APIError(.badRequest, "RestException", "Invalid mime type given")
        }
        self.init(
            content: data.content,
            name: name,
            mimeType: header.kind,
            encoding: header.parameters["encoding"]
        )
    }
}

extension ObjectValue {
    fileprivate init(_ data: FormPart, typeName: String) throws(APIError) {
        guard let contentType = data.contentType, MediaType.json.matches(contentType: contentType) else {
            throw .invalidRequest("Unrecognized content type for serialized java type: \(data.contentType ?? "null")")
        }
        self.init(text: data.text, typeName: typeName, format: Self.jsonFormat)
    }
}
