import HTTPTypes

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
