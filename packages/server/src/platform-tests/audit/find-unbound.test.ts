import { describe, expect, it } from 'vitest';
import type { SentStatement } from '../../storage/events/statement-hook.ts';
import { findUnbound } from './find-unbound.ts';
import { askedByTests, matches, platformWide } from './platform-wide.ts';
import { loadWorkspaceTables } from './workspace-tables.ts';

const tables = loadWorkspaceTables();
const events = (statement: string): SentStatement => ({ store: 'events', scope: 'workspace', name: 'x', statement });
const control = (statement: string, scope: SentStatement['scope'] = 'workspace'): SentStatement => ({
  store: 'control',
  scope,
  name: '',
  statement,
});

it('knows the tables of both stores', () => {
  expect(tables.events.has('order_lines')).toBe(true);
  expect(tables.control).toEqual(
    new Set([...tables.control, 'identities', 'vault_values', 'imports', 'audit_log', 'repair_runs']),
  );
  expect(tables.control.has('journal_checkpoints')).toBe(false);
});

describe('in the event store', () => {
  it.each([
    'SELECT count() FROM (SELECT * FROM zhiyin.events WHERE workspace_id = {workspace:UInt32})',
    'SELECT 1 FROM (SELECT * FROM db.traits FINAL WHERE workspace_id = {workspace:UInt32}) AS t JOIN (SELECT * FROM db.items FINAL WHERE workspace_id = {workspace:UInt32}) AS i USING (x)',
    'INSERT INTO events /* workspace_id in each row */',
    'INSERT INTO db.quarantine (workspace_id, record_key) SELECT {workspaceId:UInt32}, record_key FROM db.import_1_rejects',
    'SELECT 1 FROM system.parts',
    "SELECT 'from events' AS events",
  ])('passes %s', (statement) => {
    expect(findUnbound(events(statement), tables)).toEqual([]);
  });

  it.each([
    ['SELECT count() FROM zhiyin.events', ['events']],
    ['SELECT count() FROM zhiyin.events_local FINAL', ['events']],
    ['SELECT 1 FROM events WHERE workspace_id = 1 UNION ALL SELECT 1 FROM reviews', ['reviews']],
    ['SELECT 1 FROM events WHERE workspace_id = {workspace:UInt32} OR 1 = 1', ['events']],
    [
      'SELECT 1 FROM (SELECT * FROM db.events WHERE workspace_id = {workspace:UInt32}) AS e WHERE x IN (SELECT x FROM db.order_lines)',
      ['order_lines'],
    ],
    ['SELECT 1 FROM db.events /* WHERE workspace_id = {workspace:UInt32} */', ['events']],
    ["SELECT 1 FROM db.events WHERE note = 'workspace_id = {workspace:UInt32}'", ['events']],
    ['INSERT INTO db.events SELECT * FROM db.import_1_rows', ['events']],
    ['SELECT 1 FROM db.events AS e, db.items AS i WHERE e.workspace_id = {workspace:UInt32}', ['events', 'items']],
  ])('finds what is missing in %s', (statement, missing) => {
    expect(findUnbound(events(statement), tables)).toEqual(missing);
  });
});

describe('in the control store', () => {
  it.each([
    'select * from imports where workspace_id = $1 and id = $2',
    'select * from identities i join vault_keys k on k.workspace_id = i.workspace_id and k.identity_id = i.identity_id where i.workspace_id = $1',
    'insert into vault_values (workspace_id, identity_id) select $1, id from unnest($2::bigint[]) as given (id)',
    'update identity_edges set cut_at = now() from unnest($2::bigint[]) as given (low_id) where workspace_id = $1 and identity_edges.low_id = given.low_id',
    'delete from api_keys where workspace_id = $1 and id = $2',
    'select * from workspaces',
    'select (select count(*) from identities i where i.workspace_id = o.workspace_id) from imports o where o.workspace_id = $1',
  ])('passes %s', (statement) => {
    expect(findUnbound(control(statement), tables)).toEqual([]);
  });

  it.each([
    ['select * from imports where id = $1', ['imports']],
    ['select * from imports where workspace_id = $10', ['imports']],
    [
      'select * from identities i join vault_keys k on k.identity_id = i.identity_id where i.workspace_id = $1',
      ['identities', 'vault_keys'],
    ],
    [
      'select * from sources where workspace_id = $1 and exists (select from imports where source_id = sources.id)',
      ['imports'],
    ],
    ['insert into vault_values (workspace_id, identity_id) values (1, 2)', ['vault_values']],
    ['update imports set state = $2 where id = $1', ['imports']],
    ['delete from repair_rules', ['repair_rules']],
    ['select 1 from imports where workspace_id = $1 and a or b', ['imports']],
    ['select $1, * from quarantine_view, imports where workspace_id is not null', ['imports']],
  ])('finds what is missing in %s', (statement, missing) => {
    expect(findUnbound(control(statement), tables)).toEqual(missing);
  });

  it('does not take an insert past the door of the workspace', () => {
    const insert = 'insert into audit_log (workspace_id, at) values ($1, $2)';
    expect(findUnbound(control(insert), tables)).toEqual([]);
    expect(findUnbound(control(insert, 'platform'), tables)).toEqual(['audit_log']);
  });
});

describe('the list of statements that need no workspace', () => {
  const allowed = [...platformWide, ...askedByTests];
  const isAllowed = (statement: string) => allowed.some((entry) => matches(control(statement, 'platform'), entry));

  it('gives a reason for each', () => {
    expect(platformWide.filter(({ because }) => because.length < 15)).toEqual([]);
  });

  it('takes a statement whatever its blanks, and no other that begins like it', () => {
    expect(
      isAllowed("insert into memberships (workspace_id, operator_id, role)\n  select id, $1, 'owner' from workspaces"),
    ).toBe(true);
    expect(isAllowed('select * from api_keys where id = 1')).toBe(false);
    expect(isAllowed('select value_sealed from vault_values')).toBe(false);
    expect(isAllowed("update imports set state = 'cancelled'")).toBe(false);
  });
});
