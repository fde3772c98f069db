import JSON

extension RouteTable {
    /// `GET /openapi.json`: what the server says about its operations.
    mutating func addOpenAPIDocument() {
        get("/openapi.json", needsEngine: false) { call in
            let configuration = call.configuration
            let isBelowEngine = call.root != configuration.contextPath
            let document = try (isBelowEngine ? OpenAPIDocument.ofOneEngine : OpenAPIDocument.whole).get()
            return .json(reservingCapacity: document.size + 2048) { writer in
                document.write(to: &writer, address: call.address(""), contractVersion: configuration.version)
            }
        }
    }
}
