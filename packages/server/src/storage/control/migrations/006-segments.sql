-- Segments: their rules, who is in them now, and what changed.

create table segments (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  name text not null check (length(name) between 1 and 120),
  description text not null default '',
  -- See contract SegmentRule.
  rule jsonb not null,
  -- Rises with every change of the rule. Who was looked at for an older one is looked at again.
  revision integer not null default 1,
  -- The revision for which everybody has been looked at; null: not yet for any.
  computed_revision integer,
  -- done and total while that goes on
  progress jsonb,
  state text not null default 'active' check (state in ('active', 'archived')),
  -- How many are in it, and when somebody entered or left; written with every change of membership.
  people integer not null default 0,
  changed_at timestamptz,
  created_by integer references operators (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index segments_name on segments (workspace_id, lower(name)) where state = 'active';
create index segments_workspace on segments (workspace_id, id desc);

-- The truth of who is in what, one row a person. The event store has a copy, for joins.
create table profile_segments (
  workspace_id integer not null,
  profile_id bigint not null,
  segment_ids integer[] not null,
  -- With nothing new happening, the first instant at which this could be different.
  next_due_at timestamptz,
  -- Of the evaluation that wrote the row; one that began earlier does not write over it.
  version bigint not null,
  -- Of the row, for the copy.
  changed bigint not null,
  pushed boolean not null default false,
  primary key (workspace_id, profile_id)
);
create index profile_segments_segments on profile_segments using gin (segment_ids);
create index profile_segments_due on profile_segments (next_due_at) where next_due_at is not null;
create index profile_segments_unpushed on profile_segments (changed) where not pushed;
create sequence segment_version;

-- Everybody who entered or left, in order. Each becomes one event: a batch is fixed before it is sent, so that after a crash exactly the
-- same one is sent again.
create table segment_changes (
  id bigint generated always as identity primary key,
  workspace_id integer not null,
  segment_id integer not null,
  profile_id bigint not null,
  entered boolean not null,
  at timestamptz not null,
  -- event: something happened; time: something did not; rule: the rule changed; merge: who is who changed; archive
  cause text not null,
  batch bigint
);
create index segment_changes_segment on segment_changes (workspace_id, segment_id, id desc);
create index segment_changes_person on segment_changes (workspace_id, profile_id, id desc);
create index segment_changes_unsent on segment_changes (id) where batch is null;
create index segment_changes_batch on segment_changes (batch);
create sequence segment_batch;
-- Batches on their way to the event store; a row goes when its batch has arrived.
create table segment_batches (
  batch bigint primary key,
  workspace_id integer not null
);

-- Who has to be looked at again: identities of which something new is known, null: everybody. Written with what changed, in its transaction.
create table segment_work (
  id bigint generated always as identity primary key,
  workspace_id integer not null,
  identity_ids bigint[],
  at timestamptz not null default now()
);
