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
