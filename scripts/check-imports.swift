// Compares every import of our modules with what the package says they may depend on.
//
// The compiler lets a module import what a dependency of a dependency brings along; this does not.
// Run it with `make check`, or: swift package describe --type json | swift scripts/check-imports.swift

import Foundation

struct Package: Decodable {
    var targets: [Target]

    struct Target: Decodable {
        var name: String
        var path: String
        var sources: [String]
        var target_dependencies: [String]?
        var product_dependencies: [String]?
    }
}

/// What comes with the toolchain. The pure modules may use less than the others.
let toolchain: Set<String> = ["Swift", "Synchronization", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Darwin", "Musl", "Testing"]
let pureToolchain: Set<String> = ["Swift", "FoundationEssentials"]
let pureModules: [String: Set<String>] = [
    "JSON": pureToolchain, "Expressions": pureToolchain, "EngineCore": pureToolchain,
    "BPMN": pureToolchain.union(["FoundationXML", "Foundation"]),
]

let package = try JSONDecoder().decode(Package.self, from: FileHandle.standardInput.readDataToEndOfFile())
let statement = #/^(?:@[A-Za-z_]+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?([A-Za-z_][A-Za-z0-9_]*)/#
var problems: [String] = []

for target in package.targets {
    let allowed = Set((target.target_dependencies ?? []) + (target.product_dependencies ?? []))
        .union(pureModules[target.name] ?? toolchain)
    for source in target.sources where source.hasSuffix(".swift") {
        let file = "\(target.path)/\(source)"
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard let match = line.firstMatch(of: statement), !allowed.contains(String(match.1)) else { continue }
            problems.append("\(file):\(index + 1): error: \(target.name) imports \(match.1), which it does not depend on")
        }
    }
}

for problem in problems.sorted() {
    print(problem)
}
exit(problems.isEmpty ? 0 : 1)
