import EngineCore
import Foundation
import Postgres
import TestSupport
import Testing

@testable import EngineStore

@Suite(.database) struct `Every statement` {
    @Test(arguments: Statements.all)
    func `takes and returns what the schema says`(statement: any Statement.Type) async throws {
        let described = try await describe(statement)
        #expect(described.parameters == statement.parameterTypes)
        if !statement.columnTypes.isEmpty { #expect(described.columns == statement.columnTypes) }
    }

    private func describe<S: Statement>(_ statement: S.Type) async throws -> StatementDescription {
        try await Database.current.describe(statement)
    }

    @Test func `is in the list`() throws {
        let named = Set(Statements.all.map { String(describing: $0) })
        #expect(named.count == Statements.all.count)
        #expect(named == (try Self.declared()), "every type that says `: Statement` in EngineStore")
    }

    /// The statements that the sources declare.
    private static func declared() throws -> Set<String> {
        let sources = "Sources/EngineStore"
        var names: Set<String> = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: sources) where path.hasSuffix(".swift") {
            let text = try String(contentsOfFile: "\(sources)/\(path)", encoding: .utf8)
            for line in text.split(separator: "\n") where line.contains("struct ") && line.contains(": Statement {") {
                guard let name = line.split(separator: " ").first(where: { $0.hasSuffix(":") }) else { continue }
                names.insert(String(name.dropLast()))
            }
        }
        return names
    }
}
