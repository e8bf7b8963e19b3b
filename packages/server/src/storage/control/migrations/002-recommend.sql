-- Recommendations: what a brand changed about its surfaces, the models fitted so far, and the trainings that made them.

-- Only surfaces that somebody edited or added; the others are as the program seeds them.
create table recommend_surfaces (
  workspace_id integer not null references workspaces (id) on delete cascade,
  surface text not null,
  settings jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, surface)
);

create table recommend_models (
  workspace_id integer not null references workspaces (id) on delete cascade,
  version integer not null,
  kind text not null,
  -- One at most is serving. A retired one can be served again as long as its file is there.
  state text not null check (state in ('candidate', 'serving', 'retired', 'rejected')),
  -- measures, baseline, tried, verdict, data range: see contract RecommendModel
  card jsonb not null,
  file_name text not null,
  size_bytes bigint not null,
  -- SHA-256 of the file.
  checksum text not null,
  trained_at timestamptz not null default now(),
  served_since timestamptz,
  primary key (workspace_id, version)
);
create unique index recommend_models_serving on recommend_models (workspace_id) where state = 'serving';

create table recommend_trainings (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  stage text not null default '',
  progress real not null default 0,
  promote boolean not null default true,
  started_by text not null check (started_by in ('schedule', 'operator', 'api_key')),
  job_id text,
  model_version integer,
  error text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create index recommend_trainings_workspace on recommend_trainings (workspace_id, id desc);
create unique index recommend_trainings_one on recommend_trainings (workspace_id) where state in ('queued', 'running');
