import BPMN
import Postgres
import TestSupport
import Testing

@testable import EngineStore

@Suite(.database) struct `Finding who waits` {
    /// 20,000 instances that wait for one message, each with a business key; and some that wait for others.
    private func prepare() async throws {
        try await Database.current.pool.withSession { session in
            try await session.run(
                SQLScript(
                    name: "Waiting instances",
                    trusted: """
                        insert into process_instance (
                            id, root_id, definition_id, definition_key, business_key, start_time, open_children, arrived
                        )
                        select id, id, 'd', 'd', 'key-' || number, now(), 1, '{}'
                        from (select gen_random_uuid() as id, number from generate_series(1, 20000) as number) as made;
                        insert into event_subscription (
                            id, root_id, instance_id, execution_id, definition_id, kind, name, activity_id, create_time
                        )
                        select
                            gen_random_uuid(), id, id, gen_random_uuid(), 'd', 1,
                            case when business_key like '%7' then business_key else 'popular' end, 'a', now()
                        from process_instance;
                        analyze process_instance;
                        analyze event_subscription
                        """
                )
            )
        }
    }

    private func plan(_ waiting: WaitingExecutions, _ parameters: [String]) async throws -> String {
        var sql = waiting.list(limit: 2).sql
        for (index, parameter) in parameters.enumerated().reversed() {
            sql = sql.replacing("$\(index + 1)", with: parameter)
        }
        let text = sql
        return try await Database.current.pool.withSession { session in
            try await session.run(
                SQLScript(
                    name: "Explain",
                    trusted: """
                        create temporary table if not exists plan (line text);
                        truncate plan;
                        do $do$
                        declare line text;
                        begin
                            for line in execute $explain$explain \(text)$explain$ loop
                                insert into plan values (line);
                            end loop;
                        end $do$
                        """
                )
            )
            return try await session.run(
                DynamicQuery("Plan", "select string_agg(line, e'\\n') from plan"),
                rows: RowDecoder(String.self)
            ).first ?? ""
        }
    }

    @Test func `looks nobody up who waits for something else or has another business key`() async throws {
        try await prepare()
        let byName = try await plan(WaitingExecutions(for: .message, named: "key-7"), ["'key-7'", "1", "0", "2"])
        #expect(byName.contains("event_subscription_by_name") && !byName.contains("Seq Scan"), "\(byName)")
        var waiting = WaitingExecutions(for: .message, named: "popular")
        waiting.businessKey = "key-12345"
        let byKey = try await plan(waiting, ["'popular'", "1", "0", "'key-12345'", "2"])
        #expect(byKey.contains("process_instance_by_business_key"), "\(byKey)")
        #expect(byKey.contains("event_subscription_by_instance") && !byKey.contains("Seq Scan"), "\(byKey)")
    }
}
