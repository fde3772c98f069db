-- The first schema: deployments, running instances, what waits, variables, incidents and history.
--
-- Conventions: external ids are opaque uuids (order comes from bigint sequences); an activity instance's id is text,
-- as clients see it; an execution id names a variable scope and is the id of the row that rests or holds it; every runtime row carries the root process instance's id,
-- which is the unit of locking. No foreign keys on runtime rows: the decision that writes them keeps them whole.

create table deployment (
    id uuid not null,
    name text,
    source text,
    tenant_id text,
    deploy_time timestamptz not null default clock_timestamp(),
    constraint deployment_pk primary key (id)
);
create index deployment_by_name on deployment (name, deploy_time desc);

create table resource (
    id uuid not null,
    deployment_id uuid not null,
    name text not null,
    content bytea not null,
    constraint resource_pk primary key (id),
    constraint resource_of_deployment foreign key (deployment_id) references deployment (id) on delete cascade,
    constraint resource_name_once unique (deployment_id, name)
);
-- Models are XML: compress them, and keep them out of the way of scans.
alter table resource alter column content set storage extended;

create table process_definition (
    id text not null,
    key text not null,
    version integer not null,
    version_tag text,
    name text,
    category text,
    description text,
    deployment_id uuid not null,
    resource_name text not null,
    tenant_id text,
    suspended boolean not null default false,
    history_time_to_live_days integer,
    startable_in_tasklist boolean not null default true,
    constraint process_definition_pk primary key (id),
    constraint process_definition_of_deployment foreign key (deployment_id) references deployment (id) on delete cascade
);
-- Which version is the latest is read with every start.
create unique index process_definition_version_once
    on process_definition (key, coalesce(tenant_id, ''), version desc);
create index process_definition_by_deployment on process_definition (deployment_id);

-- The tenant of a definition that was deleted while the history of its instances stayed.
create table deleted_definition (
    id text not null,
    tenant_id text not null,
    constraint deleted_definition_pk primary key (id)
);

-- A running process instance: the outermost scope. Its row is the lock of everything that belongs to the root.
create table process_instance (
    id uuid not null,
    root_id uuid not null,
    definition_id text not null,
    definition_key text not null,
    business_key text,
    start_activity_id text,
    start_user_id text,
    start_time timestamptz not null,
    suspended boolean not null default false,
    -- Live tokens and inner scopes directly inside; the instance ends when none is left.
    open_children integer not null,
    -- Joins that tokens wait at, once per waiting token: bounded by the model, not by what runs.
    arrived text[] not null,
    sequence bigint generated always as identity,
    constraint process_instance_pk primary key (id)
) with (fillfactor = 80);
create index process_instance_by_root on process_instance (root_id) where id <> root_id;
create index process_instance_by_definition on process_instance (definition_id, sequence);
create index process_instance_by_business_key on process_instance (business_key) where business_key is not null;

-- A running sub-process or multi-instance body. Its id is its execution id.
create table scope (
    id uuid not null,
    root_id uuid not null,
    instance_id uuid not null,
    parent_id uuid not null,
    -- Scopes from the process instance to this one, itself included.
    path uuid[] not null,
    definition_id text not null,
    kind smallint not null,
    activity_id text not null,
    activity_instance_id text not null,
    parent_activity_instance_id text not null,
    start_time timestamptz not null,
    open_children integer not null,
    arrived text[] not null,
    -- The execution that holds the loop variables, when this is one iteration of a parallel multi-instance.
    iteration_id uuid,
    loop_total integer,
    loop_started integer,
    loop_completed integer,
    sequence bigint generated always as identity,
    constraint scope_pk primary key (id)
) with (fillfactor = 80);
create index scope_by_root on scope (root_id);
create index scope_by_instance on scope (instance_id);
create index scope_by_definition on scope (definition_id);
create index scope_by_iteration on scope (iteration_id) where iteration_id is not null;

-- A token that rests without work to offer: it arrived at a join, its iteration of a parallel multi-instance ended, or it
-- waits for a message, a signal or a call. The id of one that waits is its execution id.
create table token (
    id uuid not null,
    root_id uuid not null,
    instance_id uuid not null,
    scope_id uuid not null,
    path uuid[] not null,
    definition_id text not null,
    kind smallint not null,
    activity_id text not null,
    activity_instance_id text,
    parent_activity_instance_id text not null,
    iteration_id uuid,
    start_time timestamptz not null,
    sequence bigint generated always as identity,
    constraint token_pk primary key (id)
);
create index token_by_root on token (root_id);
create index token_by_scope on token (scope_id, activity_id);
create index token_by_definition on token (definition_id);
create index token_by_iteration on token (iteration_id) where iteration_id is not null and kind > 2;

-- Who waits for a message (kind 1) or signal (kind 2): an execution, whose row is a token, a task with a boundary event or
-- a scope with one; or a start event of the latest version of a process, which has no execution.
create table event_subscription (
    id uuid not null,
    root_id uuid,
    instance_id uuid,
    execution_id uuid,
    definition_id text not null,
    tenant_id text,
    kind smallint not null,
    name text not null,
    activity_id text not null,
    create_time timestamptz not null,
    sequence bigint generated always as identity,
    constraint event_subscription_pk primary key (id)
);
create index event_subscription_by_name on event_subscription (name, kind, sequence);
create index event_subscription_by_execution on event_subscription (execution_id) where execution_id is not null;
-- The second index is for instances that others called, as for external tasks.
create index event_subscription_by_instance on event_subscription (instance_id) where instance_id is not null;
create index event_subscription_by_root on event_subscription (root_id) where root_id <> instance_id;
create index event_subscription_of_start on event_subscription (definition_id) where execution_id is null;

-- A signal that a process has thrown, until all who waited in other trees have it. The node that threw it gives it to them
-- at once; another one when the lease has run out.
create table thrown_signal (
    id uuid not null,
    root_id uuid not null,
    name text not null,
    tenant_id text,
    create_time timestamptz not null,
    -- Whoever renews the lease names its end: so it notices that somebody else has taken it.
    lease_until timestamptz not null,
    attempts integer default 0 not null,
    sequence bigint generated always as identity,
    constraint thrown_signal_pk primary key (id)
);

-- Who has a thrown signal and would get it again with another attempt: a boundary event that does not interrupt, by its
-- subscription, or a start event, by what stays the same when a version is deployed meanwhile. Written with what the signal
-- does there, so that it does it once; who no longer waits needs no row. When the signal is gone, nobody takes it any more.
create table signal_receipt (
    signal_id uuid not null,
    subscription_id uuid,
    definition_key text,
    tenant_id text,
    activity_id text,
    constraint signal_receipt_once
        unique nulls not distinct (signal_id, subscription_id, definition_key, tenant_id, activity_id),
    constraint signal_receipt_of_signal foreign key (signal_id) references thrown_signal (id) on delete cascade
);

-- An external task: a resting token that workers fetch. Its id is also its execution id.
create sequence ready_position cache 32;
create table external_task (
    id uuid not null,
    root_id uuid not null,
    instance_id uuid not null,
    scope_id uuid not null,
    path uuid[] not null,
    definition_id text not null,
    definition_key text not null,
    activity_id text not null,
    activity_instance_id text not null,
    parent_activity_instance_id text not null,
    iteration_id uuid,
    topic text,
    priority bigint not null,
    create_time timestamptz not null,
    retries integer,
    error_message text,
    error_details text,
    worker_id text,
    lock_expiration timestamptz,
    suspended boolean not null default false,
    -- May be claimed now: not held, retries left, not suspended. An expired lock is swept back to ready and keeps
    -- its worker, who may still complete until another takes the task.
    ready boolean not null,
    -- A new one each time the task becomes claimable.
    position bigint not null default nextval('ready_position'),
    sequence bigint generated always as identity,
    constraint external_task_pk primary key (id)
) with (fillfactor = 70);
-- The claim orders: oldest first (and newest first, read backwards), the same below priority, and priority with newest first.
create index external_task_ready on external_task (topic, create_time, position) where ready;
create index external_task_ready_by_priority on external_task (topic, priority desc, create_time, position) where ready;
create index external_task_ready_by_priority_newest
    on external_task (topic, priority desc, create_time desc, position desc) where ready;
-- Locks that will expire; also answers "when does the next task of this topic become claimable".
create index external_task_held on external_task (topic, lock_expiration)
    where not ready and lock_expiration is not null and not suspended and (retries is null or retries > 0);
create index external_task_by_iteration on external_task (iteration_id) where iteration_id is not null;
-- The rows of a root are found by instance, and those of instances that it called by the second index: most rows are in
-- the first only. Neither the scope nor the definition has one: what a definition's instances do is found through them.
create index external_task_by_instance on external_task (instance_id);
create index external_task_by_root on external_task (root_id) where root_id <> instance_id;

-- A user task: a resting token that people work on. Its id is also its execution id.
--
-- A task that belongs to no process has none of what a process gives: it is its own root, and the lock of itself.
create table user_task (
    id uuid not null,
    root_id uuid not null,
    instance_id uuid,
    scope_id uuid not null,
    path uuid[] not null,
    definition_id text,
    definition_key text,
    activity_id text,
    activity_instance_id text,
    parent_activity_instance_id text,
    iteration_id uuid,
    create_time timestamptz not null,
    -- When it was changed last, if ever.
    last_update_time timestamptz,
    name text,
    description text,
    assignee text,
    owner text,
    -- PENDING or RESOLVED.
    delegation_state text,
    due_time timestamptz,
    follow_up_time timestamptz,
    priority integer not null,
    form_key text,
    form_reference_key text,
    form_reference_binding text,
    form_reference_version integer,
    parent_task_id uuid,
    -- Of a task that belongs to no process; others have that of their definition.
    tenant_id text,
    suspended boolean not null default false,
    sequence bigint generated always as identity,
    constraint user_task_pk primary key (id)
) with (fillfactor = 85);
create index user_task_by_iteration on user_task (iteration_id) where iteration_id is not null;
create index user_task_by_root on user_task (root_id);
create index user_task_by_instance on user_task (instance_id);
create index user_task_by_definition on user_task (definition_id);
create index user_task_by_assignee on user_task (assignee) where assignee is not null;
create index user_task_by_parent on user_task (parent_task_id) where parent_task_id is not null;

-- Who has to do with a user task beyond its assignee and owner: candidates, and what clients call otherwise.
create table identity_link (
    task_id uuid not null,
    type text not null,
    user_id text,
    group_id text,
    sequence bigint generated always as identity,
    constraint identity_link_once unique nulls not distinct (task_id, type, user_id, group_id),
    constraint identity_link_party check (num_nonnulls(user_id, group_id) = 1)
);
create index identity_link_by_user on identity_link (user_id) where user_id is not null;
create index identity_link_by_group on identity_link (group_id) where group_id is not null;

-- A variable: one row per scope and name. Small values stand in typed columns, large ones out of line.
create table variable (
    id uuid not null,
    -- The execution that is the variable's scope.
    owner_id uuid not null,
    root_id uuid not null,
    instance_id uuid not null,
    -- What history and lists name as the scope's activity instance.
    activity_instance_id text,
    name text not null,
    type text not null,
    text_value text,
    long_value bigint,
    double_value double precision,
    -- Bytes, File, Json, Xml and Object values, byte for byte.
    data bytea,
    -- Of an Object: its type's name and the format of its text. Of a File: name, mime type and encoding.
    object_type text,
    format text,
    file_name text,
    mime_type text,
    encoding text,
    create_time timestamptz not null,
    sequence bigint generated always as identity,
    constraint variable_pk primary key (id),
    constraint variable_name_once unique (owner_id, name)
) with (fillfactor = 85);
create index variable_by_instance on variable (instance_id);
create index variable_by_root on variable (root_id) where root_id <> instance_id;

-- What cannot go on. An incident of a batch's job belongs to no process instance.
create table incident (
    id uuid not null,
    root_id uuid,
    instance_id uuid,
    execution_id uuid,
    definition_id text,
    type text not null,
    activity_id text,
    activity_instance_id text,
    failed_activity_id text,
    -- The external task or job that cannot go on.
    configuration text,
    message text,
    cause_incident_id uuid not null,
    root_cause_incident_id uuid not null,
    history_configuration text,
    -- What somebody noted about it.
    annotation text,
    job_definition_id uuid,
    create_time timestamptz not null,
    sequence bigint generated always as identity,
    constraint incident_pk primary key (id)
);
create index incident_by_root on incident (root_id);
create index incident_by_instance on incident (instance_id);
create index incident_by_configuration on incident (configuration);
create index incident_by_definition on incident (definition_id);

-- A batch: an operation on many things that nodes carry out in the background. It goes when all of it is done.
create table batch (
    id uuid not null,
    type text not null,
    -- What is to be done; its form depends on the type.
    configuration text not null,
    total_jobs integer not null,
    -- Jobs up to this position are there for clients and may be carried out; the seed job moves it on.
    jobs_created integer not null,
    jobs_per_seed integer not null,
    invocations_per_job integer not null,
    seed_job_definition_id uuid not null,
    monitor_job_definition_id uuid not null,
    batch_job_definition_id uuid not null,
    suspended boolean not null default false,
    tenant_id text,
    create_user_id text,
    start_time timestamptz not null,
    execution_start_time timestamptz,
    sequence bigint generated always as identity,
    constraint batch_pk primary key (id)
);

-- What is left to do of a batch: a job goes when it is done, so that what is left is counted, and nothing twice.
create table batch_job (
    id uuid not null,
    batch_id uuid not null,
    -- 0 seed, 1 operation, 2 monitor.
    kind smallint not null,
    -- Of the seed 0, of operations from 1, of the monitor one more than of the last operation.
    position integer not null,
    -- What the operation is on, as the client named it.
    target text,
    -- Attempts left; at 0 an incident is open.
    retries integer not null,
    exception_message text,
    -- What clients have set: not before this moment; what lists show and sort by; stopped alone, or with its batch.
    due_date timestamptz,
    priority bigint not null default 0,
    suspended boolean not null default false,
    constraint batch_job_pk primary key (id)
);
create index batch_job_open on batch_job (batch_id, position) where retries > 0;
create index batch_job_failed on batch_job (batch_id, position) where retries = 0;

-- History: written once, when something ends (what still runs is answered from the rows above), or as it happens
-- (the external-task log). Equal times need a tie-breaker: the sequence. Where every cycle writes several rows, sessions
-- take numbers ahead: rows of one session are in order, and those of two sessions never have equal times within one
-- instance but by accident.

create table history_process_instance (
    id uuid not null,
    root_id uuid not null,
    definition_id text not null,
    definition_key text not null,
    business_key text,
    start_activity_id text,
    end_activity_id text,
    start_user_id text,
    start_time timestamptz not null,
    end_time timestamptz not null,
    state text not null,
    delete_reason text,
    removal_time timestamptz,
    sequence bigint generated always as identity,
    constraint history_process_instance_pk primary key (id)
);
create index history_process_instance_by_definition on history_process_instance (definition_id, sequence);
create index history_process_instance_by_business_key
    on history_process_instance (business_key) where business_key is not null;
-- Instances end, and so are removed, about in the order in which they are written.
create index history_process_instance_by_removal_time on history_process_instance using brin (removal_time);

create table history_activity (
    id text not null,
    parent_id text not null,
    root_id uuid not null,
    instance_id uuid not null,
    definition_id text not null,
    definition_key text not null,
    execution_id uuid not null,
    activity_id text not null,
    activity_name text,
    activity_type text not null,
    task_id uuid,
    assignee text,
    start_time timestamptz not null,
    end_time timestamptz not null,
    canceled boolean not null,
    complete_scope boolean not null,
    sequence bigint generated always as identity (cache 32),
    constraint history_activity_pk primary key (id)
);
create index history_activity_by_instance on history_activity (instance_id, sequence);

create table history_variable (
    id uuid not null,
    root_id uuid not null,
    instance_id uuid not null,
    execution_id uuid not null,
    activity_instance_id text,
    name text not null,
    type text not null,
    text_value text,
    long_value bigint,
    double_value double precision,
    data bytea,
    object_type text,
    format text,
    file_name text,
    mime_type text,
    encoding text,
    -- CREATED, or DELETED when it was removed while its scope lived on.
    state text not null,
    create_time timestamptz not null,
    sequence bigint generated always as identity (cache 32),
    constraint history_variable_pk primary key (id)
);
create index history_variable_by_instance on history_variable (instance_id, sequence);

create table history_incident (
    id uuid not null,
    root_id uuid,
    instance_id uuid,
    execution_id uuid,
    definition_id text,
    type text not null,
    activity_id text,
    failed_activity_id text,
    configuration text,
    message text,
    cause_incident_id uuid not null,
    root_cause_incident_id uuid not null,
    history_configuration text,
    annotation text,
    job_definition_id uuid,
    create_time timestamptz not null,
    end_time timestamptz not null,
    -- resolved or deleted.
    state text not null,
    sequence bigint generated always as identity,
    constraint history_incident_pk primary key (id)
);
create index history_incident_by_instance on history_incident (instance_id, sequence);
create index history_incident_by_definition on history_incident (definition_id, sequence);
create index history_incident_by_job_definition on history_incident (job_definition_id) where job_definition_id is not null;

create table history_task (
    id uuid not null,
    root_id uuid not null,
    -- Null, as all that a process gives, for a task that belonged to none.
    instance_id uuid,
    definition_id text,
    definition_key text,
    execution_id uuid not null,
    activity_id text,
    activity_instance_id text,
    name text,
    description text,
    assignee text,
    owner text,
    due_time timestamptz,
    follow_up_time timestamptz,
    priority integer not null,
    start_time timestamptz not null,
    end_time timestamptz not null,
    delete_reason text,
    parent_task_id uuid,
    tenant_id text,
    sequence bigint generated always as identity,
    constraint history_task_pk primary key (id)
);
create index history_task_by_instance on history_task (instance_id, sequence);
create index history_task_by_definition on history_task (definition_id, sequence);

-- Written when a batch begins, and again when it ends.
create table history_batch (
    id uuid not null,
    type text not null,
    total_jobs integer not null,
    jobs_per_seed integer not null,
    invocations_per_job integer not null,
    seed_job_definition_id uuid not null,
    monitor_job_definition_id uuid not null,
    batch_job_definition_id uuid not null,
    tenant_id text,
    create_user_id text,
    start_time timestamptz not null,
    execution_start_time timestamptz,
    end_time timestamptz,
    removal_time timestamptz,
    sequence bigint generated always as identity,
    constraint history_batch_pk primary key (id)
);

create table history_external_task_log (
    id uuid not null,
    root_id uuid not null,
    instance_id uuid not null,
    definition_id text not null,
    definition_key text not null,
    execution_id uuid not null,
    activity_id text not null,
    activity_instance_id text not null,
    external_task_id uuid not null,
    -- created, failed, successful or deleted.
    state text not null,
    topic text,
    worker_id text,
    priority bigint not null,
    retries integer,
    error_message text,
    error_details text,
    time timestamptz not null,
    sequence bigint generated always as identity (cache 32),
    constraint history_external_task_log_pk primary key (id)
);
create index history_external_task_log_by_instance on history_external_task_log (instance_id, sequence);
create index history_external_task_log_by_task on history_external_task_log (external_task_id, sequence);

-- Users who call with a password.
create table user_account (
    id text not null,
    -- Slow and salted; its text says how it was made.
    password_hash text not null,
    groups text[] not null default '{}',
    -- The topics that the user is limited to; null: no such limit.
    topics text[],
    -- Whether the user may do no more than workers do.
    worker boolean not null default false,
    create_time timestamptz not null default clock_timestamp(),
    constraint user_account_pk primary key (id)
);

-- How much work of each topic there was when somebody last asked, for all nodes; at most one row.
--
-- Of arrays of one length each place is a topic.
create table work_sample (
    single boolean not null default true,
    -- Null while none could be taken.
    taken_at timestamptz,
    -- Before this moment nobody takes another one.
    next_at timestamptz not null,
    elapsed_ms bigint,
    topics text[],
    ready bigint[],
    locked bigint[],
    expired bigint[],
    failed bigint[],
    -- How old the oldest ready task was; null without any.
    oldest_ms bigint[],
    constraint work_sample_pk primary key (single),
    constraint work_sample_once check (single)
);

-- Rows that live for seconds and churn: clean up early and often, without pauses that let dead rows pile up.
alter table process_instance set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
alter table external_task set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
alter table variable set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
alter table scope set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
alter table token set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
