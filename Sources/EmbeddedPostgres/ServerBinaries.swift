import Foundation

/// Where the programs of one PostgreSQL version are.
struct ServerBinaries: Sendable, Hashable {
    let directory: String

    var postgres: String { directory + "/postgres" }
    var initdb: String { directory + "/initdb" }
    var createdb: String { directory + "/createdb" }

    /// The major version, such as `15`; nil when the program does not say.
    func majorVersion() async -> String? {
        guard let output = try? await Command(postgres, ["--version"]).output(), output.status == 0 else { return nil }
        let number = output.text.split(whereSeparator: \.isWhitespace).first { $0.first?.isNumber ?? false }
        return number.map { String($0.prefix(while: \.isNumber)) }
    }

    /// The programs to use, newest first when there is a choice.
    ///
    /// - Parameters:
    ///   - directory: Where to look; nil looks on the search path and where systems usually put them.
    ///   - version: The major version that existing data needs; nil takes any.
    /// - Returns: The first place that has all programs of the version.
    /// - Throws: When there is none.
    static func find(in directory: String?, version: String?) async throws(PrivateClusterError) -> ServerBinaries {
        let candidates = directory.map { [$0] } ?? usualDirectories()
        let complete = candidates.map(ServerBinaries.init).filter(\.isComplete)
        if let found = complete.first, version == nil { return found }
        var versions: [String] = []
        for binaries in complete {
            guard let found = await binaries.majorVersion() else { continue }
            if found == version { return binaries }
            versions.append(found)
        }
        guard let version, !versions.isEmpty else { throw .serverNotInstalled(searched: candidates) }
        throw .versionNotInstalled(needed: version, found: versions)
    }

    private var isComplete: Bool {
        [postgres, initdb, createdb].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func usualDirectories() -> [String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let debian = versions(in: "/usr/lib/postgresql").map { "/usr/lib/postgresql/\($0)/bin" }
        let redHat = versions(in: "/usr", prefix: "pgsql-").map { "/usr/pgsql-\($0)/bin" }
        let homebrew = ["/opt/homebrew/opt", "/usr/local/opt"].flatMap { parent in
            versions(in: parent, prefix: "postgresql@").map { "\(parent)/postgresql@\($0)/bin" }
        }
        var directories = path.split(separator: ":").map(String.init)
        directories += debian + redHat + homebrew
        directories += ["/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"]
        var seen: Set<String> = []
        return directories.filter { seen.insert($0).inserted }
    }

    /// The numbers that name folders in `directory` after `prefix`, greatest first.
    private static func versions(in directory: String, prefix: String = "") -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasPrefix(prefix) }.compactMap { Int($0.dropFirst(prefix.count)) }.sorted(by: >)
    }
}
