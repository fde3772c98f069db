import EngineCore

/// Binary content as an answer. See the REST reference, *Variable endpoints and binary data*.
extension Answer {
    /// The content of a File or Bytes variable.
    ///
    /// `id` is what the path calls the variable or its scope; the error names it when the value is of another type.
    static func content(of value: VariableValue, id: String) throws(APIError) -> Answer {
        switch value {
        case .bytes(let bytes): return .bytes(bytes ?? [], contentType: MediaType.bytes.description)
        case .file(let file):
            let kind = (file.mimeType ?? MediaType.bytes.description) + (file.encoding.map { ";charset=\($0)" } ?? "")
            return .bytes(
                file.content,
                contentType: kind.headerSafe,
                disposition: attachment(named: file.name)
            )
        case .null, .boolean, .short, .integer, .long, .double, .string, .date, .json, .xml, .object:
            throw .invalidRequest("Value of variable with id \(id) is not a binary value.")
        }
    }

    /// A Content-Disposition with a file's name in both forms.
    static func attachment(named name: String) -> String {
        "attachment; filename=\"\(name.headerSafe)\"; filename*=UTF-8''\(name.percentEncoded)"
    }
}

extension String {
    /// The text without control characters, which would end a header.
    fileprivate var headerSafe: String {
        var scalars = UnicodeScalarView()
        for scalar in unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7F { scalars.append(scalar) }
        return String(scalars)
    }

    /// The UTF-8 of the text, with all but letters, digits and `.-*_` as `%XX`.
    fileprivate var percentEncoded: String {
        var text: [UInt8] = []
        for byte in utf8 {
            if Self.plain.contains(byte) {
                text.append(byte)
            } else {
                text.append(UInt8(ascii: "%"))
                text.append(Self.digits[Int(byte >> 4)])
                text.append(Self.digits[Int(byte & 0x0F)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-*_".utf8)
}
