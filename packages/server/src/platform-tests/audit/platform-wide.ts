import type { SentStatement } from '../../storage/events/statement-hook.ts';

type PlatformWide = {
  readonly store: SentStatement['store'];
  /** The whole statement, blanks and upper case aside; `…` stands for anything. */
  readonly statement: string;
  /** Why it may look across workspaces, or how it is bound in another way. */
  readonly because: string;
};

/** Everything that may touch a workspace's table without `workspace_id = <the given one>`. A new entry needs a reason that convinces. */
export const platformWide: readonly PlatformWide[] = [
  // Who is asking: the workspace is the answer, not the question.
  {
    store: 'control',
    statement:
      'select id, workspace_id, scopes, last_used_at … from api_keys where key_hash = $1 and revoked_at is null',
    because: 'an API key is found by its hash and tells its workspace',
  },
  {
    store: 'control',
    statement:
      'select w.id, w.name, m.role, … from memberships m join workspaces w … where m.operator_id = $1 order by w.is_demo, w.id',
    because: "one operator's own workspaces, for the session",
  },
  {
    store: 'control',
    statement:
      "select exists (select from memberships where operator_id = $1 and role = 'owner') or not exists (select from workspaces) as may",
    because: 'whether an operator may make workspaces',
  },
  {
    store: 'control',
    statement: "insert into memberships (workspace_id, operator_id, role) select id, $1, 'owner' from workspaces",
    because: 'set-up, once: the first operator owns everything there is',
  },
  {
    store: 'control',
    statement:
      'select sources.id, sources.workspace_id, sources.write_key, … from sources join workspaces on workspaces.id = sources.workspace_id',
    because: 'the directory of write keys: a request to collect names its source and nothing else',
  },
  // The audit log also has entries of the installation itself, which belong to no workspace.
  {
    store: 'control',
    statement: 'select … from audit_log where workspace_id is null and $1::integer is null …',
    because: "the installation's own chain",
  },
  {
    store: 'control',
    statement: 'insert into audit_log (workspace_id, at, actor_kind, …) values ($1, …)',
    because: "the workspace is a value, null in the installation's own entries",
  },
  {
    store: 'control',
    statement: 'select a.id, a.at, … from audit_log a … where (a.workspace_id = $1 or (a.workspace_id is null and …',
    because: 'entries of the workspace, and of the installation by its own members',
  },
  {
    store: 'control',
    statement: 'select id, work, due, unsent from ( select id, exists (select from segment_work w …',
    because: 'for which brands people have to be looked at again; each is then worked on by its own id',
  },
  // The pipeline works on whatever waits, whoever sent it.
  {
    store: 'control',
    statement: "select coalesce(sum(records) filter (where outcome = 'valid'), 0) as valid, … from ingest_counts",
    because: 'the balance is one over all journals: sums, no rows',
  },
  {
    store: 'control',
    statement:
      "select id, workspace_id from imports where state = 'queued' and ($1::integer is null or workspace_id = $1) order by id limit …",
    because: 'imports that wait for a worker, taken up after a start',
  },
  {
    store: 'control',
    statement:
      "update imports set state = 'cancelled', ended_at = $1, error = $2 where state in ('uploading', 'ready') and created_at < $1::timestamptz - make_interval(days => …) returning id, workspace_id",
    because: 'uploads nobody went on with end by age alone; each is noted in the audit log of its own workspace',
  },
  {
    store: 'control',
    statement: "select id from imports where state in ('uploading', 'ready', 'queued', 'running')",
    because: 'which folders on disk still belong to an import: ids, compared with names of folders',
  },
  {
    store: 'control',
    statement:
      'select w.id from workspaces w where not exists (select from recommend_trainings t where t.workspace_id = w.id and …',
    because: 'workspaces whose recommendation model is due: ids; each training is then made in its own workspace',
  },
  {
    store: 'control',
    statement:
      "select w.id from workspaces w where not exists (select from customer_runs r where r.workspace_id = w.id and r.kind = 'rfm' and …",
    because: 'brands whose customers are due to be grouped: ids alone; each run is then made in its own workspace',
  },
  {
    store: 'control',
    statement:
      'select p.workspace_id, p.id, m.trained_at < $1::timestamptz - make_interval(days => $2) as trains from predictions p …',
    because: 'predictions whose scores are due: ids of both; each run is then made in its own workspace',
  },
  {
    store: 'control',
    statement: 'select distinct workspace_id as id from recommend_surfaces where settings::text like …',
    because: 'workspaces with a surface that learns from what it tries: ids; each is then learned in its own workspace',
  },
  {
    store: 'events',
    statement: 'delete from ….quarantine where (workspace_id, record_key) in (select workspace_id, record_key from …)…',
    because: 'retention: closed records of all workspaces, each row paired with its own workspace',
  },
  // Audiences: work that is due, whoever's it is; each piece is then done in its own workspace.
  {
    store: 'control',
    statement:
      'update segment_subscriptions set retry_at = … where id = ( select s.id from segment_subscriptions s … )',
    because: 'a subscription with changes that wait, one at a time, with the workspace in which it is delivered',
  },
  {
    store: 'control',
    statement:
      'update audience_exports set expires_at = null, size_bytes = 0 where expires_at < now() returning id, format',
    because: 'retention: files of exports whose days are over',
  },
  {
    store: 'control',
    statement: "update list_uploads set state = 'failed', … where state in ('uploading', 'ready', 'failed') …",
    because: 'retention: uploads that nobody went on with',
  },
  {
    store: 'control',
    statement: 'select id, workspace_id from computed_trait_definitions where due_at <= now() …',
    because: 'computed traits whose time has come: ids; each is then computed in its own workspace',
  },
  {
    store: 'control',
    statement: 'select distinct workspace_id from computed_trait_definitions where …',
    because: 'workspaces with live traits: ids; each is then looked at by itself',
  },
  {
    store: 'control',
    statement:
      'update segment_subscriptions set retry_at = … where id = (select s.id from segment_subscriptions s where s.enabled … and exists (select from segment_changes c where c.workspace_id = s.workspace_id and …) … limit 1 for update of s skip locked) returning id, workspace_id, …',
    because:
      'the worker takes the next subscription that waits, of whichever workspace, and delivers it bound to that one',
  },
];

/**
 * Statements of tests themselves, which look behind the stages or play the intruder. Each is written out; in the event store,
 * where a statement without a workspace must give its reason, the reason begins with `test`, and nothing but tests may say so.
 */
export const askedByTests: readonly Omit<PlatformWide, 'because'>[] = [
  ...[
    'select * from api_keys',
    'insert into ingest_counts values (1, 1, …)',
    'select identities::text as row from identities union all select vault_values::text from vault_values',
    // platform-tests/store-facts.ts: every table of a restored platform against the original's
    'select count(*) as rows, coalesce(sum(hashtextextended(one::text, 0)), 0) as checksum from zhiyin.… as one',
    // trust/audit.db.test.ts: whoever changes the audit log is refused, or found out
    "insert into audit_log (at, actor_kind, action, previous_hash, hash) values (now(), 'system', 'x', …)",
    "update audit_log set action = 'x' where id = $1",
    'update audit_log set action = $1',
    'update audit_log set details = … where id = $1',
    "update audit_log set actor_kind = 'operator', actor_id = 7 where id = $1",
    "update audit_log set at = at - interval '1 second' where id = $1",
    'delete from audit_log',
    'delete from audit_log where id = $1',
    'delete from audit_log where id = any($1)',
    'truncate audit_log',
    'alter table audit_log disable trigger audit_log_append_only',
    'alter table audit_log enable trigger audit_log_append_only',
  ].map((statement) => ({ store: 'control' as const, statement })),
];

export const isReasonOfTests = (reason: string): boolean => /^test(?:: |$)/.test(reason);

export const matches = (sent: SentStatement, allowed: Omit<PlatformWide, 'because'>): boolean =>
  sent.store === allowed.store && patternOf(allowed.statement).test(normal(sent.statement));

const normal = (statement: string): string =>
  statement
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\( | \)/g, (at) => at.trim())
    .trim()
    .toLowerCase();

const patternOf = (text: string): RegExp => {
  const pieces = normal(text)
    .split('…')
    .map((piece) => piece.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`, 's');
};
