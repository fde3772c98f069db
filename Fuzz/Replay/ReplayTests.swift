import Foundation
import Testing

/// Gives all inputs that are kept to what the fuzzers give theirs to.
@Suite struct `The inputs of the fuzzers` {
    /// An input that is kept.
    struct Input: Sendable, CustomTestStringConvertible {
        var target: FuzzTarget
        var file: URL

        var testDescription: String { "\(target.rawValue)/\(file.lastPathComponent)" }

        func check() throws { try target.check(Array(Data(contentsOf: file))) }
    }

    /// The inputs below a folder of `Fuzz`, which has a folder for each target.
    private static func inputs(in folder: String) throws -> [Input] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try FuzzTarget.allCases.flatMap { target in
            let folder = root.appending(components: folder, target.rawValue)
            guard FileManager.default.fileExists(atPath: folder.path) else { return [Input]() }
            let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            return files.sorted { $0.path < $1.path }.map { Input(target: target, file: $0) }
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `are as each target's corpus has them: nothing is wrong`(target: FuzzTarget) throws {
        let inputs = try Self.inputs(in: "Corpus").filter { $0.target == target }
        #expect(!inputs.isEmpty)
        for input in inputs {
            #expect(throws: Never.self, "\(input.testDescription)") { try input.check() }
        }
    }

    @Test(arguments: try Self.inputs(in: "Findings"))
    func `are mended where they found something`(input: Input) throws {
        try input.check()
    }

    @Test(arguments: FuzzTarget.allCases)
    func `can be empty or anything`(target: FuzzTarget) throws {
        try target.check([])
        try target.check(Array(0...255))
        try target.check([UInt8](repeating: UInt8(ascii: "["), count: 100_000))
    }
}
