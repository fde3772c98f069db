import HTTPTypes

/// What those who watch over a node ask.
enum HealthCheck {
    /// Whether the process answers at all.
    case live
    /// Whether it can do its work now.
    case ready

    /// The check at a path, given by what follows `/health`.
    ///
    /// - Throws: ``APIError`` when there is none, or none with the method.
    init(_ steps: ArraySlice<String?>, of path: RequestPath, method: HTTPRequest.Method) throws(APIError) {
        guard method == .get || method == .head else { throw .otherMethod(method) }
        switch steps {
        case ["live"]: self = .live
        case ["ready"]: self = .ready
        default: throw .unknownPath(path.text)
        }
    }
}
