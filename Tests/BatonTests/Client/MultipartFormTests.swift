import Foundation
import Testing

@testable import baton

@Suite struct `A form of several parts` {
    @Test func `holds fields and files between its boundaries`() throws {
        var form = MultipartForm()
        form.addField("deployment-name", "orders")
        form.addFile("a \"b\".bpmn", Data("<x/>".utf8))
        let boundary = try #require(form.contentType.components(separatedBy: "boundary=").last)
        #expect(
            String(decoding: form.body, as: UTF8.self)
                == [
                    "--\(boundary)", #"Content-Disposition: form-data; name="deployment-name""#, "", "orders",
                    "--\(boundary)",
                    #"Content-Disposition: form-data; name="a %22b%22.bpmn"; filename="a %22b%22.bpmn""#, "", "<x/>",
                    "--\(boundary)--", "",
                ].joined(separator: "\r\n")
        )
    }
}
