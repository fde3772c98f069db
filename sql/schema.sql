-- What the migrations add up to. Written by scripts/schema; nothing reads it but people.

CREATE TABLE batch (
    id uuid NOT NULL,
    type text NOT NULL,
    configuration text NOT NULL,
    total_jobs integer NOT NULL,
    jobs_created integer NOT NULL,
    jobs_per_seed integer NOT NULL,
    invocations_per_job integer NOT NULL,
    seed_job_definition_id uuid NOT NULL,
    monitor_job_definition_id uuid NOT NULL,
    batch_job_definition_id uuid NOT NULL,
    suspended boolean DEFAULT false NOT NULL,
    tenant_id text,
    create_user_id text,
    start_time timestamp with time zone NOT NULL,
    execution_start_time timestamp with time zone,
    sequence bigint NOT NULL
);

CREATE TABLE batch_job (
    id uuid NOT NULL,
    batch_id uuid NOT NULL,
    kind smallint NOT NULL,
    "position" integer NOT NULL,
    target text,
    retries integer NOT NULL,
    exception_message text,
    due_date timestamp with time zone,
    priority bigint DEFAULT 0 NOT NULL,
    suspended boolean DEFAULT false NOT NULL
);

ALTER TABLE batch ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME batch_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE deleted_definition (
    id text NOT NULL,
    tenant_id text NOT NULL
);

CREATE TABLE deployment (
    id uuid NOT NULL,
    name text,
    source text,
    tenant_id text,
    deploy_time timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE event_subscription (
    id uuid NOT NULL,
    root_id uuid,
    instance_id uuid,
    execution_id uuid,
    definition_id text NOT NULL,
    tenant_id text,
    kind smallint NOT NULL,
    name text NOT NULL,
    activity_id text NOT NULL,
    create_time timestamp with time zone NOT NULL,
    sequence bigint NOT NULL
);

ALTER TABLE event_subscription ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME event_subscription_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE ready_position
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 32;

CREATE TABLE external_task (
    id uuid NOT NULL,
    root_id uuid NOT NULL,
    instance_id uuid NOT NULL,
    scope_id uuid NOT NULL,
    path uuid[] NOT NULL,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    activity_id text NOT NULL,
    activity_instance_id text NOT NULL,
    parent_activity_instance_id text NOT NULL,
    iteration_id uuid,
    topic text,
    priority bigint NOT NULL,
    create_time timestamp with time zone NOT NULL,
    retries integer,
    error_message text,
    error_details text,
    worker_id text,
    lock_expiration timestamp with time zone,
    suspended boolean DEFAULT false NOT NULL,
    ready boolean NOT NULL,
    "position" bigint DEFAULT nextval('ready_position'::regclass) NOT NULL,
    sequence bigint NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_cost_delay='0');

ALTER TABLE external_task ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME external_task_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE history_activity (
    id text NOT NULL,
    parent_id text NOT NULL,
    root_id uuid NOT NULL,
    instance_id uuid NOT NULL,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    execution_id uuid NOT NULL,
    activity_id text NOT NULL,
    activity_name text,
    activity_type text NOT NULL,
    task_id uuid,
    assignee text,
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone NOT NULL,
    canceled boolean NOT NULL,
    complete_scope boolean NOT NULL,
    sequence bigint NOT NULL
);

ALTER TABLE history_activity ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME history_activity_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 32
);

CREATE TABLE history_batch (
    id uuid NOT NULL,
    type text NOT NULL,
    total_jobs integer NOT NULL,
    jobs_per_seed integer NOT NULL,
    invocations_per_job integer NOT NULL,
    seed_job_definition_id uuid NOT NULL,
    monitor_job_definition_id uuid NOT NULL,
    batch_job_definition_id uuid NOT NULL,
    tenant_id text,
    create_user_id text,
    start_time timestamp with time zone NOT NULL,
    execution_start_time timestamp with time zone,
    end_time timestamp with time zone,
    removal_time timestamp with time zone,
    sequence bigint NOT NULL
);

ALTER TABLE history_batch ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME history_batch_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE history_external_task_log (
    id uuid NOT NULL,
    root_id uuid NOT NULL,
    instance_id uuid NOT NULL,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    execution_id uuid NOT NULL,
    activity_id text NOT NULL,
    activity_instance_id text NOT NULL,
    external_task_id uuid NOT NULL,
    state text NOT NULL,
    topic text,
    worker_id text,
    priority bigint NOT NULL,
    retries integer,
    error_message text,
    error_details text,
    "time" timestamp with time zone NOT NULL,
    sequence bigint NOT NULL
);

ALTER TABLE history_external_task_log ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME history_external_task_log_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 32
);

CREATE TABLE history_incident (
    id uuid NOT NULL,
    root_id uuid,
    instance_id uuid,
    execution_id uuid,
    definition_id text,
    type text NOT NULL,
    activity_id text,
    failed_activity_id text,
    configuration text,
    message text,
    cause_incident_id uuid NOT NULL,
    root_cause_incident_id uuid NOT NULL,
    history_configuration text,
    annotation text,
    job_definition_id uuid,
    create_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone NOT NULL,
    state text NOT NULL,
    sequence bigint NOT NULL
);

ALTER TABLE history_incident ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME history_incident_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE history_process_instance (
    id uuid NOT NULL,
    root_id uuid NOT NULL,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    business_key text,
    start_activity_id text,
    end_activity_id text,
    start_user_id text,
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone NOT NULL,
    state text NOT NULL,
    delete_reason text,
    removal_time timestamp with time zone,
    sequence bigint NOT NULL
);

ALTER TABLE history_process_instance ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME history_process_instance_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE history_task (
    id uuid NOT NULL,
    root_id uuid NOT NULL,
    instance_id uuid,
    definition_id text,
    definition_key text,
    execution_id uuid NOT NULL,
    activity_id text,
    activity_instance_id text,
    name text,
    description text,
    assignee text,
    owner text,
    due_time timestamp with time zone,
    follow_up_time timestamp with time zone,
    priority integer NOT NULL,
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone NOT NULL,
    delete_reason text,
    parent_task_id uuid,
    tenant_id text,
    sequence bigint NOT NULL
);

ALTER TABLE history_task ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME history_task_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE history_variable (
    id uuid NOT NULL,
    root_id uuid NOT NULL,
    instance_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    activity_instance_id text,
    name text NOT NULL,
    type text NOT NULL,
    text_value text,
    long_value bigint,
    double_value double precision,
    data bytea,
    object_type text,
    format text,
    file_name text,
    mime_type text,
    encoding text,
    state text NOT NULL,
    create_time timestamp with time zone NOT NULL,
    sequence bigint NOT NULL
);

ALTER TABLE history_variable ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME history_variable_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 32
);

CREATE TABLE identity_link (
    task_id uuid NOT NULL,
    type text NOT NULL,
    user_id text,
    group_id text,
    sequence bigint NOT NULL,
    CONSTRAINT identity_link_party CHECK ((num_nonnulls(user_id, group_id) = 1))
);

ALTER TABLE identity_link ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME identity_link_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE incident (
    id uuid NOT NULL,
    root_id uuid,
    instance_id uuid,
    execution_id uuid,
    definition_id text,
    type text NOT NULL,
    activity_id text,
    activity_instance_id text,
    failed_activity_id text,
    configuration text,
    message text,
    cause_incident_id uuid NOT NULL,
    root_cause_incident_id uuid NOT NULL,
    history_configuration text,
    annotation text,
    job_definition_id uuid,
    create_time timestamp with time zone NOT NULL,
    sequence bigint NOT NULL
);

ALTER TABLE incident ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME incident_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE migration (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    additive boolean NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE process_definition (
    id text NOT NULL,
    key text NOT NULL,
    version integer NOT NULL,
    version_tag text,
    name text,
    category text,
    description text,
    deployment_id uuid NOT NULL,
    resource_name text NOT NULL,
    tenant_id text,
    suspended boolean DEFAULT false NOT NULL,
    history_time_to_live_days integer,
    startable_in_tasklist boolean DEFAULT true NOT NULL
);

CREATE TABLE process_instance (
    id uuid NOT NULL,
    root_id uuid NOT NULL,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    business_key text,
    start_activity_id text,
    start_user_id text,
    start_time timestamp with time zone NOT NULL,
    suspended boolean DEFAULT false NOT NULL,
    open_children integer NOT NULL,
    arrived text[] NOT NULL,
    sequence bigint NOT NULL
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_cost_delay='0');

ALTER TABLE process_instance ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME process_instance_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE resource (
    id uuid NOT NULL,
    deployment_id uuid NOT NULL,
    name text NOT NULL,
    content bytea NOT NULL
);

CREATE TABLE scope (
    id uuid NOT NULL,
    root_id uuid NOT NULL,
    instance_id uuid NOT NULL,
    parent_id uuid NOT NULL,
    path uuid[] NOT NULL,
    definition_id text NOT NULL,
    kind smallint NOT NULL,
    activity_id text NOT NULL,
    activity_instance_id text NOT NULL,
    parent_activity_instance_id text NOT NULL,
    start_time timestamp with time zone NOT NULL,
    open_children integer NOT NULL,
    arrived text[] NOT NULL,
    iteration_id uuid,
    loop_total integer,
    loop_started integer,
    loop_completed integer,
    sequence bigint NOT NULL
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_cost_delay='0');

ALTER TABLE scope ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME scope_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE signal_receipt (
    signal_id uuid NOT NULL,
    subscription_id uuid,
    definition_key text,
    tenant_id text,
    activity_id text
);

CREATE TABLE thrown_signal (
    id uuid NOT NULL,
    root_id uuid NOT NULL,
    name text NOT NULL,
    tenant_id text,
    create_time timestamp with time zone NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    sequence bigint NOT NULL
);

ALTER TABLE thrown_signal ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME thrown_signal_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE token (
    id uuid NOT NULL,
    root_id uuid NOT NULL,
    instance_id uuid NOT NULL,
    scope_id uuid NOT NULL,
    path uuid[] NOT NULL,
    definition_id text NOT NULL,
    kind smallint NOT NULL,
    activity_id text NOT NULL,
    activity_instance_id text,
    parent_activity_instance_id text NOT NULL,
    iteration_id uuid,
    start_time timestamp with time zone NOT NULL,
    sequence bigint NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_cost_delay='0');

ALTER TABLE token ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME token_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE user_account (
    id text NOT NULL,
    password_hash text NOT NULL,
    groups text[] DEFAULT '{}'::text[] NOT NULL,
    topics text[],
    worker boolean DEFAULT false NOT NULL,
    create_time timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE user_task (
    id uuid NOT NULL,
    root_id uuid NOT NULL,
    instance_id uuid,
    scope_id uuid NOT NULL,
    path uuid[] NOT NULL,
    definition_id text,
    definition_key text,
    activity_id text,
    activity_instance_id text,
    parent_activity_instance_id text,
    iteration_id uuid,
    create_time timestamp with time zone NOT NULL,
    last_update_time timestamp with time zone,
    name text,
    description text,
    assignee text,
    owner text,
    delegation_state text,
    due_time timestamp with time zone,
    follow_up_time timestamp with time zone,
    priority integer NOT NULL,
    form_key text,
    form_reference_key text,
    form_reference_binding text,
    form_reference_version integer,
    parent_task_id uuid,
    tenant_id text,
    suspended boolean DEFAULT false NOT NULL,
    sequence bigint NOT NULL
)
WITH (fillfactor='85');

ALTER TABLE user_task ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME user_task_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE variable (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    root_id uuid NOT NULL,
    instance_id uuid NOT NULL,
    activity_instance_id text,
    name text NOT NULL,
    type text NOT NULL,
    text_value text,
    long_value bigint,
    double_value double precision,
    data bytea,
    object_type text,
    format text,
    file_name text,
    mime_type text,
    encoding text,
    create_time timestamp with time zone NOT NULL,
    sequence bigint NOT NULL
)
WITH (fillfactor='85', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_cost_delay='0');

ALTER TABLE variable ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME variable_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE work_sample (
    single boolean DEFAULT true NOT NULL,
    taken_at timestamp with time zone,
    next_at timestamp with time zone NOT NULL,
    elapsed_ms bigint,
    topics text[],
    ready bigint[],
    locked bigint[],
    expired bigint[],
    failed bigint[],
    oldest_ms bigint[],
    CONSTRAINT work_sample_once CHECK (single)
);

ALTER TABLE ONLY batch_job
    ADD CONSTRAINT batch_job_pk PRIMARY KEY (id);

ALTER TABLE ONLY batch
    ADD CONSTRAINT batch_pk PRIMARY KEY (id);

ALTER TABLE ONLY deleted_definition
    ADD CONSTRAINT deleted_definition_pk PRIMARY KEY (id);

ALTER TABLE ONLY deployment
    ADD CONSTRAINT deployment_pk PRIMARY KEY (id);

ALTER TABLE ONLY event_subscription
    ADD CONSTRAINT event_subscription_pk PRIMARY KEY (id);

ALTER TABLE ONLY external_task
    ADD CONSTRAINT external_task_pk PRIMARY KEY (id);

ALTER TABLE ONLY history_activity
    ADD CONSTRAINT history_activity_pk PRIMARY KEY (id);

ALTER TABLE ONLY history_batch
    ADD CONSTRAINT history_batch_pk PRIMARY KEY (id);

ALTER TABLE ONLY history_external_task_log
    ADD CONSTRAINT history_external_task_log_pk PRIMARY KEY (id);

ALTER TABLE ONLY history_incident
    ADD CONSTRAINT history_incident_pk PRIMARY KEY (id);

ALTER TABLE ONLY history_process_instance
    ADD CONSTRAINT history_process_instance_pk PRIMARY KEY (id);

ALTER TABLE ONLY history_task
    ADD CONSTRAINT history_task_pk PRIMARY KEY (id);

ALTER TABLE ONLY history_variable
    ADD CONSTRAINT history_variable_pk PRIMARY KEY (id);

ALTER TABLE ONLY identity_link
    ADD CONSTRAINT identity_link_once UNIQUE NULLS NOT DISTINCT (task_id, type, user_id, group_id);

ALTER TABLE ONLY incident
    ADD CONSTRAINT incident_pk PRIMARY KEY (id);

ALTER TABLE ONLY migration
    ADD CONSTRAINT migration_pk PRIMARY KEY (number);

ALTER TABLE ONLY process_definition
    ADD CONSTRAINT process_definition_pk PRIMARY KEY (id);

ALTER TABLE ONLY process_instance
    ADD CONSTRAINT process_instance_pk PRIMARY KEY (id);

ALTER TABLE ONLY resource
    ADD CONSTRAINT resource_name_once UNIQUE (deployment_id, name);

ALTER TABLE ONLY resource
    ADD CONSTRAINT resource_pk PRIMARY KEY (id);

ALTER TABLE ONLY scope
    ADD CONSTRAINT scope_pk PRIMARY KEY (id);

ALTER TABLE ONLY signal_receipt
    ADD CONSTRAINT signal_receipt_once UNIQUE NULLS NOT DISTINCT (signal_id, subscription_id, definition_key, tenant_id, activity_id);

ALTER TABLE ONLY thrown_signal
    ADD CONSTRAINT thrown_signal_pk PRIMARY KEY (id);

ALTER TABLE ONLY token
    ADD CONSTRAINT token_pk PRIMARY KEY (id);

ALTER TABLE ONLY user_account
    ADD CONSTRAINT user_account_pk PRIMARY KEY (id);

ALTER TABLE ONLY user_task
    ADD CONSTRAINT user_task_pk PRIMARY KEY (id);

ALTER TABLE ONLY variable
    ADD CONSTRAINT variable_name_once UNIQUE (owner_id, name);

ALTER TABLE ONLY variable
    ADD CONSTRAINT variable_pk PRIMARY KEY (id);

ALTER TABLE ONLY work_sample
    ADD CONSTRAINT work_sample_pk PRIMARY KEY (single);

CREATE INDEX batch_job_failed ON batch_job USING btree (batch_id, "position") WHERE (retries = 0);

CREATE INDEX batch_job_open ON batch_job USING btree (batch_id, "position") WHERE (retries > 0);

CREATE INDEX deployment_by_name ON deployment USING btree (name, deploy_time DESC);

CREATE INDEX event_subscription_by_execution ON event_subscription USING btree (execution_id) WHERE (execution_id IS NOT NULL);

CREATE INDEX event_subscription_by_instance ON event_subscription USING btree (instance_id) WHERE (instance_id IS NOT NULL);

CREATE INDEX event_subscription_by_name ON event_subscription USING btree (name, kind, sequence);

CREATE INDEX event_subscription_by_root ON event_subscription USING btree (root_id) WHERE (root_id <> instance_id);

CREATE INDEX event_subscription_of_start ON event_subscription USING btree (definition_id) WHERE (execution_id IS NULL);

CREATE INDEX external_task_by_instance ON external_task USING btree (instance_id);

CREATE INDEX external_task_by_iteration ON external_task USING btree (iteration_id) WHERE (iteration_id IS NOT NULL);

CREATE INDEX external_task_by_root ON external_task USING btree (root_id) WHERE (root_id <> instance_id);

CREATE INDEX external_task_held ON external_task USING btree (topic, lock_expiration) WHERE ((NOT ready) AND (lock_expiration IS NOT NULL) AND (NOT suspended) AND ((retries IS NULL) OR (retries > 0)));

CREATE INDEX external_task_ready ON external_task USING btree (topic, create_time, "position") WHERE ready;

CREATE INDEX external_task_ready_by_priority ON external_task USING btree (topic, priority DESC, create_time, "position") WHERE ready;

CREATE INDEX external_task_ready_by_priority_newest ON external_task USING btree (topic, priority DESC, create_time DESC, "position" DESC) WHERE ready;

CREATE INDEX history_activity_by_instance ON history_activity USING btree (instance_id, sequence);

CREATE INDEX history_external_task_log_by_instance ON history_external_task_log USING btree (instance_id, sequence);

CREATE INDEX history_external_task_log_by_task ON history_external_task_log USING btree (external_task_id, sequence);

CREATE INDEX history_incident_by_definition ON history_incident USING btree (definition_id, sequence);

CREATE INDEX history_incident_by_instance ON history_incident USING btree (instance_id, sequence);

CREATE INDEX history_incident_by_job_definition ON history_incident USING btree (job_definition_id) WHERE (job_definition_id IS NOT NULL);

CREATE INDEX history_process_instance_by_business_key ON history_process_instance USING btree (business_key) WHERE (business_key IS NOT NULL);

CREATE INDEX history_process_instance_by_definition ON history_process_instance USING btree (definition_id, sequence);

CREATE INDEX history_process_instance_by_removal_time ON history_process_instance USING brin (removal_time);

CREATE INDEX history_task_by_definition ON history_task USING btree (definition_id, sequence);

CREATE INDEX history_task_by_instance ON history_task USING btree (instance_id, sequence);

CREATE INDEX history_variable_by_instance ON history_variable USING btree (instance_id, sequence);

CREATE INDEX identity_link_by_group ON identity_link USING btree (group_id) WHERE (group_id IS NOT NULL);

CREATE INDEX identity_link_by_user ON identity_link USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX incident_by_configuration ON incident USING btree (configuration);

CREATE INDEX incident_by_definition ON incident USING btree (definition_id);

CREATE INDEX incident_by_instance ON incident USING btree (instance_id);

CREATE INDEX incident_by_root ON incident USING btree (root_id);

CREATE INDEX process_definition_by_deployment ON process_definition USING btree (deployment_id);

CREATE UNIQUE INDEX process_definition_version_once ON process_definition USING btree (key, COALESCE(tenant_id, ''::text), version DESC);

CREATE INDEX process_instance_by_business_key ON process_instance USING btree (business_key) WHERE (business_key IS NOT NULL);

CREATE INDEX process_instance_by_definition ON process_instance USING btree (definition_id, sequence);

CREATE INDEX process_instance_by_root ON process_instance USING btree (root_id) WHERE (id <> root_id);

CREATE INDEX scope_by_definition ON scope USING btree (definition_id);

CREATE INDEX scope_by_instance ON scope USING btree (instance_id);

CREATE INDEX scope_by_iteration ON scope USING btree (iteration_id) WHERE (iteration_id IS NOT NULL);

CREATE INDEX scope_by_root ON scope USING btree (root_id);

CREATE INDEX token_by_definition ON token USING btree (definition_id);

CREATE INDEX token_by_iteration ON token USING btree (iteration_id) WHERE ((iteration_id IS NOT NULL) AND (kind > 2));

CREATE INDEX token_by_root ON token USING btree (root_id);

CREATE INDEX token_by_scope ON token USING btree (scope_id, activity_id);

CREATE INDEX user_task_by_assignee ON user_task USING btree (assignee) WHERE (assignee IS NOT NULL);

CREATE INDEX user_task_by_definition ON user_task USING btree (definition_id);

CREATE INDEX user_task_by_instance ON user_task USING btree (instance_id);

CREATE INDEX user_task_by_iteration ON user_task USING btree (iteration_id) WHERE (iteration_id IS NOT NULL);

CREATE INDEX user_task_by_parent ON user_task USING btree (parent_task_id) WHERE (parent_task_id IS NOT NULL);

CREATE INDEX user_task_by_root ON user_task USING btree (root_id);

CREATE INDEX variable_by_instance ON variable USING btree (instance_id);

CREATE INDEX variable_by_root ON variable USING btree (root_id) WHERE (root_id <> instance_id);

ALTER TABLE ONLY process_definition
    ADD CONSTRAINT process_definition_of_deployment FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE CASCADE;

ALTER TABLE ONLY resource
    ADD CONSTRAINT resource_of_deployment FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE CASCADE;

ALTER TABLE ONLY signal_receipt
    ADD CONSTRAINT signal_receipt_of_signal FOREIGN KEY (signal_id) REFERENCES thrown_signal(id) ON DELETE CASCADE;

