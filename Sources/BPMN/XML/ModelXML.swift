import FoundationEssentials
#if canImport(FoundationXML)
import FoundationXML
#else
import Foundation
#endif

/// Reads a file's XML into a tree of elements.
enum ModelXML {
    /// The root element of a well-formed file within ``ModelLimits``.
    ///
    /// - Throws: ``XMLProblem``, the first one.
    static func root(of bytes: [UInt8]) throws(XMLProblem) -> ModelElement {
        guard bytes.count <= ModelLimits.bytes else {
            throw XMLProblem("The file is larger than \(ModelLimits.bytes) bytes", line: 0, column: 0)
        }
        try XMLProlog.check(bytes)
        let bytes = XMLInstructions.withContent(bytes)
        let builder = TreeBuilder(selfClosing: SelfClosingTags(bytes))
        let parser = XMLParser(data: Data(bytes))
        parser.shouldProcessNamespaces = true
        parser.shouldReportNamespacePrefixes = true
        parser.shouldResolveExternalEntities = false
        parser.delegate = builder
        _ = parser.parse()  // Says true for some broken files: only the builder knows.
        if let problem = builder.problem { throw problem }
        guard let root = builder.root, builder.isComplete else {
            throw XMLProblem("The file ends too early", line: parser.lineNumber, column: parser.columnNumber)
        }
        return root
    }
}

#if canImport(FoundationXML)
/// What a parser's delegate has to be: any class.
private class DelegateBase {}
#else
/// What a parser's delegate has to be.
private typealias DelegateBase = NSObject
#endif

/// Builds the tree from what the parser reports; stops the parser at the first problem.
private final class TreeBuilder: DelegateBase, XMLParserDelegate {
    private(set) var root: ModelElement?
    private(set) var problem: XMLProblem?
    private var open: [ModelElement] = []
    private var count = 0
    private var declared: [String: String] = [:]
    private var scopes: [String: [String]] = [:]
    private var selfClosing: SelfClosingTags

    init(selfClosing: SelfClosingTags) { self.selfClosing = selfClosing }

    var isComplete: Bool { open.isEmpty }

    func parser(_ parser: XMLParser, didStartMappingPrefix prefix: String, toURI uri: String) {
        declared[prefix] = uri
        scopes[prefix, default: []].append(uri)
    }

    func parser(_ parser: XMLParser, didEndMappingPrefix prefix: String) {
        _ = scopes[prefix]?.popLast()
    }

    func parser(
        _ parser: XMLParser,
        didStartElement local: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        guard problem == nil else { return }
        count += 1
        guard open.count < ModelLimits.depth else {
            return stop(parser, "Elements are nested more than \(ModelLimits.depth) deep")
        }
        guard count <= ModelLimits.elements else {
            return stop(parser, "The file has more than \(ModelLimits.elements) elements")
        }
        guard attributes.count <= ModelLimits.attributes else {
            return stop(parser, "Element '\(local)' has more than \(ModelLimits.attributes) attributes")
        }
        let (line, column) = (parser.lineNumber, parser.columnNumber)
        let element = ModelElement(
            name: QualifiedName(Namespace.canonical(namespaceURI ?? ""), local),
            attributes: named(attributes),
            prefixes: declared,
            line: line,
            column: column + selfClosing.widthOfEnd(line: line, column: column)
        )
        declared = [:]
        open.last?.append(element)
        if open.isEmpty, root == nil { root = element }
        open.append(element)
    }

    func parser(
        _ parser: XMLParser,
        didEndElement local: String,
        namespaceURI: String?,
        qualifiedName: String?
    ) {
        _ = open.popLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { open.last?.append(text: text) }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
        open.last?.append(text: String(decoding: block, as: UTF8.self))
    }

    func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
        let code = error._code
        if ParserErrorCode.isHarmless(code) { return }
        stop(parser, ParserErrorCode.message(code))
    }

    private func stop(_ parser: XMLParser, _ message: String) {
        guard problem == nil else { return }
        problem = XMLProblem(message, line: parser.lineNumber, column: parser.columnNumber)
        parser.abortParsing()
    }

    /// Gives attributes their namespaces; when relatives of one name meet, the spelling with the canonical one wins.
    private func named(_ attributes: [String: String]) -> [QualifiedName: String] {
        var result: [QualifiedName: String] = [:]
        for (key, value) in attributes {
            guard let colon = key.firstIndex(of: ":") else {
                result[QualifiedName("", key)] = value
                continue
            }
            let prefix = String(key[..<colon])
            let uri = prefix == "xml" ? "http://www.w3.org/XML/1998/namespace" : scopes[prefix]?.last ?? ""
            let name = QualifiedName(Namespace.canonical(uri), String(key[key.index(after: colon)...]))
            if result[name] == nil || uri == name.namespace { result[name] = value }
        }
        return result
    }
}

/// Tells `/>` from `>`: the parser reports a start tag when it stands just before its end.
private struct SelfClosingTags {
    private let bytes: [UInt8]
    private var line = 1
    private var lineStart = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// How many characters the end of the start tag at this place has; places must not go backwards.
    mutating func widthOfEnd(line wanted: Int, column: Int) -> Int {
        while line < wanted, let end = bytes[lineStart...].firstIndex(of: 0x0A) {
            line += 1
            lineStart = end + 1
        }
        let position = lineStart + column - 1
        return bytes.indices.contains(position) && bytes[position] == UInt8(ascii: "/") ? 2 : 1
    }
}
