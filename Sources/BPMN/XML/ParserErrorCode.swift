/// The XML parser's error numbers in words.
enum ParserErrorCode {
    /// A namespace that is a relative or odd URI breaks nothing.
    static func isHarmless(_ code: Int) -> Bool { [98, 99, 100].contains(code) }

    /// A sentence for an error number of the parser.
    static func message(_ code: Int) -> String {
        switch code {
        case 3, 4: "The file does not start with an XML element"
        case 5: "The file ends too early, or something follows the root element"
        case 6, 7, 8: "A character reference is not valid"
        case 9: "The file contains a character that is not valid in XML or in its encoding"
        case 23: "An entity reference does not end with ';'"
        case 26, 27: "An entity is not declared"
        case 31, 32, 79, 81: "The encoding is not known or does not fit the content"
        case 38: "An attribute value contains '<'"
        case 39, 40: "An attribute value is not quoted or not ended"
        case 41: "An attribute has no value"
        case 42: "An attribute is given twice"
        case 45: "A comment is not ended"
        case 62: "']]>' is not allowed in text"
        case 63: "A CDATA section is not ended"
        case 65: "White space is missing between attributes"
        case 68: "A name is missing"
        case 73: "A tag does not end with '>'"
        case 76: "A start tag and an end tag do not match"
        case 77: "An element is not ended"
        case 201: "A namespace prefix is not declared"
        default: "The file is not well-formed XML (error \(code))"
        }
    }
}
