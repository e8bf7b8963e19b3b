-- Control store: who may do what, where data comes from, who is who, and how far the pipeline has come.
-- Personal data stands only in sealed columns (`*_sealed`); everything else is safe to read in a dump.

create table workspaces (
  id integer generated always as identity primary key,
  name text not null check (length(name) between 1 and 120),
  time_zone text not null default 'UTC',
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  locale text not null default 'en' check (locale in ('en', 'zh-CN')),
  -- Which of the built-in behaviours this brand changed; see trust/workspace-settings.ts
  settings jsonb not null default '{}',
  -- The workspace key, wrapped by the platform's master key. Destroying it makes the vault unreadable.
  key_sealed bytea not null,
  is_demo boolean not null default false,
  created_at timestamptz not null default now()
);

create table operators (
  id integer generated always as identity primary key,
  email text not null,
  name text not null default '',
  password_hash text not null,
  locale text not null default 'en' check (locale in ('en', 'zh-CN')),
  preferences jsonb not null default '{}',
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
create unique index operators_email on operators (lower(email));

create table memberships (
  workspace_id integer not null references workspaces (id) on delete cascade,
  operator_id integer not null references operators (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'marketer', 'analyst', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, operator_id)
);

create table sessions (
  token_hash bytea primary key,
  operator_id integer not null references operators (id) on delete cascade,
  csrf_token text not null,
  user_agent text not null default '',
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_operator on sessions (operator_id);

create table api_keys (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  name text not null,
  -- First characters, shown so that a key can be recognised. The key itself is never stored.
  prefix text not null,
  key_hash bytea not null unique,
  scopes text[] not null,
  created_by integer references operators (id) on delete set null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_workspace on api_keys (workspace_id);

create table sources (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  name text not null,
  kind text not null check (kind in ('web', 'server', 'app', 'import', 'catalogue', 'demo')),
  write_key text not null unique,
  -- allowedOrigins: string[] (empty: any), eventsPerSecondMax: number | null
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
create index sources_workspace on sources (workspace_id);

-- Append-only, each entry chained to the one before by its hash.
create table audit_log (
  id bigint generated always as identity primary key,
  workspace_id integer,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('operator', 'api_key', 'system')),
  actor_id integer,
  action text not null,
  target_kind text not null default '',
  target_id text not null default '',
  details jsonb not null default '{}',
  previous_hash bytea not null,
  hash bytea not null
);
create index audit_log_workspace on audit_log (workspace_id, id desc);

create function forbid_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function forbid_change();

-- Every identifier ever seen, by its surrogate. The value itself is sealed with the key of its person.
create table identities (
  workspace_id integer not null,
  identity_id bigint not null,
  kind text not null,
  value_sealed bytea not null,
  first_seen_at timestamptz not null,
  primary key (workspace_id, identity_id)
);

-- "These two identifiers were seen together." The graph is a pure function of these rows, so that the order in which
-- they arrived does not matter: rows are taken by (first_seen_at, low_id, high_id).
create table identity_edges (
  workspace_id integer not null,
  low_id bigint not null,
  high_id bigint not null,
  first_seen_at timestamptz not null,
  source_id integer not null,
  -- Set when an operator took the merge back; such an edge joins nothing.
  cut_at timestamptz,
  -- Why this edge joins nothing although nobody cut it: two_known_people, too_many_identifiers, too_many_merges, shared_identifier
  refused text,
  primary key (workspace_id, low_id, high_id),
  check (low_id < high_id)
);
create index identity_edges_high on identity_edges (workspace_id, high_id);
create index identity_edges_refused on identity_edges (workspace_id, first_seen_at desc) where refused is not null;

-- Result of the graph: which profile an identity belongs to. Absent means: its own.
create table profile_links (
  workspace_id integer not null,
  identity_id bigint not null,
  profile_id bigint not null,
  -- Rises with every change; the event store keeps the highest.
  version bigint not null,
  pushed boolean not null default false,
  primary key (workspace_id, identity_id)
);
create sequence profile_link_version;
create index profile_links_profile on profile_links (workspace_id, profile_id);
create index profile_links_unpushed on profile_links (version) where not pushed;

-- The vault: one data key per identity, wrapped by the workspace key; the values sealed with it.
create table vault_keys (
  workspace_id integer not null,
  identity_id bigint not null,
  key_sealed bytea not null,
  primary key (workspace_id, identity_id)
);
create table vault_values (
  workspace_id integer not null,
  identity_id bigint not null,
  field text not null,
  value_sealed bytea not null,
  occurred_at timestamptz not null,
  source_id integer not null,
  primary key (workspace_id, identity_id, field)
);
-- Blind index: keyed hash of a normalised value, so that a person can be found by e-mail, phone or name.
create table vault_index (
  workspace_id integer not null,
  value_hash bigint not null,
  identity_id bigint not null,
  field text not null,
  primary key (workspace_id, value_hash, identity_id, field)
);
create index vault_index_identity on vault_index (workspace_id, identity_id);

-- Duplicate detection: 128-bit keys of (source, message id), kept at least 7 days.
create table seen_messages (
  message_key uuid primary key,
  seen_on date not null,
  -- The chunk that reserved the key before its rows went to the event store: repeated after a crash, it finds its own again.
  claim bigint not null default 0
);
create sequence journal_claim_id;
create index seen_messages_seen_on on seen_messages using brin (seen_on);

-- How far each journal has been processed. Written in the same transaction as everything that the chunk changed.
create table journal_checkpoints (
  journal_id text primary key,
  segment bigint not null,
  byte_offset bigint not null,
  -- Records (events) in the journal before this position, ever. Equals the sum of outcomes from this journal.
  records_total bigint not null,
  -- The chunk being processed, fixed before it starts so that a crash repeats exactly the same one.
  claimed_segment bigint,
  claimed_offset bigint,
  claimed_id bigint,
  -- The settings it is cleaned with, kept so that the repeat gives the same rows.
  claimed_settings jsonb,
  updated_at timestamptz not null default now()
);

create table ingest_counts (
  workspace_id integer not null,
  source_id integer not null,
  day date not null,
  outcome text not null check (outcome in ('valid', 'duplicate', 'quarantined')),
  reason text not null default '',
  records bigint not null,
  primary key (workspace_id, source_id, day, outcome, reason)
);
-- What was mended, for the data-health page: counts by kind of repair.
create table repair_counts (
  workspace_id integer not null,
  source_id integer not null,
  day date not null,
  repair text not null,
  records bigint not null,
  primary key (workspace_id, source_id, day, repair)
);

-- The same counts for one import, so that its report is exact.
create table import_counts (
  workspace_id integer not null,
  import_id integer not null,
  outcome text not null,
  reason text not null default '',
  records bigint not null,
  primary key (workspace_id, import_id, outcome, reason)
);

-- Fixes that operators made in quarantine and kept: applied before validation from then on.
create table repair_rules (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  name text not null,
  -- { reason?, sourceId?, event? }
  matches jsonb not null,
  -- [{ set|rename|remove|convert … }], see contract RepairAction
  actions jsonb not null,
  enabled boolean not null default true,
  created_by integer references operators (id) on delete set null,
  created_at timestamptz not null default now()
);
create index repair_rules_workspace on repair_rules (workspace_id);

-- Large replays from quarantine run as jobs; the request waits here, sealed, because a filter may hold personal text.
create table repair_runs (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  request_sealed bytea not null,
  created_at timestamptz not null default now()
);
create index repair_runs_workspace on repair_runs (workspace_id);

-- What is personal in this brand's events, and what to do with it.
create table property_policies (
  workspace_id integer not null references workspaces (id) on delete cascade,
  property text not null,
  class text not null,
  action text not null check (action in ('keep', 'mask', 'vault', 'remove')),
  primary key (workspace_id, property)
);
-- Properties seen, with what the classifier thinks of them.
create table observed_properties (
  workspace_id integer not null,
  property text not null,
  class text not null default 'none',
  value_type text not null default '',
  records bigint not null default 0,
  last_seen_at timestamptz not null,
  primary key (workspace_id, property)
);

create table imports (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  source_id integer not null references sources (id),
  file_name text not null,
  size_bytes bigint not null default 0,
  -- SHA-256 of the file's bytes, known when the upload is complete.
  fingerprint text,
  kind text,
  -- What was found out about the file: encoding, delimiter, columns, samples.
  detected jsonb not null default '{}',
  mapping jsonb not null default '{}',
  options jsonb not null default '{}',
  state text not null default 'uploading'
    check (state in ('uploading', 'ready', 'queued', 'running', 'done', 'failed', 'cancelled')),
  progress jsonb not null default '{}',
  report jsonb not null default '{}',
  -- Rows that went into the stores without passing a journal: their part of "received". Set in the transaction of their counts.
  received_direct bigint not null default 0,
  error text,
  created_by integer references operators (id) on delete set null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create index imports_workspace on imports (workspace_id, id desc);

create table import_mappings (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  name text not null,
  kind text not null,
  mapping jsonb not null,
  options jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (workspace_id, name)
);

-- Small facts of the installation: set-up token, last backup, demo loaded.
create table platform_facts (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);
