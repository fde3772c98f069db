import HTTPTypes
import Testing

@testable import EngineAPI

@Suite struct `A multipart form` {
    private static let contentType = "multipart/form-data; boundary=XX"

    private func parse(_ text: String, contentType: String? = Self.contentType) throws(APIError) -> [FormPart] {
        try MultipartForm.parse(Array(text.utf8), contentType: contentType)
    }

    @Test func `gives its fields and files in order`() throws {
        let parts = try parse(
            "--XX\r\nContent-Disposition: form-data; name=\"deployment-name\"\r\n\r\norders\r\n"
                + "--XX\r\ncontent-disposition: form-data; name=\"a\"; filename=\"a b.bpmn\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n<x>\r\n--X\r\n</x>\r\n--XX--\r\n"
        )
        #expect(
            parts == [
                FormPart(name: "deployment-name", content: Array("orders".utf8)),
                FormPart(
                    name: "a",
                    fileName: "a b.bpmn",
                    contentType: "application/octet-stream",
                    content: Array("<x>\r\n--X\r\n</x>".utf8)
                ),
            ]
        )
    }

    @Test(arguments: [
        ("name=\"data\"; filename=\"r ä.txt\"", "r ä.txt"),
        ("name=data; filename=plain.txt", "plain.txt"),
        ("name=\"data\"; filename=\"a \\\"b\\\".txt\"", "a \"b\".txt"),
        ("name=\"data\"; filename=\"C:\\dir\\a.txt\"", "C:\\dir\\a.txt"),
        ("filename=\"a;b=c.txt\" ; name=\"data\"", "a;b=c.txt"),
    ])
    func `reads file names`(parameters: String, fileName: String) throws {
        let parts = try parse("--XX\r\nContent-Disposition: form-data; \(parameters)\r\n\r\nhi\r\n--XX--")
        #expect(parts == [FormPart(name: "data", fileName: fileName, content: Array("hi".utf8))])
    }

    @Test func `may have a quoted boundary, a preamble, empty parts and an epilogue`() throws {
        let parts = try parse(
            "ignored\r\n--a b\r\nContent-Disposition: form-data; name=e\r\n\r\n\r\n--a b--\r\nignored",
            contentType: "Multipart/Form-Data; charset=utf-8; boundary=\"a b\""
        )
        #expect(parts == [FormPart(name: "e", content: [])])
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"", nil,
    ])
    func `is refused without a boundary`(contentType: String?) {
        #expect(throws: APIError.unreadableForm) { try parse("--XX--", contentType: contentType) }
    }

    @Test(arguments: [
        "", "--", "--XX", "--XX\r\n", "no delimiter at all", "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
        "--XX\r\nContent-Disposition: form-data; name=a", "--XXgarbage\r\n\r\n--XX--",
    ])
    func `is refused when it is broken`(body: String) {
        #expect(throws: APIError.unreadableForm) { try parse(body) }
    }

    @Test func `is refused when a part's headers are too long`() {
        let long = String(repeating: "x", count: MultipartForm.maximumHeaderLength + 1)
        #expect(throws: APIError.unreadableForm) { try parse("--XX\r\nX: \(long)\r\n\r\n\r\n--XX--") }
    }

    @Test func `is refused with too many parts`() {
        let part = "\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--XX"
        let body = "--XX" + String(repeating: part, count: MultipartForm.maximumParts + 1) + "--"
        #expect(throws: APIError.unreadableForm) { try parse(body) }
    }

    @Test func `never fails but by refusal, whatever the bytes`() {
        var random = SplitMix(state: 42)
        let pieces: [[UInt8]] = [
            "--XX", "\r\n", "--", "Content-Disposition: form-data; name=\"a\"", "; filename=\"", "\"", "\n", "\r", ":",
            "X",
        ].map { Array($0.utf8) }
        for _ in 0..<5_000 {
            var body: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<20, using: &random) {
                if Bool.random(using: &random) {
                    body += pieces.randomElement(using: &random) ?? []
                } else {
                    body.append(.random(in: 0...255, using: &random))
                }
            }
            do throws(APIError) {
                for part in try MultipartForm.parse(body, contentType: Self.contentType) {
                    #expect(part.content.count < body.count)
                }
            } catch {
                #expect(error == .unreadableForm)
            }
        }
    }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
