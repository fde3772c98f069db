import JSON

extension JSONFields {
    /// The members of a whole body.
    ///
    /// No bytes at all are an empty object; what follows the object does not matter.
    ///
    /// - Throws: ``APIError`` when the body is not JSON or no object.
    init(body: some Collection<UInt8>) throws(APIError) {
        guard !body.isEmpty else {
            self.init(JSONObject())
            return
        }
        switch Result(catching: { () throws(JSONSyntaxError) in try JSONParser.parse(body, trailing: .ignored) }) {
        case .success(.object(let object)): self.init(object)
        case .success(.null): throw .nullPointer("The request body must be an object")
        case .success: throw .malformedBody
        case .failure:
            let isBlank = body.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
            throw isBlank ? .nullPointer("The request body must be an object") : .malformedBody
        }
    }
}
