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
    store: 'events',
    statement: 'delete from ….quarantine where (workspace_id, record_key) in (select workspace_id, record_key from …)…',
    because: 'retention: closed records of all workspaces, each row paired with its own workspace',
  },
];

/** Questions that tests ask past the stages, to look behind them. */
export const askedByTests: readonly Omit<PlatformWide, 'because'>[] = [
  { store: 'control', statement: 'select * from api_keys' },
  { store: 'control', statement: 'insert into ingest_counts values (1, 1, …)' },
  { store: 'events', statement: 'select count() as rows, sum(siphash64(tostring(tuple(*)))) as checksum from …' },
];

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
