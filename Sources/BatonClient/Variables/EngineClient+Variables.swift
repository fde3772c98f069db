import HTTPTypes
import JSON

/// Where a variable is looked for.
public struct VariableScope: Sendable, Hashable {
    /// What the scope is.
    package enum Kind: Sendable, Hashable { case visible, local }

    package var kind: Kind
    package var executionID: String

    /// The variables that an execution sees: its own and those of the scopes around it.
    ///
    /// What is set goes to the nearest scope that has the name, otherwise to the process instance.
    /// The id may be that of a process instance or of any execution in it.
    public static func visible(toExecution executionID: String) -> VariableScope {
        VariableScope(kind: .visible, executionID: executionID)
    }

    /// The variables of exactly this execution.
    public static func local(toExecution executionID: String) -> VariableScope {
        VariableScope(kind: .local, executionID: executionID)
    }

    /// The variables that a task sees.
    public static func visible(to task: ExternalTask) -> VariableScope { .visible(toExecution: task.executionID) }

    /// The task's own variables.
    public static func local(to task: ExternalTask) -> VariableScope { .local(toExecution: task.executionID) }

    /// The variables that a handle's task sees.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidArgument`` when the handle does not know its execution.
    public static func visible(to handle: TaskHandle) throws -> VariableScope {
        .visible(toExecution: try handle.knownExecutionID)
    }

    /// The own variables of a handle's task.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidArgument`` when the handle does not know its execution.
    public static func local(to handle: TaskHandle) throws -> VariableScope {
        .local(toExecution: try handle.knownExecutionID)
    }
}

extension TaskHandle {
    fileprivate var knownExecutionID: String {
        get throws {
            guard let executionID else {
                throw BatonError(.invalidArgument, message: "The handle does not know its task's execution")
            }
            return executionID
        }
    }
}

extension EngineClient {
    /// The variables of a scope, without the content of files.
    ///
    /// - Throws: ``BatonError``; an unknown execution is ``BatonError/Code/engineFailed``, as the contract has it.
    public func variables(in scope: VariableScope) async throws -> Variables {
        let path = scope.path + "?deserializeValues=false"
        return Variables(json: try await json(answering: reading(path)))
    }

    /// A variable of a scope, without the content of a file.
    ///
    /// - Throws: ``BatonError``; ``BatonError/Code/notFound`` when there is no variable of this name.
    public func variable(_ name: String, in scope: VariableScope) async throws -> Variable {
        let path = "\(scope.path)/\(pathPart(name))?deserializeValue=false"
        return Variable(json: try await json(answering: reading(path)))
    }

    /// Sets variables of a scope, and deletes others, in one step.
    ///
    /// Not tied to a task's lock. Repeated when it does not get through, as reports are.
    /// - Parameters:
    ///   - variables: What to set; Baton takes 10,000 at most.
    ///   - names: What to delete; unknown names do no harm.
    ///   - scope: Where.
    /// - Throws: ``BatonError``; ``BatonError/Code/invalidArgument`` with the variable's name when one cannot be sent;
    ///   an unknown execution is ``BatonError/Code/engineFailed``, as the contract has it.
    public func setVariables(
        _ variables: Variables,
        deleting names: [String] = [],
        in scope: VariableScope
    ) async throws {
        var writer = JSONWriter()
        writer.beginObject()
        try variables.writeMember("modifications", to: &writer)
        if !names.isEmpty { writer.member("deletions", .array(names.map { .string($0) })) }
        writer.endObject()
        let call = Call(
            operation: .changeVariables,
            path: scope.path,
            body: .bytes(writer.bytes),
            repetition: .always
        )
        _ = try await answer(to: call)
    }

    /// The content of a File or Bytes variable, as it comes.
    ///
    /// - Throws: ``BatonError``; ``BatonError/Code/notFound`` when there is no variable of this name,
    ///   ``BatonError/Code/refused`` when it is of another type. Going through the content throws ``BatonError``, too:
    ///   ``BatonError/Code/connectionLost`` when the connection ends before it does, ``BatonError/Code/timedOut`` when
    ///   nothing more comes within ``Configuration/downloadIdleTimeout``.
    public func download(_ name: String, in scope: VariableScope) async throws -> ByteStream {
        let call = Call(operation: .download, method: .get, path: "\(scope.path)/\(pathPart(name))/data")
        let content = try await exchange(call) { $0.body }
        return content.bounded(by: configuration.downloadIdleTimeout, on: timeline)
    }

    /// Sets a File variable from content that comes bit by bit.
    ///
    /// May take an hour longer than other calls (``Configuration/requestTimeout``).
    /// - Parameters:
    ///   - content: Sent as it comes; can be sent once, so the call is not repeated.
    ///   - file: The file's name and type; nil sets a Bytes variable instead.
    ///   - name: The variable's name.
    ///   - scope: Where it is set.
    /// - Throws: ``BatonError``; what `content` throws.
    public func upload(
        _ content: ByteStream,
        as file: FileDescription?,
        to name: String,
        in scope: VariableScope
    ) async throws {
        let form = MultipartForm()
        let body = form.body(
            file: ("data", file ?? FileDescription(name: name)),
            content,
            fields: [("valueType", file == nil ? "Bytes" : "File")]
        )
        let call = Call(
            operation: .upload,
            path: "\(scope.path)/\(pathPart(name))/data",
            body: .stream(body),
            contentType: form.contentType,
            additionalTime: Self.longestUpload
        )
        _ = try await answer(to: call)
    }

    /// How long the content of an upload may take to come.
    private static let longestUpload = Duration.seconds(3600)

    private func reading(_ path: String) -> Call {
        Call(operation: .readVariables, method: .get, path: path, repetition: .always)
    }
}

extension VariableScope {
    /// The path of the scope's variables.
    fileprivate var path: String {
        switch kind {
        case .visible: "/process-instance/\(pathPart(executionID))/variables"
        case .local: "/execution/\(pathPart(executionID))/localVariables"
        }
    }
}
