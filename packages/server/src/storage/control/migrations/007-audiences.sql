-- Audiences: what a brand computes of people, tags, lists, and where segments and lists go.

create table computed_trait_definitions (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  -- As rules, exports and the profile page call it.
  name text not null,
  title text not null,
  -- See contract ComputedTraitDefinition: an aggregate of events, or a question in SQL.
  definition jsonb not null,
  refresh jsonb not null,
  -- people, elapsedMs, computedAt of the latest run that ended well; error of one that did not.
  last_run jsonb,
  error jsonb,
  due_at timestamptz,
  created_by integer references operators (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, name)
);
create index computed_trait_definitions_due on computed_trait_definitions (due_at);

create table lists (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  name text not null,
  description text not null default '',
  created_by integer references operators (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  archived_at timestamptz
);
create unique index lists_name on lists (workspace_id, lower(name)) where archived_at is null;

-- Every change of tags and of lists. Its number is the version of the rows it writes, so that later ones win and one can be undone.
create table audience_changes (
  id bigint generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  tag text,
  list_id integer references lists (id) on delete cascade,
  action text not null check (action in ('add', 'remove')),
  -- { kind: people | segment | list | upload | change, id?, people? }
  source jsonb not null,
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  people integer not null default 0,
  undone_by bigint references audience_changes (id) on delete set null,
  job_id text,
  error text,
  created_by integer references operators (id) on delete set null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  check ((tag is null) <> (list_id is null))
);
create index audience_changes_workspace on audience_changes (workspace_id, id desc);

create table list_uploads (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  list_id integer not null references lists (id) on delete cascade,
  file_name text not null,
  size_bytes bigint not null default 0,
  -- encoding, delimiter, columns with what they hold: see contract ListUpload. No cells of the file.
  detected jsonb not null default '{}',
  -- column → email, phone or user_id
  columns jsonb not null default '{}',
  state text not null default 'uploading' check (state in ('uploading', 'ready', 'running', 'done', 'failed')),
  -- rows, matched, duplicates, unmatched, empty
  report jsonb not null default '{}',
  change_id bigint references audience_changes (id) on delete set null,
  job_id text,
  error text,
  created_by integer references operators (id) on delete set null,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index list_uploads_list on list_uploads (workspace_id, list_id, id desc);

-- Where people of a segment or list are sent: a webhook, or a table in another ClickHouse.
create table destinations (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  name text not null,
  kind text not null check (kind in ('webhook', 'clickhouse')),
  url text not null,
  -- table and user of a ClickHouse
  settings jsonb not null default '{}',
  -- The webhook's signing secret or the password, sealed with the workspace's record key.
  secret_sealed bytea,
  created_by integer references operators (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, name)
);

create table audience_exports (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  segment_id integer,
  list_id integer,
  -- csv, parquet, or a destination
  format text not null check (format in ('csv', 'parquet', 'destination')),
  destination_id integer references destinations (id) on delete set null,
  columns jsonb not null,
  reveal boolean not null default false,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  rows_total integer not null default 0,
  rows_done integer not null default 0,
  -- How far a destination has come: the last profile of the last batch that it took.
  sent_through bigint not null default 0,
  size_bytes bigint not null default 0,
  job_id text,
  error text,
  created_by integer references operators (id) on delete set null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  -- The file is removed then.
  expires_at timestamptz,
  check ((segment_id is null) <> (list_id is null))
);
create index audience_exports_workspace on audience_exports (workspace_id, id desc);

-- A destination that hears of everybody who enters or leaves a segment.
create table segment_subscriptions (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  segment_id integer not null,
  destination_id integer not null references destinations (id) on delete cascade,
  columns jsonb not null,
  reveal boolean not null default false,
  -- The last change that was delivered.
  delivered_through bigint not null default 0,
  attempts integer not null default 0,
  retry_at timestamptz,
  error text,
  enabled boolean not null default true,
  created_by integer references operators (id) on delete set null,
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  unique (workspace_id, segment_id, destination_id)
);
