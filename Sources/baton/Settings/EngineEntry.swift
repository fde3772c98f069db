import EngineRuntime
import Postgres

/// An engine besides the default one, as it is configured: `NAME` or `NAME=URL`.
struct EngineEntry: Equatable, Sendable {
    var name: EngineName
    /// Its own database; nil for a schema of its own in the database of the default engine.
    var databaseURL: String?
    /// Its own database past a pooler, for hearing wake-ups; nil when ``databaseURL`` serves for them, too.
    var listenURL: String?

    /// The most engines besides the default one.
    static let maximumCount = 100
}

extension EngineEntry {
    /// The entries of a text as they stand in a variable or are put together from flags: one per line, or, in a text of
    /// one line, separated by commas.
    ///
    /// An address with several hosts holds commas itself: such entries stand on lines of their own.
    static func split(_ text: String) -> [String] {
        let separator: Character = text.contains(where: \.isNewline) ? "\n" : ","
        return text.split { $0 == separator || $0.isNewline }
            .map { $0.trimmingPrefix(while: \.isWhitespace) }
            .map { String($0.reversed().trimmingPrefix(while: \.isWhitespace).reversed()) }
            .filter { !$0.isEmpty }
    }

    /// Entries as a text that ``split(_:)`` reads.
    static func join(_ entries: [String]) -> String {
        entries.map { $0 + "\n" }.joined()
    }

    /// The entry as it is typed.
    var text: String { databaseURL.map { "\(name)=\($0)" } ?? name.text }
}

extension EngineEntry {
    /// How to connect, given the address of the default engine's database.
    func database(besides defaultURL: String) -> ConnectionSettings {
        settings(databaseURL ?? defaultURL)
    }

    /// How to connect for hearing wake-ups, given what the default engine is told; nil when as for everything else.
    func listening(besides defaultURL: String?) -> ConnectionSettings? {
        (databaseURL == nil ? defaultURL : listenURL).map(settings)
    }

    private func settings(_ url: String) -> ConnectionSettings {
        var settings = ConnectionSettings(url, applicationName: "baton")
        if databaseURL == nil { settings.schema = name.schema }
        return settings
    }
}

extension SettingReader {
    /// The engines besides the default one.
    ///
    /// - Throws: ``SettingProblem`` for the first one that cannot be. Addresses are not repeated: they may hold passwords.
    func engines() throws(SettingProblem) -> [EngineEntry] {
        var entries = try engineEntries(given(.engine) ?? "")
        if entries.contains(where: { $0.name == .default }) {
            throw problem(
                .engine,
                "must not name default: that engine is always there, in the database of --database-url"
            )
        }
        for listening in try engineEntries(given(.listenEngine) ?? "", of: .listenEngine) {
            let index = entries.firstIndex { $0.name == listening.name && $0.databaseURL != nil }
            guard let index, let url = listening.databaseURL else {
                throw problem(
                    .listenEngine,
                    "takes NAME=URL, with the name of an engine that \(Setting.engine.flag) gives an address, but names \(listening.name)"
                )
            }
            entries[index].listenURL = url
        }
        return entries
    }

    /// Reads entries and checks their names.
    func engineEntries(_ text: String, of setting: Setting = .engine) throws(SettingProblem) -> [EngineEntry] {
        var entries: [EngineEntry] = []
        for part in EngineEntry.split(text) {
            let entry = try engineEntry(part, of: setting)
            guard !entries.contains(where: { $0.name == entry.name }) else {
                throw problem(setting, "must name every engine once, but names \(entry.name) twice")
            }
            entries.append(entry)
        }
        guard entries.count <= EngineEntry.maximumCount else {
            throw problem(setting, "must name at most \(EngineEntry.maximumCount) engines")
        }
        return entries
    }

    private func engineEntry(_ text: String, of setting: Setting) throws(SettingProblem) -> EngineEntry {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first.flatMap({ EngineName($0) }) else {
            // What does not begin with a name may be the rest of an address.
            throw problem(setting, "takes NAME or NAME=URL, and a name \(EngineName.rule)")
        }
        guard parts.count > 1 else { return EngineEntry(name: name) }
        let url = String(parts[1])
        guard Self.isDatabaseURL(url) else {
            throw problem(
                setting,
                "must give engine \(name) a URL that begins with postgres://, or keywords such as host=… dbname=…"
            )
        }
        return EngineEntry(name: name, databaseURL: url)
    }
}
