import Configuration

/// Reads settings: flags over environment over defaults, each checked and named when it is wrong.
struct SettingReader {
    private let reader: ConfigReader
    private let flags: [Setting: String]

    /// Reads from the flags that were given and from this process's environment.
    init(_ groups: any SettingFlags...) {
        self.init(groups, environment: EnvironmentVariablesProvider())
    }

    /// Reads from the flags that were given and from the given environment.
    init(_ groups: [any SettingFlags], environment: EnvironmentVariablesProvider) {
        var given: [Setting: String] = [:]
        for group in groups {
            for case (let setting, let text?) in group.flags {
                given[setting] = text
            }
        }
        let values = given.map { setting, text in
            (AbsoluteConfigKey(setting.key), ConfigValue(.string(text), isSecret: setting.isSecret))
        }
        self.flags = given
        self.reader = ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: Dictionary(uniqueKeysWithValues: values)), environment,
        ])
    }

    /// The text of a setting, or of its default; nil when there is neither.
    func text(_ setting: Setting) -> String? {
        given(setting) ?? setting.defaultText
    }

    /// The text of a setting that was given by flag or by variable; nil when the default applies.
    func given(_ setting: Setting) -> String? {
        guard let text = reader.string(forKey: setting.key, isSecret: setting.isSecret), !text.isEmpty else {
            return nil
        }
        return text
    }

    /// A whole number within `range`.
    func integer(_ setting: Setting, in range: ClosedRange<Int>) throws(SettingProblem) -> Int {
        let text = text(setting) ?? ""
        guard let value = Int(text), range.contains(value) else {
            throw problem(setting, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// The case of `Choice` that is called so.
    func choice<Choice: CaseIterable>(_ setting: Setting, of type: Choice.Type) throws(SettingProblem) -> Choice {
        let text = text(setting)
        guard let value = Choice.allCases.first(where: { "\($0)" == text }) else {
            throw problem(setting, "must be one of \(Choice.allCases.map { "\($0)" }.joined(separator: ", "))")
        }
        return value
    }

    /// `on` or `off`.
    func isOn(_ setting: Setting) throws(SettingProblem) -> Bool {
        try choice(setting, of: Switch.self) == .on
    }

    /// What is wrong with a setting, said in the words in which it was given.
    func problem(_ setting: Setting, _ rule: String) -> SettingProblem {
        let name = flags[setting] == nil && given(setting) != nil ? setting.variable : setting.flag
        let value = setting.isSecret ? nil : text(setting)
        return SettingProblem(description: value.map { "\(name) \(rule), but is “\($0)”." } ?? "\(name) \(rule).")
    }
}

/// A setting that cannot be used, and why; written for the person who set it.
struct SettingProblem: Error, Equatable, CustomStringConvertible {
    let description: String
}

private enum Switch: CaseIterable {
    case on, off
}

extension Setting {
    /// The path of the setting in the configuration; joined in capitals by underscores it is ``variable``.
    fileprivate var key: ConfigKey {
        ConfigKey(["baton"] + words)
    }
}
