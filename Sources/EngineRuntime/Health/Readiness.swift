/// Whether an engine can do its work now, and what it lacks.
package struct Readiness: Sendable, Hashable {
    /// Where an engine is between its start and its end.
    package enum Life: String, Sendable, Hashable {
        /// Not migrated yet.
        case starting
        case running
        /// Told to end: it serves whoever still comes, and wants nobody to come any more.
        case draining
    }

    /// What is known of one thing that an engine needs.
    package struct Finding: Sendable, Hashable {
        package var isUp: Bool
        /// What there is to say about it, safe to show to a stranger.
        package var note: String?
        /// How long it took to find out; of wake-ups, how long ago one came.
        package var milliseconds: Int64?

        package init(isUp: Bool, note: String? = nil, milliseconds: Int64? = nil) {
            self.isUp = isUp
            self.note = note
            self.milliseconds = milliseconds
        }
    }

    package var name: EngineName
    package var life: Life
    /// Whether the database answers.
    package var database: Finding
    /// Whether its tables are as this program needs them.
    package var schema: Finding
    /// Whether what other nodes announce arrives here.
    package var wakeUps: Finding

    package init(name: EngineName, life: Life, database: Finding, schema: Finding, wakeUps: Finding) {
        self.name = name
        self.life = life
        self.database = database
        self.schema = schema
        self.wakeUps = wakeUps
    }

    package var isReady: Bool { life == .running && database.isUp && schema.isUp && wakeUps.isUp }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var wholeMilliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
