import ArgumentParser
import EngineAPI
import Foundation
import Testing

@testable import baton

@Suite struct `The version` {
    @Test func `is that of the newest entry of the changelog`() throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appending(path: "CHANGELOG.md"), encoding: .utf8)
        let newest = try #require(text.split(separator: "\n").first { $0.hasPrefix("## ") })
        #expect(newest.split(separator: " ").dropFirst().first.map(String.init) == ProductVersion.number)
    }

    @Test func `is told by the program`() {
        #expect(Baton.configuration.version.hasPrefix("baton \(ProductVersion.number) ("))
    }
}
