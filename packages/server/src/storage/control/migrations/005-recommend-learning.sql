-- What a brand says its events are worth, and what exploration has learned on each surface.

-- Only where somebody changed them; without a row the weights are as the program has them.
create table recommend_weights (
  workspace_id integer primary key references workspaces (id) on delete cascade,
  weights jsonb not null,
  updated_at timestamptz not null default now()
);

-- Computed anew from the ledger again and again: a row replaces the one before. Every server reads it.
create table recommend_learned (
  workspace_id integer not null references workspaces (id) on delete cascade,
  surface text not null,
  -- arms and features with what is believed about them: see recommend/explore/learned.ts
  learned jsonb not null,
  learned_at timestamptz not null default now(),
  primary key (workspace_id, surface)
);
