-- Predictions: what a brand wants foretold, the models fitted for it, and the runs that trained them or scored people with them.

create table predictions (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  -- Begins the names of the computed traits it writes.
  key text not null,
  name text not null,
  kind text not null,
  goal_event text,
  horizon_days integer not null,
  -- See contract PredictionWho.
  who jsonb not null,
  schedule text not null check (schedule in ('daily', 'weekly', 'off')),
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  unique (workspace_id, key)
);

create table prediction_models (
  workspace_id integer not null references workspaces (id) on delete cascade,
  prediction_id integer not null references predictions (id) on delete cascade,
  version integer not null,
  -- One at most is serving. A retired one can be served again as long as its file is there.
  state text not null check (state in ('serving', 'retired', 'candidate')),
  -- See contract PredictionCard.
  card jsonb not null,
  file_name text not null,
  size_bytes bigint not null,
  -- SHA-256 of the file.
  checksum text not null,
  trained_at timestamptz not null default now(),
  served_since timestamptz,
  primary key (workspace_id, prediction_id, version)
);
create unique index prediction_models_serving on prediction_models (workspace_id, prediction_id) where state = 'serving';

create table prediction_runs (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  prediction_id integer not null references predictions (id) on delete cascade,
  kind text not null check (kind in ('train', 'score')),
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled', 'refused')),
  stage text not null default '',
  progress real not null default 0,
  started_by text not null check (started_by in ('schedule', 'operator', 'api_key')),
  job_id text,
  model_version integer,
  -- Why it was refused or failed: see contract PredictionSaid.
  said jsonb,
  -- Of a scoring: people, mean, histogram, drift; see contract PredictionRun.
  summary jsonb,
  -- Instant up to which things were known; a scoring can be judged when its horizon after this is over.
  at timestamptz,
  realised jsonb,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create index prediction_runs_prediction on prediction_runs (workspace_id, prediction_id, id desc);
create unique index prediction_runs_one on prediction_runs (workspace_id, prediction_id) where state in ('queued', 'running');
