import HTTPTypes

/// One call of the API.
struct Call: Sendable {
    /// When a call is repeated that did not get through.
    enum Repetition: Sendable {
        case never
        /// Only when nothing can have happened yet.
        case ifNothingHappened
        /// Always: it does no harm to do it twice.
        case always
    }

    let operation: EngineOperation
    var method = HTTPRequest.Method.post
    /// From the root of the engine's API on, with escaped parts.
    var path: String
    var body: EngineRequest.Body?
    var contentType = "application/json"
    var repetition = Repetition.never
    /// Whether an identity provider that is away, or a server that knows nobody for a while, is waited for, too.
    var waitsForCredentials = false
    /// How much longer than usual an answer may take.
    var additionalTime = Duration.zero

    /// Whether to try again after this error.
    func repeats(after error: BatonError) -> Bool {
        let wantsCredentials = error.code == .unauthenticated || error.code == .interceptorFailed
        guard error.isRetryable || (waitsForCredentials && wantsCredentials) else { return false }
        if case .stream = body { return false }
        return switch repetition {
        case .never: false
        case .ifNothingHappened: !error.isOutcomeUnknown
        case .always: true
        }
    }
}

/// An id or a name as one part of a path.
func pathPart(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            escaped.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
    return escaped
}
