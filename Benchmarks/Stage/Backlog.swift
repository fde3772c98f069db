import Postgres

/// Open tasks by the million, written straight into the tables, as the engine would have left them.
struct Backlog {
    var pool: Pool
    /// The process that the instances are of; deployed through the API before.
    var processKey: String
    /// Whether the database may learn what was filled in.
    ///
    /// Without, plans are made on what was known of empty tables.
    var withStatistics: Bool

    /// How the tasks of a state lie.
    struct Shape {
        var count: Int
        var topics = 1
        var locks = Locks.none
    }

    /// Which tasks somebody holds or held.
    enum Locks {
        case none
        /// Every other task is locked for an hour.
        case held
        /// Every other task was locked, and its lock ran out an hour ago.
        case ranOut

        /// The SQL condition for a task that was locked.
        fileprivate var condition: String { self == .none ? "false" : "number % 2 = 1" }
        /// When locks end, in SQL.
        fileprivate var expiration: String { "statement_timestamp() \(self == .ranOut ? "-" : "+") interval '1 hour'" }
    }

    /// The worker whose locks ``unlock()`` undoes.
    static let worker = "backlog"

    /// The topic with a number, from 0.
    static func topic(_ number: Int, of count: Int) -> String { count == 1 ? Models.topic : "topic-\(number)" }

    /// Keeps the database from learning by itself, unless it may.
    func prepare() async throws {
        guard !withStatistics else { return }
        for table in ["external_task", "process_instance", "variable"] {
            try await run("alter table \(table) set (autovacuum_enabled = off)")
        }
    }

    /// Adds instances with two variables each, until there are `count`.
    func addInstances(from present: Int, to count: Int) async throws {
        guard count > present else { return }
        let source = "from generate_series(\(present + 1), \(count)) as number"
        try await run(
            """
            insert into process_instance (id, root_id, definition_id, definition_key, business_key, start_activity_id,
                start_time, open_children, arrived)
            select \(Self.id(0)), \(Self.id(0)), definition.id, definition.key, 'order-' || number, 'start',
                \(Self.time), 1, '{}'
            \(source)
            cross join (
                select id, key from process_definition where key = '\(processKey)' order by version desc limit 1
            ) as definition
            """
        )
        for (kind, name, value) in [
            (2, "customer", "'String', 'ACME Corporation Ltd.', null"), (3, "amount", "'Double', null, 1299.95"),
        ] {
            try await run(
                """
                insert into variable (id, owner_id, root_id, instance_id, activity_instance_id, name, type, text_value,
                    double_value, create_time)
                select \(Self.id(kind)), \(Self.id(0)), \(Self.id(0)), \(Self.id(0)), \(Self.id(0))::text, '\(name)',
                    \(value), \(Self.time)
                \(source)
                """
            )
        }
        guard withStatistics else { return }
        try await run("vacuum analyze process_instance")
        try await run("vacuum analyze variable")
    }

    /// Replaces all tasks by those of a shape; there must be as many instances.
    func fillTasks(_ shape: Shape) async throws {
        try await run("truncate external_task")
        let locked = shape.locks.condition
        let topic = shape.topics == 1 ? "'\(Models.topic)'" : "'topic-' || number % \(shape.topics)"
        try await run(
            """
            insert into external_task (id, root_id, instance_id, scope_id, path, definition_id, definition_key,
                activity_id, activity_instance_id, parent_activity_instance_id, topic, priority, create_time, worker_id,
                lock_expiration, ready)
            select \(Self.id(1)), \(Self.id(0)), \(Self.id(0)), \(Self.id(0)), array[\(Self.id(0))],
                instance.definition_id, instance.definition_key, 'work', 'work:' || \(Self.id(4)), \(Self.id(0))::text,
                \(topic), number / 2 * 7 % 10, \(Self.time), case when \(locked) then 'somebody' end,
                case when \(locked) then \(shape.locks.expiration) end, not (\(locked))
            from generate_series(1, \(shape.count)) as number
            cross join (select definition_id, definition_key from process_instance limit 1) as instance
            """
        )
        if withStatistics { try await run("vacuum analyze external_task") }
        try await run("checkpoint")
    }

    /// Makes claimable again what was fetched since, and takes away what that left behind.
    func unlock() async throws {
        try await run(
            """
            update external_task
            set ready = true, worker_id = null, lock_expiration = null, position = nextval('ready_position')
            where worker_id = '\(Self.worker)'
            """
        )
        if withStatistics { try await run("vacuum external_task") }
    }

    private func run(_ sql: String) async throws {
        try await pool.withSession { session in
            try await session.run(SQLScript(name: "backlog", trusted: sql))
        }
    }

    /// An id that sorts by number, as the engine's do by time; all below one instance end in the same two bytes.
    private static func id(_ kind: Int) -> String {
        "(lpad(to_hex(1700000000000 + number), 12, '0') || '70008000000\(kind)' || lpad(to_hex(number), 8, '0'))::uuid"
    }

    private static let time = "timestamptz '2026-01-01' + number * interval '1 millisecond'"
}
