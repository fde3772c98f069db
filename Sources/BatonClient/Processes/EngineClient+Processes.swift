extension EngineClient {
    /// Deploys models and other files.
    ///
    /// - Throws: ``BatonError``; ``BatonError/Code/refused`` when a model cannot be used, with what is wrong in its message.
    public func deploy(_ request: DeploymentRequest) async throws -> Deployment {
        fatalError("not yet")
    }

    /// Starts a process.
    ///
    /// Not repeated when the outcome is unknown: there would be two instances.
    /// - Throws: ``BatonError``; ``BatonError/Code/notFound`` when there is no such process.
    public func startProcess(_ request: StartRequest) async throws -> ProcessInstance {
        fatalError("not yet")
    }

    /// Correlates a message.
    ///
    /// - Throws: ``BatonError``; ``BatonError/Code/refused`` when nobody waits for it, or several do.
    public func correlate(_ message: Message) async throws {
        fatalError("not yet")
    }

    /// The version that the server says it has, such as `7.24.0`; nil when it does not say.
    public func version() async throws -> String? {
        fatalError("not yet")
    }
}
