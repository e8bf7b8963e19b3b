/**
 * Schema of the event store as data, rendered for one server or for a cluster from the same text.
 *
 * In a cluster each table exists twice: `name_local` holds a shard's rows, `name` is Distributed over it. Migrations never
 * use ON CLUSTER: the runner walks the nodes itself, so that it works on every kind of server.
 */
export type TableDefinition = {
  readonly name: string;
  readonly columns: string;
  /** Family without the `Replicated` prefix: `MergeTree` or `ReplacingMergeTree(version)`. */
  readonly family: string;
  readonly partitionBy?: string;
  readonly orderBy: string;
  /** Sharding expression. Rows of one identity stay together. */
  readonly shardBy: string;
  readonly settings?: string;
  /** `deleted` marks rows that were taken away: names that follow people (`@person_…`) leave them out. */
  readonly marksDeleted?: true;
};

const identityShard = 'identity_id';

export const tables: readonly TableDefinition[] = [
  {
    // Ordered by person: features, segments and timelines read one person's rows in one piece. Partitioned by arrival,
    // never by the sender's clock.
    name: 'events',
    family: 'MergeTree',
    partitionBy: 'toYYYYMM(received_at)',
    orderBy: '(workspace_id, identity_id, occurred_at, message_key)',
    shardBy: identityShard,
    columns: `
      workspace_id UInt32,
      source_id UInt32,
      message_key UUID,
      identity_id UInt64,
      type LowCardinality(String),
      name LowCardinality(String),
      occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
      received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
      properties JSON(max_dynamic_paths = 128),
      context JSON(max_dynamic_paths = 64),
      repairs Array(LowCardinality(String)),
      import_id UInt32,
      INDEX by_occurred occurred_at TYPE minmax GRANULARITY 1,
      INDEX by_received received_at TYPE minmax GRANULARITY 1,
      INDEX by_name name TYPE set(64) GRANULARITY 1,
      INDEX by_message message_key TYPE bloom_filter(0.01) GRANULARITY 4`,
  },
  {
    name: 'order_lines',
    family: 'MergeTree',
    partitionBy: 'toYYYYMM(received_at)',
    orderBy: '(workspace_id, identity_id, occurred_at, line_key)',
    shardBy: identityShard,
    columns: `
      workspace_id UInt32,
      source_id UInt32,
      line_key UUID,
      identity_id UInt64,
      order_id String,
      kind Enum8('sale' = 1, 'refund' = 2),
      item_id String,
      item_name String,
      category LowCardinality(String),
      quantity Decimal(18, 3),
      unit_price Decimal(18, 4),
      amount_minor Int64,
      currency LowCardinality(String),
      occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
      received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
      import_id UInt32,
      INDEX by_occurred occurred_at TYPE minmax GRANULARITY 1,
      INDEX by_line line_key TYPE bloom_filter(0.01) GRANULARITY 4`,
  },
  {
    name: 'traits',
    family: 'ReplacingMergeTree(version)',
    orderBy: '(workspace_id, identity_id, name)',
    shardBy: identityShard,
    // version = milliseconds of occurred_at: the latest fact wins whatever the order of arrival.
    columns: `
      workspace_id UInt32,
      identity_id UInt64,
      name LowCardinality(String),
      value String,
      occurred_at DateTime64(3, 'UTC'),
      source_id UInt32,
      message_key UUID,
      version UInt64`,
  },
  {
    // Which profile an identity belongs to now; absent or equal means its own. Written by identity resolution only.
    name: 'profile_links',
    family: 'ReplacingMergeTree(version)',
    orderBy: '(workspace_id, identity_id)',
    shardBy: identityShard,
    columns: `
      workspace_id UInt32,
      identity_id UInt64,
      profile_id UInt64,
      version UInt64`,
  },
  {
    name: 'items',
    family: 'ReplacingMergeTree(version)',
    orderBy: '(workspace_id, item_id)',
    shardBy: 'cityHash64(item_id)',
    columns: `
      workspace_id UInt32,
      item_id String,
      name String,
      description String,
      category LowCardinality(String),
      brand LowCardinality(String),
      price_minor Nullable(Int64),
      currency LowCardinality(String),
      url String,
      image_url String,
      stock Nullable(Int64),
      attributes JSON(max_dynamic_paths = 64),
      updated_at DateTime64(3, 'UTC'),
      deleted UInt8,
      import_id UInt32,
      version UInt64`,
  },
  {
    name: 'reviews',
    family: 'ReplacingMergeTree(version)',
    orderBy: '(workspace_id, review_key)',
    shardBy: 'cityHash64(review_key)',
    columns: `
      workspace_id UInt32,
      review_key UUID,
      identity_id UInt64,
      item_id String,
      rating Nullable(Float32),
      title String,
      text String CODEC(ZSTD(3)),
      language LowCardinality(String),
      occurred_at DateTime64(3, 'UTC'),
      received_at DateTime64(3, 'UTC'),
      source_id UInt32,
      import_id UInt32,
      version UInt64`,
  },
  {
    name: 'ad_spend',
    family: 'ReplacingMergeTree(version)',
    orderBy: '(workspace_id, spend_key)',
    shardBy: 'cityHash64(spend_key)',
    columns: `
      workspace_id UInt32,
      spend_key UUID,
      day Date,
      media_channel LowCardinality(String),
      campaign String,
      spend_minor Int64,
      currency LowCardinality(String),
      impressions UInt64,
      clicks UInt64,
      import_id UInt32,
      version UInt64`,
  },
  {
    // Records that could not be kept, whole (sealed: they may hold anything), until mended and replayed or discarded.
    name: 'quarantine',
    family: 'ReplacingMergeTree(version)',
    partitionBy: 'toYYYYMM(received_at)',
    orderBy: '(workspace_id, record_key)',
    shardBy: 'cityHash64(record_key)',
    columns: `
      workspace_id UInt32,
      record_key UUID,
      source_id UInt32,
      import_id UInt32,
      row_number UInt64,
      received_at DateTime64(3, 'UTC'),
      reason LowCardinality(String),
      field String,
      detail String,
      event_type LowCardinality(String),
      event_name String,
      state LowCardinality(String),
      raw_sealed String CODEC(ZSTD(1)),
      version UInt64`,
  },
  {
    // The decision ledger: everything Zhiyin chose for a person, one row each (see design: decisions).
    name: 'decisions',
    family: 'MergeTree',
    partitionBy: 'toYYYYMM(decided_at)',
    orderBy: '(workspace_id, profile_id, decided_at, decision_id)',
    shardBy: 'profile_id',
    columns: `
      workspace_id UInt32,
      decision_id UUID,
      profile_id UInt64,
      decided_at DateTime64(3, 'UTC'),
      surface LowCardinality(String),
      action String,
      candidates Array(String),
      scores Array(Float32),
      model LowCardinality(String),
      model_version String,
      propensity Float64,
      experiment String,
      arm String,
      reasons String,
      consent_basis LowCardinality(String),
      policy_checks String,
      INDEX by_decision decision_id TYPE bloom_filter(0.01) GRANULARITY 4`,
  },
  {
    // What is computed of a person: by an aggregate of the brand's own, RFM, clusters, predictions. The latest run wins; a run of
    // everyone marks those that it no longer finds as deleted. `value` is JSON, `number` the same where it is a number.
    name: 'computed_traits',
    family: 'ReplacingMergeTree(version)',
    orderBy: '(workspace_id, name, profile_id)',
    shardBy: 'profile_id',
    columns: `
      workspace_id UInt32,
      profile_id UInt64,
      name LowCardinality(String),
      value String,
      number Nullable(Float64),
      source LowCardinality(String),
      computed_at DateTime64(3, 'UTC'),
      version UInt64,
      deleted UInt8,
      INDEX by_profile profile_id TYPE bloom_filter(0.01) GRANULARITY 1`,
  },
  {
    // Tags that operators put on people. Of an identity, so that a merge, and taking one back, moves them with it. `version` is
    // the change that wrote the row: changes of a workspace come one after the other, and one can be undone by its number.
    name: 'tags',
    family: 'ReplacingMergeTree(version)',
    orderBy: '(workspace_id, tag, identity_id)',
    shardBy: identityShard,
    marksDeleted: true,
    columns: `
      workspace_id UInt32,
      identity_id UInt64,
      tag LowCardinality(String),
      changed_at DateTime64(3, 'UTC'),
      version UInt64,
      deleted UInt8,
      INDEX by_identity identity_id TYPE bloom_filter(0.01) GRANULARITY 1`,
  },
  {
    // Who is on a list. Identities that nobody has been seen with yet may be on one: their people are on it when they come.
    name: 'list_members',
    family: 'ReplacingMergeTree(version)',
    orderBy: '(workspace_id, list_id, identity_id)',
    shardBy: identityShard,
    marksDeleted: true,
    columns: `
      workspace_id UInt32,
      identity_id UInt64,
      list_id UInt32,
      changed_at DateTime64(3, 'UTC'),
      version UInt64,
      deleted UInt8,
      INDEX by_identity identity_id TYPE bloom_filter(0.01) GRANULARITY 1`,
  },
  {
    // What a run of a prediction foretold of each person, and why. Readers name the run: a new one is seen when it is whole. Of
    // older runs only some people stay, to compare what was foretold with what came.
    name: 'prediction_scores',
    family: 'ReplacingMergeTree(version)',
    orderBy: '(workspace_id, prediction_id, run_id, profile_id)',
    shardBy: 'profile_id',
    columns: `
      workspace_id UInt32,
      prediction_id UInt32,
      run_id UInt32,
      profile_id UInt64,
      score Float64,
      label LowCardinality(String),
      figures Map(LowCardinality(String), Float64),
      reasons String CODEC(ZSTD(3)),
      scored_at DateTime64(3, 'UTC'),
      version UInt64,
      INDEX by_profile profile_id TYPE bloom_filter(0.01) GRANULARITY 1`,
  },
  {
    // Who is in which segments now, as the control store has it: for questions that join.
    name: 'segment_memberships',
    family: 'ReplacingMergeTree(version)',
    orderBy: '(workspace_id, profile_id)',
    shardBy: 'profile_id',
    columns: `
      workspace_id UInt32,
      profile_id UInt64,
      segments Array(UInt32),
      version UInt64`,
  },
];

/** The tables that belong to workspaces: all of them. `schema_migrations` is the only one that does not. */
export const workspaceTables: readonly string[] = tables.map((table) => table.name);
