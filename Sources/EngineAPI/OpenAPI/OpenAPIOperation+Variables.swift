import HTTPTypes

extension OpenAPIOperation {
    /// The operations on the variables of an instance, an execution or a task.
    ///
    /// - Parameters:
    ///   - path: The path of the variables.
    ///   - noun: Whose variables they are.
    ///   - ids: The operation ids: to get all, change many, get one, set one, remove one, get and set its content.
    /// - Returns: The seven operations.
    static func variables(_ path: String, of noun: String, ids: [String]) -> [OpenAPIOperation] {
        let one = path + "/{varName}"
        let unknown = "An unknown \(noun) is answered with 500, as in the contract."
        let operations = [
            OpenAPIOperation(
                .get,
                path,
                "",
                "Get the variables of one \(noun)",
                unknown,
                query: [.deserializeValues],
                answers: [.ok("Variables", "The variables by name.")],
                errors: [.engineError]
            ),
            OpenAPIOperation(
                .post,
                path,
                "",
                "Set and remove variables of one \(noun)",
                unknown,
                body: "VariableChanges",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .get,
                one,
                "",
                "Get a variable of one \(noun)",
                unknown,
                query: [.deserializeValue],
                answers: [.ok("Variable")],
                errors: [.notFound, .engineError]
            ),
            OpenAPIOperation(
                .put,
                one,
                "",
                "Set a variable of one \(noun)",
                unknown,
                body: "VariableInput",
                answers: [.noContent]
            ),
            OpenAPIOperation(
                .delete,
                one,
                "",
                "Remove a variable of one \(noun)",
                "Also when there is none. " + unknown,
                answers: [.noContent],
                errors: [.engineError]
            ),
            OpenAPIOperation(
                .get,
                one + "/data",
                "",
                "Get the content of a variable of one \(noun)",
                "Of a File or Bytes. " + unknown,
                answers: [.content("The content.")],
                errors: [.notFound, .engineError]
            ),
            OpenAPIOperation(
                .post,
                one + "/data",
                "",
                "Set the content of a variable of one \(noun)",
                unknown,
                body: "VariableUpload",
                answers: [.noContent],
                errors: [.engineError]
            ),
        ]
        return zip(operations, ids).map { operation, id in
            var operation = operation
            operation.id = id
            return operation
        }
    }
}
