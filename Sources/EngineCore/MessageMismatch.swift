/// A message that several wait for, when only one may get it.
package struct MessageMismatch: Sendable, Hashable {
    package var name: String
    package var executions: Int
    package var definitions: Int
    package var businessKey: String?
    package var processInstanceID: String?
    /// The names of the variables that were compared.
    package var correlationKeys: [String]
    package var localCorrelationKeys: [String]

    package init(
        name: String,
        executions: Int,
        definitions: Int,
        businessKey: String?,
        processInstanceID: String?,
        correlationKeys: [String],
        localCorrelationKeys: [String]
    ) {
        self.name = name
        self.executions = executions
        self.definitions = definitions
        self.businessKey = businessKey
        self.processInstanceID = processInstanceID
        self.correlationKeys = correlationKeys
        self.localCorrelationKeys = localCorrelationKeys
    }
}

extension MessageMismatch: CustomStringConvertible {
    package var description: String {
        let keys = """
            CorrelationSet [businessKey=\(businessKey ?? "null"), processInstanceId=\(processInstanceID ?? "null"), \
            correlationKeys=\(correlationKeys), localCorrelationKeys=\(localCorrelationKeys)]
            """
        return executions > 0
            ? "ENGINE-13031 Cannot correlate a message with name '\(name)' to a single execution. "
                + "\(executions) executions match the correlation keys: \(keys)"
            : "ENGINE-13030 Cannot correlate a message with name '\(name)' to a single process definition. "
                + "\(definitions) process definitions match the correlations keys: \(keys)"
    }
}
