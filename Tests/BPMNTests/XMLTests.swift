import Testing

@testable import BPMN

@Suite struct `A file` {
    private static let valid = Model.file("<startEvent id=\"s\" name=\"Größe\"/>")

    /// The problem that a file is not well-formed with.
    private func problem(_ bytes: [UInt8]) -> Diagnostic? {
        do throws(ModelRejection) {
            _ = try Model.read(bytes)
        } catch {
            if case .notWellFormed(let diagnostic) = error { return diagnostic }
        }
        return nil
    }

    @Test(arguments: [
        ("", 1), ("no xml at all", 1), ("<definitions", 1), ("<a>\n<b></a>", 2), ("<a/>\n<b/>", 2),
        ("<a>\n&foo;</a>", 2),
        ("<a x=\"1\"\n x=\"2\"/>", 2), ("<a>\n\n<q:b/></a>", 3), ("<a x=1/>", 1), ("<a><![CDATA[</a>", 1),
    ])
    func `that is no well-formed XML is refused with its place`(text: String, line: Int) {
        let problem = problem(Array(text.utf8))
        #expect(problem?.message.hasPrefix("Could not parse 'test.bpmn'. ") == true)
        #expect(problem?.line == line || text.isEmpty)
    }

    @Test func `that is cut off anywhere is refused`() throws {
        let bytes = Array(Self.valid.utf8)
        for length in stride(from: 0, to: bytes.count - 1, by: 7) {
            #expect(problem(Array(bytes[..<length])) != nil)
        }
    }

    @Test func `of random bytes is refused`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(problem(bytes) != nil)
        }
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY x \"yyyyyyyyyy\"><!ENTITY z \"&x;&x;&x;&x;&x;\">]><a>&z;</a>",
        "<?xml version=\"1.0\"?>\n<!-- hello -->\n  <!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
    ])
    func `with a document type is refused before it is parsed`(text: String) {
        #expect(problem(Array(text.utf8))?.message.contains("DOCTYPE") == true)
        #expect(problem([0xEF, 0xBB, 0xBF] + Array(text.utf8))?.message.contains("DOCTYPE") == true)
        #expect(problem([0xFF, 0xFE] + utf16(text, isLittle: true))?.message.contains("DOCTYPE") == true)
    }

    @Test(arguments: ["UTF-7", "EBCDIC-CP-US", "x-unknown"])
    func `in an encoding that could hide markup is refused`(encoding: String) {
        let text = "<?xml version=\"1.0\" encoding=\"\(encoding)\"?><a/>"
        #expect(problem(Array(text.utf8))?.message.contains(encoding.uppercased()) == true)
    }

    @Test func `may start with a byte order mark`() throws {
        #expect(try Model.read([0xEF, 0xBB, 0xBF] + Array(Self.valid.utf8)).first?.nodes.first?.name == "Größe")
    }

    @Test(arguments: [true, false])
    func `may be in UTF-16`(isLittle: Bool) throws {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + Self.valid
        let mark: [UInt8] = isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF]
        let process = try Model.read(mark + utf16(text, isLittle: isLittle)).first
        #expect(process?.nodes.first?.name == "Größe")
    }

    @Test func `may be in a one-byte encoding that it declares`() throws {
        let text = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + Self.valid
        let bytes = text.unicodeScalars.map { UInt8($0.value) }
        #expect(try Model.read(bytes).first?.nodes.first?.name == "Größe")
        #expect(problem(Self.valid.unicodeScalars.map { UInt8($0.value) }) != nil)
    }

    @Test func `that nests too deeply is refused`() {
        let deep = String(repeating: "<a>", count: 100_000)
        #expect(problem(Array(deep.utf8))?.message.contains("\(ModelLimits.depth) deep") == true)
    }

    @Test func `with too many elements is refused`() {
        let many = "<a>" + String(repeating: "<b/>", count: ModelLimits.elements) + "</a>"
        #expect(problem(Array(many.utf8))?.message.contains("more than \(ModelLimits.elements) elements") == true)
    }

    @Test func `with too many attributes on one element is refused`() {
        let many = (0...ModelLimits.attributes).map { "a\($0)=\"1\"" }.joined(separator: " ")
        #expect(problem(Array("<a \(many)/>".utf8))?.message.contains("attributes") == true)
    }

    @Test func `that is too large is refused unread`() {
        let bytes = [UInt8](repeating: 0x20, count: ModelLimits.bytes + 1)
        #expect(problem(bytes)?.message.contains("larger than") == true)
    }

    @Test(arguments: [("<a>\n  <b\n x=\"1\"  />\n</a>", 3, 11), ("<a><b x=\"1\"></b></a>", 1, 13)])
    func `tells where the start tag of an element ends`(text: String, line: Int, column: Int) throws {
        let element = try ModelXML.root(of: Array(text.utf8)).children[0]
        #expect(element.line == line)
        #expect(element.column == column)
    }

    @Test func `keeps text and character data sections together`() throws {
        let root = try ModelXML.root(of: Array("<a>x &lt; <![CDATA[y < ]]>&#122;<b>no</b></a>".utf8))
        #expect(root.text == "x < y < z")
    }

    @Test func `that is damaged anywhere never breaks the reader`() throws {
        let original = try Model.fixture("order.bpmn")
        var random = SeededGenerator(seed: 1)
        for _ in 0..<1_000 {
            _ = try? Model.read(damaged(original, using: &random))
        }
    }

    @Test func `with its elements shuffled never breaks the reader`() throws {
        let original = String(decoding: try Model.fixture("order.bpmn"), as: UTF8.self)
        let names = [
            "task", "subProcess", "boundaryEvent", "endEvent", "sequenceFlow", "exclusiveGateway", "startEvent",
        ]
        var random = SeededGenerator(seed: 2)
        for _ in 0..<200 {
            let (old, new) = (names.randomElement(using: &random) ?? "", names.randomElement(using: &random) ?? "")
            _ = try? Model.read(original.replacing("bpmn:\(old)", with: "bpmn:\(new)"))
        }
    }

    @Test(arguments: ["<?a?>", "<?note?>", "<?xml-stylesheet?>", "<?ä?>", "<?note some content?>", "<?n  ?>"])
    func `may have processing instructions anywhere, also without content`(instruction: String) throws {
        let text = "\(instruction)<d xmlns=\"u\">\(instruction)<e/>text\(instruction)</d>\(instruction)"
        for bytes in [Array(text.utf8)] + [true, false].map({ utf16("\u{FEFF}" + text, isLittle: $0) }) {
            #expect(try ModelXML.root(of: bytes).text.trimmed == "text")
        }
    }

    @Test func `has the same places with processing instructions that have no content`() throws {
        let root = try ModelXML.root(of: Array("<?a?><d xmlns=\"u\"><?note?><e/></d>".utf8))
        #expect(root.children.first?.column == 31)
    }

    @Test func `keeps in comments and CDATA sections what looks like a processing instruction`() throws {
        let text = "<d xmlns=\"u\"><!-- <?note?> --><![CDATA[<?note?><!--]]><?note?>.</d>"
        #expect(try ModelXML.root(of: Array(text.utf8)).text == "<?note?><!--.")
    }

    @Test(arguments: [
        "<d/><?note", "<d/><?", "<d/><?>", "<d/><??>", "<d><?xml?></d>", "<?XML?><d/>", "<d a='<?note?>'/>",
    ])
    func `is refused for broken processing instructions`(text: String) {
        #expect(throws: XMLProblem.self) { try ModelXML.root(of: Array(text.utf8)) }
    }

    private func utf16(_ text: String, isLittle: Bool) -> [UInt8] {
        text.utf16.flatMap { unit in
            let (low, high) = (UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8))
            return isLittle ? [low, high] : [high, low]
        }
    }

    /// A copy with a few bytes changed, left out, doubled or swapped for markup.
    private func damaged(_ original: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &random)
            let end = min(place + Int.random(in: 1...40, using: &random), bytes.count)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 3: bytes[place] = Array("<>/\"&=: ${}".utf8).randomElement(using: &random) ?? 0
            default: bytes.swapAt(place, Int.random(in: bytes.indices, using: &random))
            }
        }
        return bytes
    }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
