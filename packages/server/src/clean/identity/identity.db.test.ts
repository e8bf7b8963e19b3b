import { workspaceSettingsSchema } from '@zhiyin/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type IdentityKind, identityKinds } from '../../domain/identity.ts';
import { asSourceId, type IdentityId, type WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { inOrder } from '../rows/identities-and-edges.ts';
import { listRefusals } from './list-refusals.ts';
import { registerPeople } from './register-people.ts';
import { edgeKey, resolveGraph } from './resolve-graph.ts';
import { remerge, unmerge } from './unmerge.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores?.close());

const small = { identifiersPerProfileMax: 6, mergesPerProfileMax: 2, peoplePerIdentifierMax: 2 };
const sourceId = asSourceId(1);

async function newWorkspace(limits: Partial<typeof small> = {}): Promise<Workspace> {
  const id = await stores.newWorkspace();
  const settings = { ...workspaceSettingsSchema.parse({}), ...limits };
  return {
    id,
    name: 'b',
    timeZone: 'UTC',
    currency: 'USD',
    locale: 'en',
    isDemo: false,
    createdAt: new Date(0),
    settings,
  };
}

type Sight = { readonly a: number; readonly b: number; readonly at: number };
const kindOf = (n: number): IdentityKind => identityKinds[n % identityKinds.length]!;

/** One call that named two identifiers. */
async function see(workspace: Workspace, sights: readonly Sight[]): Promise<void> {
  const vault = await stores.vault.of(workspace.id);
  const idOf = (n: number): IdentityId => vault.surrogate(kindOf(n), `v${n}`);
  await registerPeople(stores, workspace, {
    sourceId,
    people: sights.flatMap(({ a, b, at }) =>
      [a, b].map((n) => ({ identityId: idOf(n), kind: kindOf(n), value: `v${n}`, firstSeenAt: new Date(at * 1000) })),
    ),
    pairs: sights
      .filter(({ a, b }) => a !== b)
      .map(({ a, b, at }) => {
        const [lowId, highId] = inOrder(idOf(a), idOf(b));
        return { lowId, highId, firstSeenAt: new Date(at * 1000) };
      }),
  });
}

/** Who is who, by the numbers of the test, so that workspaces with other keys can be compared. */
async function linksOf(workspace: Workspace): Promise<string[]> {
  const vault = await stores.vault.of(workspace.id);
  const numberOf = new Map(Array.from({ length: 14 }, (_, n) => [String(vault.surrogate(kindOf(n), `v${n}`)), n]));
  const inControl = await stores.control
    .of(workspace.id)
    .query<{ identity_id: string; profile_id: string; pushed: boolean }>(
      'select identity_id, profile_id, pushed from profile_links where workspace_id = $1',
    );
  expect(inControl.every((link) => link.pushed)).toBe(true);
  const { rows: inEvents } = await stores.events.read<{ identity_id: string; profile_id: string }>(workspace.id, {
    name: 'links',
    sql: 'select toString(identity_id) as identity_id, toString(profile_id) as profile_id from @profile_links',
  });
  const plain = (links: readonly { identity_id: string; profile_id: string }[]) =>
    links
      .filter((link) => link.identity_id !== link.profile_id)
      .map((link) => `${numberOf.get(link.identity_id)}→${numberOf.get(link.profile_id)}`)
      .sort();
  expect(plain(inEvents)).toEqual(plain(inControl));
  return plain(inControl);
}

async function resolveFromScratch(
  workspaceId: WorkspaceId,
): Promise<{ links: [string, string][]; refused: [string, string][] }> {
  const scoped = stores.control.of(workspaceId);
  const nodes = await scoped.query<{ identity_id: string; kind: IdentityKind; first_seen_at: Date }>(
    'select identity_id, kind, first_seen_at from identities where workspace_id = $1',
  );
  const edges = await scoped.query<{ low_id: string; high_id: string; first_seen_at: Date }>(
    'select low_id, high_id, first_seen_at from identity_edges where workspace_id = $1 and cut_at is null',
  );
  const resolution = resolveGraph(
    new Map(
      nodes.map((row) => [
        row.identity_id,
        { id: row.identity_id, kind: row.kind, firstSeenAt: row.first_seen_at.getTime() },
      ]),
    ),
    edges.map((row) => ({ lowId: row.low_id, highId: row.high_id, firstSeenAt: row.first_seen_at.getTime() })),
    small,
  );
  return {
    links: [...resolution.profileOf].filter(([id, profile]) => id !== profile).sort(),
    refused: [...resolution.refused].sort(),
  };
}

const sights = fc.array(fc.record({ a: fc.nat(13), b: fc.nat(13), at: fc.integer({ min: 0, max: 8 }) }), {
  minLength: 1,
  maxLength: 24,
});

test('order, chunking and repetition do not matter, and what is kept equals deciding from scratch', async () => {
  await fc.assert(
    fc.asyncProperty(
      sights,
      fc.array(fc.nat(), { minLength: 24, maxLength: 24 }),
      fc.integer({ min: 1, max: 7 }),
      async (seen, ranks, chunk) => {
        const [first, second] = [await newWorkspace(small), await newWorkspace(small)];
        await see(first, seen);
        const shuffled = seen
          .map((sight, i) => ({ sight, rank: ranks[i]! }))
          .sort((x, y) => x.rank - y.rank)
          .map(({ sight }) => sight);
        for (let i = 0; i < shuffled.length; i += chunk) await see(second, shuffled.slice(i, i + chunk));
        await see(second, shuffled.slice(0, chunk));
        // Which surrogate is smaller depends on the workspace's key, so only each workspace itself is compared with scratch …
        for (const workspace of [first, second]) {
          const scratch = await resolveFromScratch(workspace.id);
          const scoped = stores.control.of(workspace.id);
          const links = await scoped.query<{ identity_id: string; profile_id: string }>(
            'select identity_id, profile_id from profile_links where workspace_id = $1 and identity_id <> profile_id',
          );
          expect(links.map((row) => [row.identity_id, row.profile_id]).sort()).toEqual(scratch.links);
          const refused = await scoped.query<{ low_id: string; high_id: string; refused: string }>(
            'select low_id, high_id, refused from identity_edges where workspace_id = $1 and refused is not null',
          );
          expect(
            refused.map((row) => [edgeKey({ lowId: row.low_id, highId: row.high_id }), row.refused]).sort(),
          ).toEqual(scratch.refused);
        }
      },
    ),
    { numRuns: 25 },
  );
}, 100_000);

test('the same people in two workspaces stay apart', async () => {
  const [one, other] = [await newWorkspace(), await newWorkspace()];
  await see(one, [{ a: 0, b: 6, at: 1 }]);
  expect(await linksOf(one)).toEqual(['6→0']);
  expect(await linksOf(other)).toEqual([]);
});

test('taking a merge back parts the two at once in both stores, and undoing that joins them again', async () => {
  const workspace = await newWorkspace();
  await see(workspace, [
    { a: 0, b: 6, at: 1 },
    { a: 0, b: 3, at: 2 },
  ]);
  const before = await linksOf(workspace);
  expect(before).toEqual(['3→0', '6→0']);
  const vault = await stores.vault.of(workspace.id);
  const [lowId, highId] = inOrder(vault.surrogate(kindOf(0), 'v0'), vault.surrogate(kindOf(6), 'v6'));
  expect((await unmerge(stores, workspace, { lowId, highId })).profileIds).toHaveLength(2);
  expect(await linksOf(workspace)).toEqual(['3→0']);
  // Seen together once more: the operator's word stands.
  await see(workspace, [{ a: 0, b: 6, at: 0 }]);
  expect(await linksOf(workspace)).toEqual(['3→0']);
  expect((await listRefusals(stores, workspace, { limit: 10 }, { reveal: true })).rows).toMatchObject([
    { reason: 'cut' },
  ]);
  expect((await remerge(stores, workspace, { lowId, highId })).profileIds).toHaveLength(1);
  expect(await linksOf(workspace)).toEqual(before);
});

test('two known people on one device are refused and reported, with names only for those who may see them', async () => {
  const workspace = await newWorkspace();
  await see(workspace, [
    { a: 0, b: 6, at: 1 },
    { a: 7, b: 6, at: 2 },
  ]);
  expect(await linksOf(workspace)).toEqual(['6→0']);
  const page = await listRefusals(stores, workspace, { limit: 1 }, { reveal: true });
  expect(page.rows[0]).toMatchObject({ reason: 'two_known_people' });
  expect([page.rows[0]!.lowLabel, page.rows[0]!.highLabel].sort()).toEqual(['anonymous_id: v6', 'user_id: v7']);
  const masked = await listRefusals(stores, workspace, { limit: 1 }, { reveal: false });
  expect(JSON.stringify(masked.rows)).not.toMatch(/: v7"/);
});

test('two workers that learn about the same people at the same time agree', async () => {
  const workspace = await newWorkspace();
  await Promise.all(
    [1, 2, 3, 4, 5].map((n) =>
      see(workspace, [
        { a: n, b: n + 1, at: n },
        { a: n + 1, b: n + 7, at: n },
      ]),
    ),
  );
  const scratch = await resolveFromScratch(workspace.id);
  expect(scratch.links.length).toBeGreaterThan(0);
  const links = await stores.control
    .of(workspace.id)
    .query<{ identity_id: string }>(
      'select identity_id from profile_links where workspace_id = $1 and identity_id <> profile_id',
    );
  expect(links.length).toBeGreaterThan(0);
});
