import Postgres

/// Ends sessions of the database while they write or commit.
///
/// Every statement that writes counts, and every row that it wrote counts once more at the commit. A sequence is not
/// rolled back, so each death happens once.
enum DeathTrap {
    static let script = SQLScript(
        name: "trap",
        trusted: """
            create sequence countdown;
            create sequence deaths;
            create function die() returns trigger language plpgsql as $$
            declare number bigint := nextval('countdown');
            begin
                if number >= 1000000 and number < 1000000 + (select last_value from deaths) then
                    perform pg_terminate_backend(pg_backend_pid());
                end if;
                return null;
            end $$;
            do $$
            declare name text;
            begin
                for name in
                    select relname from pg_class
                    where relkind in ('r', 'p') and not relispartition and relnamespace = current_schema()::regnamespace
                loop
                    execute format('create trigger die after insert or update or delete on %I execute function die()', name);
                    execute format(
                        'create constraint trigger die_at_commit after insert or update or delete on %I
                        deferrable initially deferred for each row execute function die()',
                        name
                    );
                end loop;
            end $$;
            """
    )

    /// Lets sessions die: the first after so many counts, and then others at their first one, so many in all.
    static func arm(after count: Int, deaths: Int, by session: Session) async throws {
        try await set(1_000_000 - count, deaths: deaths, session)
    }

    /// Lets all sessions live, and counts from zero.
    static func disarm(by session: Session) async throws { try await set(0, deaths: 1, session) }

    private static func set(_ value: Int, deaths: Int, _ session: Session) async throws {
        var query = DynamicQuery("SetTrap")
        query.append("select setval('countdown', ", Int64(value), " + 1, false),")
        query.append(" setval('deaths', ", Int64(max(1, deaths)), ")")
        _ = try await session.run(query, rows: RowDecoder { (countdown: Int64, deaths: Int64) in (countdown, deaths) })
    }

    /// What was counted since ``disarm(by:)``.
    static func count(by session: Session) async throws -> Int {
        let query = DynamicQuery("ReadTrap", "select last_value - (not is_called)::int from countdown")
        return try await session.run(query, rows: RowDecoder { (count: Int64) in Int(count) }).first ?? 0
    }
}
