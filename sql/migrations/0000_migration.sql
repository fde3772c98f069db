-- The record of what was done to this database: one row per migration, this one included.

create table migration (
    number integer not null,
    name text not null,
    -- Of the file's bytes: a migration that was applied is never edited.
    checksum text not null,
    -- Nodes that do not know the migration may go on working on the database.
    additive boolean not null,
    applied_at timestamptz not null default clock_timestamp(),
    constraint migration_pk primary key (number)
);
