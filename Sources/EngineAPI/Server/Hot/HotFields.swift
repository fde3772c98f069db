import NIOHTTP1

/// The header fields of a request that matter here.
struct HotFields {
    var head = RequestHead()
    var contentLength: Int?
    var authorization: String?
    /// Whether the field that `head.isSecure` comes from was seen.
    private var isForwarded = false

    /// Nil when a field asks for what only the usual way does, or is there twice.
    init?(_ headers: HTTPHeaders) {
        for (name, value) in headers {
            guard take(name, value) else { return nil }
        }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name.utf8.count {
        case 4 where name.isField("host"): return Self.set(&head.authority, value)
        case 6 where name.isField("accept"): return Self.set(&head.accept, value)
        case 6 where name.isField("expect"): return false
        case 12 where name.isField("content-type"): return Self.set(&head.contentType, value)
        case 13 where name.isField("authorization"): return Self.set(&authorization, value)
        case 14 where name.isField("content-length"): return Self.set(&contentLength, Int(value))
        case 17 where name.isField("transfer-encoding"): return false
        case 17 where name.isField("x-forwarded-proto"):
            guard !isForwarded else { return false }
            isForwarded = true
            head.isSecure = value == "https"
            return true
        default: return true
        }
    }

    private static func set<Value>(_ field: inout Value?, _ value: Value?) -> Bool {
        guard field == nil else { return false }
        field = value
        return value != nil
    }
}

extension String {
    /// Whether this names a header field, given in lower case.
    fileprivate func isField(_ name: StaticString) -> Bool {
        let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return utf8.elementsEqual(name) { $0 | 0x20 == $1 }
    }
}
