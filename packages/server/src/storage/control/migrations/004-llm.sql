-- The one door to a large-model endpoint: what a brand set, what it spent, what was asked, and embeddings kept.

create table llm_settings (
  workspace_id integer primary key references workspaces (id) on delete cascade,
  -- Everything but the key: see contract LlmSettings.
  settings jsonb not null,
  -- The endpoint's key, sealed with the workspace's record key. Null: the endpoint needs none.
  key_sealed bytea,
  key_last4 text not null default '' check (length(key_last4) <= 4),
  updated_at timestamptz not null default now()
);

-- A call reserves the most it may take before it leaves and settles what it took. What a killed process reserved counts until the day ends.
create table llm_spend (
  workspace_id integer not null references workspaces (id) on delete cascade,
  day date not null,
  tokens_reserved bigint not null default 0,
  tokens_used bigint not null default 0,
  -- Millionths of the workspace's currency.
  micros_reserved bigint not null default 0,
  micros_used bigint not null default 0,
  primary key (workspace_id, day)
);

create table llm_calls (
  id bigint generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  at timestamptz not null,
  day date not null,
  kind text not null check (kind in ('chat', 'object', 'embed')),
  purpose text not null,
  prompt_version text not null default '',
  model text not null,
  tokens_in integer not null,
  tokens_out integer not null,
  micros bigint not null,
  latency_ms integer not null,
  -- Texts asked for, and how many of them were answered from what is kept.
  texts integer not null default 1,
  texts_kept integer not null default 0,
  outcome text not null,
  detail text not null default '',
  -- What left, with placeholders for what is personal; sealed, and gone after the days that the settings say.
  prompt_sealed bytea
);
create index llm_calls_workspace on llm_calls (workspace_id, id desc);
create index llm_calls_day on llm_calls (workspace_id, day);
create index llm_calls_prompts on llm_calls (workspace_id, at) where prompt_sealed is not null;

create table llm_embeddings (
  workspace_id integer not null references workspaces (id) on delete cascade,
  -- SHA-256 of endpoint, model and text.
  text_key bytea not null,
  -- 32-bit floats, little end first.
  vector bytea not null,
  used_on date not null,
  primary key (workspace_id, text_key)
);
create index llm_embeddings_used on llm_embeddings (workspace_id, used_on);
