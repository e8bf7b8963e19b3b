-- Customers: how a brand groups them, and the runs that group, cluster, compare and link them.

-- Only of brands that changed something; the others are as the program has it.
create table customer_settings (
  workspace_id integer primary key references workspaces (id) on delete cascade,
  settings jsonb not null,
  updated_at timestamptz not null default now()
);

create table customer_runs (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  kind text not null check (kind in ('rfm', 'clusters', 'look_alike', 'graph')),
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  stage text not null default '',
  progress real not null default 0,
  started_by text not null check (started_by in ('schedule', 'operator', 'api_key')),
  -- see contract customerRunCreate
  request jsonb not null,
  -- What came of it: see contract clustering, lookAlike, influence.
  result jsonb,
  failure jsonb,
  job_id text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create index customer_runs_workspace on customer_runs (workspace_id, kind, id desc);
-- One of each kind at a time.
create unique index customer_runs_one on customer_runs (workspace_id, kind) where state in ('queued', 'running');

-- Names that operators gave to clusters. The key stays with a cluster over time.
create table cluster_labels (
  workspace_id integer not null references workspaces (id) on delete cascade,
  cluster_key integer not null,
  label text not null,
  primary key (workspace_id, cluster_key)
);
