/// What a process of workers is told.
struct CrewSettings: Sendable {
    /// What the crew is called, in this life and the next.
    var name: String
    /// What it is called in this life only.
    var life: String
    var seed: UInt64
    var nodes: [NodeAddress]
    var workers: Int
    /// Starts a second; 0 starts nothing.
    var startsPerSecond: Double
    /// When there is storm and when calm; nil when workers do only what they should: complete what they fetch, in time.
    var rhythm: Rhythm?
    /// Whether clients sometimes leave without reading the answer; not in calm.
    var areRude: Bool
    /// Whether clients sometimes take their time.
    var areSlow: Bool
    /// Whether workers sometimes change their minds about a lock many times.
    var areStormy: Bool
    /// Those who work on user tasks and send messages, beside the workers.
    var clerks: Int

    /// The shortest and the longest lock that workers ask for, in milliseconds.
    static let lockMilliseconds: ClosedRange<Int64> = 1_500...4_000
    /// How long polls ask to wait, in milliseconds.
    static let waitMilliseconds: ClosedRange<Int64> = 500...12_000
    static let mostTasks = 4

    var arePolite: Bool { rhythm == nil }
}
