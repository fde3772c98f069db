import HTTPTypes

extension Route {
    /// Checks the body's kind and chooses the answer's.
    func negotiate(_ head: RequestHead) throws(APIError) -> MediaType {
        if case .only(let kind) = consumes {
            guard let contentType = head.contentType, kind.matches(contentType: contentType) else {
                throw .wrongContentType
            }
        }
        guard case .kinds(let kinds) = produces else { return .json }
        guard let kind = AcceptHeader(head.accept).best(of: kinds) else { throw .notAcceptable }
        return kind
    }
}

extension APIError {
    static func unknownPath(_ path: String) -> APIError {
        APIError(.notFound, "NotFoundException", "Could not find resource for path: \(path)")
    }

    static func otherMethod(_ method: HTTPRequest.Method) -> APIError {
        APIError(.methodNotAllowed, "NotAllowedException", "No resource method found for \(method.rawValue)")
    }

    static let wrongContentType = APIError(
        .unsupportedMediaType,
        "NotSupportedException",
        "Cannot consume content type"
    )

    static let notAcceptable = APIError(
        .notAcceptable,
        "NotAcceptableException",
        "No match for accept header"
    )
}
