import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asSourceId, asWorkspaceId, type WorkspaceId } from '../../domain/ids.ts';
import type { ControlStore } from '../control/control-store.ts';
import { openTestStores, type TestStores } from '../testing.ts';
import { openVault } from './open-vault.ts';
import type { RememberedIdentity, WorkspaceVault } from './vault.ts';

let stores: TestStores;
let control: ControlStore;
let vault: WorkspaceVault;
let workspaceId: WorkspaceId;
const masterKey = randomBytes(32);
const source = asSourceId(1);

beforeAll(async () => {
  stores = await openTestStores();
  control = stores.control;
  workspaceId = await addWorkspace();
  vault = await openVault({ control, masterKey }).of(workspaceId);
});
afterAll(() => stores?.close());

async function addWorkspace(): Promise<WorkspaceId> {
  const sealed = openVault({ control, masterKey }).newWorkspaceKey();
  const [row] = await control.query<{ id: number }>(
    `insert into workspaces (name, key_sealed) values ('brand', $1) returning id`,
    [sealed],
  );
  return asWorkspaceId(row!.id);
}

const identity = (kind: RememberedIdentity['kind'], value: string, at: string): RememberedIdentity => ({
  identityId: vault.surrogate(kind, value),
  kind,
  value,
  firstSeenAt: new Date(at),
});

test('an identity keeps its earliest sight and opens again', async () => {
  const late = identity('user_id', 'u-1', '2026-03-02T00:00:00Z');
  const early = identity('user_id', 'u-1', '2026-03-01T00:00:00Z');
  await control.transaction((session) => vault.remember(session, [late], []));
  await control.transaction((session) => vault.remember(session, [early, late], []));
  expect(await vault.revealIdentities([late.identityId])).toEqual([early]);
});

test('the latest value wins, whatever the order of arrival, and old ones are not found any more', async () => {
  const { identityId } = identity('user_id', 'u-2', '2026-01-01T00:00:00Z');
  const value = (email: string, at: string) => ({
    identityId,
    field: 'email',
    value: email,
    occurredAt: new Date(at),
    sourceId: source,
  });
  const now = value('New@example.com', '2026-02-02T00:00:00Z');
  await control.transaction((session) =>
    vault.remember(session, [], [value('old@example.com', '2026-02-01T00:00:00Z')]),
  );
  await control.transaction((session) => vault.remember(session, [], [now]));
  await control.transaction((session) => vault.remember(session, [], [value('x@example.com', '2026-01-01T00:00:00Z')]));
  expect(await vault.revealValues([identityId])).toEqual([now]);
  expect(await vault.revealValues([identityId], ['phone'])).toEqual([]);
  expect(await vault.find(' new@EXAMPLE.com', 10)).toEqual([identityId]);
  expect(await vault.find('old@example.com', 10)).toEqual([]);
});

test('two transactions that see a new person at the same time agree on one data key', async () => {
  const { identityId } = identity('user_id', 'u-3', '2026-01-01T00:00:00Z');
  const fields = ['name', 'city', 'email', 'phone', 'address'];
  await Promise.all(
    fields.map((field) =>
      control.transaction((session) =>
        vault.remember(session, [], [{ identityId, field, value: field, occurredAt: new Date(0), sourceId: source }]),
      ),
    ),
  );
  expect((await vault.revealValues([identityId])).map((row) => row.value).sort()).toEqual([...fields].sort());
});

test('a transaction that was rolled back leaves no key in use that nobody can read', async () => {
  const one = identity('user_id', 'u-4', '2026-01-01T00:00:00Z');
  await expect(
    control.transaction(async (session) => {
      await vault.remember(session, [one], []);
      throw new Error('power cut');
    }),
  ).rejects.toThrow('power cut');
  await control.transaction((session) => vault.remember(session, [one], []));
  const fresh = await openVault({ control, masterKey }).of(workspaceId);
  expect(await fresh.revealIdentities([one.identityId])).toEqual([one]);
});

test('a destroyed data key makes a person unreadable', async () => {
  const one = identity('email', 'gone@example.com', '2026-01-01T00:00:00Z');
  await control.transaction((session) => vault.remember(session, [one], []));
  await control
    .of(workspaceId)
    .query('delete from vault_keys where workspace_id = $1 and identity_id = $2', [one.identityId]);
  expect(await vault.revealIdentities([one.identityId])).toEqual([]);
});

test('workspaces share nothing: other surrogates, other records, no finding across', async () => {
  const other = await openVault({ control, masterKey }).of(await addWorkspace());
  expect(other.surrogate('user_id', 'u-1')).not.toBe(vault.surrogate('user_id', 'u-1'));
  expect(other.messageKey(source, 'm')).not.toBe(vault.messageKey(source, 'm'));
  expect(await other.find('u-1', 10)).toEqual([]);
  expect(() => other.openRecord(vault.sealRecord(Buffer.from('x')))).toThrow('could not be read');
  expect(vault.openRecord(vault.sealRecord(Buffer.from('x'))).toString()).toBe('x');
});

test('another master key is refused with the name of the setting', async () => {
  await expect(openVault({ control, masterKey: randomBytes(32) }).of(workspaceId)).rejects.toThrow('master key');
});

test('no clear text of an identifier or value stands in the database', async () => {
  await control.transaction((session) =>
    vault.remember(session, [identity('phone', '13912345678', '2026-01-01T00:00:00Z')], []),
  );
  const rows = await control.query<{ row: string }>(
    'select identities::text as row from identities union all select vault_values::text from vault_values',
  );
  expect(
    rows.some((row) => row.row.includes('13912345678') || row.row.includes(Buffer.from('139123').toString('hex'))),
  ).toBe(false);
});
