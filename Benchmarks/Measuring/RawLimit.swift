import Foundation
import Postgres
import Processes

/// What the database alone can do: whole cycles per second (create an instance with two variables and a task, fetch and
/// lock it, complete it, history written) by `pgbench`, with nothing of Baton's in between.
///
/// The schema is a plain one, not Baton's: it is what results are divided by. Measured in a schema of its own in the same
/// database, on the same server, in the same run.
struct RawLimit {
    /// Cycles in one transaction.
    var batch = 10
    /// Connections.
    var clients = 16
    var seconds = 6

    /// Cycles per second.
    func measure(on stage: Stage) async throws -> Double {
        _ = try await stage.pool.withSession { session in
            try await session.run(SQLScript(name: "raw limit", trusted: Self.schema))
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("raw-limit-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = folder.appendingPathComponent("cycle.sql").path
        try Self.cycle.write(toFile: script, atomically: true, encoding: .utf8)
        let program = stage.programs.map { "\($0)/pgbench" } ?? "/usr/bin/pgbench"
        let child = try ChildProcess(
            executable: program,
            arguments: [
                "-n", "-M", "prepared", "-f", script, "-D", "k=\(batch)", "-D", "i=0", "-c", "\(clients)", "-j", "2",
                "-T", "\(seconds)", stage.databaseURL,
            ],
            environment: ["PGOPTIONS": "-c plan_cache_mode=force_generic_plan -c search_path=raw_limit"]
        )
        var said: [ChildProcess.Line] = []
        for await line in child.lines { said.append(line) }
        guard await child.exit() == .status(0) else { throw BenchmarkFailure("pgbench failed: \(said)") }
        let cycles = try await stage.pool.run(Count()).first ?? 0
        _ = try await stage.pool.run(Drop())
        return Double(cycles) / Double(seconds)
    }

    private struct Count: Statement {
        static let sql: SQLText = "select count(*) from raw_limit.hist_activity"
        static let rows = RowDecoder<Int64> { (count: Int64) in count }
    }

    private struct Drop: Statement {
        static let sql: SQLText = "drop schema raw_limit cascade"
    }

    private static let schema = """
        drop schema if exists raw_limit cascade;
        create schema raw_limit;
        create sequence raw_limit.instance_number cache 100;
        create sequence raw_limit.task_number cache 100;
        create table raw_limit.instance (
            id bigint primary key, definition_id int not null, business_key text, state smallint not null default 1,
            start_time timestamptz not null default now(), revision int not null default 1, activity int not null default 1
        ) with (fillfactor = 80);
        create table raw_limit.variable (
            instance_id bigint not null, name text not null, type smallint not null, value jsonb,
            revision int not null default 1, primary key (instance_id, name)
        ) with (fillfactor = 90);
        create table raw_limit.task (
            id bigint primary key, topic int not null, priority int not null,
            create_time timestamptz not null default now(), lock_expiration timestamptz, worker_id text,
            retries int not null default 3, instance_id bigint not null, activity int not null
        );
        create index task_ready on raw_limit.task (topic, priority desc, create_time) where lock_expiration is null;
        create index task_held on raw_limit.task (lock_expiration) where lock_expiration is not null;
        create index task_instance on raw_limit.task (instance_id);
        create table raw_limit.hist_instance (
            id bigint primary key, definition_id int not null, business_key text, start_time timestamptz not null,
            end_time timestamptz, state smallint not null
        ) with (fillfactor = 85);
        create table raw_limit.hist_activity (
            instance_id bigint not null, activity int not null, task_id bigint not null,
            start_time timestamptz not null, end_time timestamptz not null, worker_id text
        );
        create index hist_activity_instance on raw_limit.hist_activity (instance_id);
        create table raw_limit.hist_variable (
            instance_id bigint not null, name text not null, type smallint not null, value jsonb, at timestamptz not null,
            task_id bigint
        );
        create index hist_variable_instance on raw_limit.hist_variable (instance_id);
        """

    private static let cycle = #"""
        \set topic 1 + (:client_id % 4)
        \set priority random(0, 9)
        with i as (insert into instance (id, definition_id, business_key)
                select nextval('instance_number'), 1, 'order-4711' from generate_series(1, :k) returning id, start_time),
            v as (insert into variable (instance_id, name, type, value) select i.id, x.n, 1, x.v from i, (values
                ('customer', '"ACME Corporation Ltd."'::jsonb), ('amount', '1299.95'::jsonb)) x (n, v)),
            t as (insert into task (id, topic, priority, instance_id, activity)
                select nextval('task_number'), :topic, :priority, id, 1 from i),
            hi as (insert into hist_instance select id, 1, 'order-4711', start_time, null, 1 from i),
            hv as (insert into hist_variable select i.id, x.n, 1, x.v, start_time, null from i, (values
                ('customer', '"ACME Corporation Ltd."'::jsonb), ('amount', '1299.95'::jsonb)) x (n, v))
        select count(*) from i;
        with f as (update task set lock_expiration = now() + interval '5 min', worker_id = 'worker-1'
                where id = any (array (select id from task where topic = :topic and lock_expiration is null
                    order by priority desc, create_time limit :k for update skip locked))
                returning id, topic, priority, retries, instance_id, activity),
            fv as (select f.id, count(*) c, sum(length(v.value::text)) l
                from f join variable v on v.instance_id = f.instance_id group by 1)
        select coalesce((select array_agg(id) from f), '{}') ids, sum(c) c, sum(l) l from fv
        \gset
        with d as (delete from task where id = any (:ids::bigint[]) and worker_id = 'worker-1'
                and lock_expiration > now() returning id, topic, priority, instance_id, activity, create_time),
            ha as (insert into hist_activity select instance_id, activity, id, create_time, now(), 'worker-1' from d),
            hv as (insert into hist_variable select instance_id, 'result', 1, to_jsonb(id), now(), id from d),
            dv as (delete from variable v using d where v.instance_id = d.instance_id),
            di as (delete from instance i using d where i.id = d.instance_id),
            hi as (update hist_instance h set end_time = now(), state = 2 from d where h.id = d.instance_id)
        select count(*) from d;
        """#
}
