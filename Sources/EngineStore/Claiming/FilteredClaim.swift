import EngineCore
import Postgres

/// Locks claimable tasks of topics of which some take only what passes their filters.
///
/// The same as the claims without filters but for the candidates: other tables are joined only for filters that need
/// them. What this costs goes with the tasks that a filter passes over.
struct FilteredClaim {
    let request: FetchRequest
    let limit: Int64
    let candidates: Int64

    var query: DynamicQuery {
        var query = DynamicQuery(
            "FilteredClaim",
            "with candidate as materialized (select task.id, task.lock_milliseconds from ("
        )
        for (index, topic) in request.topics.enumerated() {
            if index > 0 { query.append(" union all ") }
            append(topic, to: &query)
        }
        query.append(") as task order by ")
        query.append(order)
        query.append(
            " limit ",
            candidates,
            """
            ), taken as materialized (
                select locked.id, candidate.lock_milliseconds
                from candidate
                cross join lateral (
                    select task.id
                    from external_task as task
                    -- Not simply "ready": the planner must not walk a partial index to find one row.
                where task.id = candidate.id and coalesce(task.ready, false)
                    for no key update skip locked
                ) as locked
            """
        )
        query.append(" limit ", limit)
        query.append(
            "), claimed as (update external_task as task set ready = false, worker_id = ",
            request.worker.rawValue,
            """
            , lock_expiration = date_trunc(
                    'milliseconds', statement_timestamp() + taken.lock_milliseconds * interval '1 millisecond')
                from taken
                where task.id = taken.id
                returning 1 as poll, task.id, task.instance_id, task.path, task.iteration_id, task.definition_id,
                    task.definition_key, task.activity_id, task.activity_instance_id, task.topic, task.priority,
                    task.create_time, task.position, task.retries, task.error_message, task.error_details,
                    task.lock_expiration
            )
            select seen.candidates, claimed.*
            from (select count(*) as candidates from candidate) as seen
            left join claimed on true
            """
        )
        return query
    }

    private var order: StaticString {
        switch (request.order.usePriority, request.order.isNewestFirst) {
        case (false, false): "task.create_time, task.position"
        case (false, true): "task.create_time desc, task.position desc"
        case (true, false): "task.priority desc, task.create_time, task.position"
        case (true, true): "task.priority desc, task.create_time desc, task.position desc"
        }
    }

    private func append(_ topic: TopicRequest, to query: inout DynamicQuery) {
        query.append("(select task.id, task.priority, task.create_time, task.position, ", topic.boundedLockMilliseconds)
        query.append(" as lock_milliseconds from external_task as task")
        if topic.businessKey != nil {
            query.append(" join process_instance as instance on instance.id = task.instance_id")
        }
        if topic.processDefinitionVersionTag != nil || topic.filtersByTenant {
            query.append(" join process_definition as definition on definition.id = task.definition_id")
        }
        query.append(" where task.ready and task.topic = ", topic.topic)
        appendFilters(of: topic, to: &query)
        query.append(" order by ")
        query.append(order)
        query.append(" limit ", candidates, ")")
    }

    private func appendFilters(of topic: TopicRequest, to query: inout DynamicQuery) {
        if let key = topic.businessKey { query.append(" and instance.business_key = ", key) }
        if let id = topic.processDefinitionID { query.append(" and task.definition_id = ", id) }
        if let key = topic.processDefinitionKey { query.append(" and task.definition_key = ", key) }
        if !topic.processDefinitionIDIn.isEmpty {
            query.append(" and task.definition_id = any (", topic.processDefinitionIDIn.compactMap(\.self), ")")
        }
        if !topic.processDefinitionKeyIn.isEmpty {
            query.append(" and task.definition_key = any (", topic.processDefinitionKeyIn.compactMap(\.self), ")")
        }
        if let pattern = topic.processDefinitionVersionTag {
            query.append(" and definition.version_tag like ", pattern, " escape ''")
        }
        if topic.filtersByTenant {
            if let tenants = topic.tenantIDIn {
                query.append(" and definition.tenant_id = any (", tenants.compactMap(\.self), ")")
            } else {
                query.append(" and definition.tenant_id is null")
            }
        }
        if !topic.processVariables.isEmpty { appendVariables(topic.processVariables, to: &query) }
    }

    private func appendVariables(_ variables: [VariableInput], to query: inout DynamicQuery) {
        query.append(" and exists (select from variable where variable.owner_id = task.instance_id and (")
        for (index, variable) in variables.enumerated() {
            let columns = VariableColumns(variable.value)
            query.append(index > 0 ? " or (" : "(")
            query.append("variable.name = ", variable.name)
            query.append(" and variable.type = ", columns.type)
            if let text = columns.text {
                query.append(" and variable.text_value = ", text)
            } else if let long = columns.long {
                query.append(" and variable.long_value = ", long)
            } else if let double = columns.double {
                query.append(" and variable.double_value = ", double)
            } else {
                query.append(
                    " and variable.text_value is null and variable.long_value is null and variable.double_value is null"
                )
            }
            query.append(")")
        }
        query.append("))")
    }
}
