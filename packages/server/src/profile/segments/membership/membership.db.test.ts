import type { SegmentRule } from '@zhiyin/contract';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../domain/workspace.ts';
import { noteChangedPeople } from '../../../storage/control/note-changed-people.ts';
import { openTestStores, type TestStores } from '../../../storage/testing.ts';
import { interpretRule, type ToldPerson } from '../testing/interpret-rule.ts';
import { about, randomPerson, randomRule } from '../testing/random-rules.ts';
import { storePeople } from '../testing/store-people.ts';
import { computeSegments } from './compute-segments.ts';
import { followPeople } from './follow-people.ts';
import { sendChanges } from './send-changes.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(async () => {
  await stores.close();
});

const timeZone = 'Asia/Shanghai';
const silent = pino({ level: 'silent' });

describe('membership', () => {
  it('follows events in any order, time and merges, and every change is one event', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(randomRule, { minLength: 5, maxLength: 5 }),
        fc.array(randomPerson, { minLength: 8, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        async (rules, told, chance) => {
          const workspace = await newBrand();
          for (const [i, rule] of rules.entries()) await keepSegment(workspace, `rule ${i}`, rule);
          const ids = await segmentIds(workspace);
          let now = about + 3 * 3_600_000;
          const follow = async () => {
            const follower = followPeople({
              stores,
              workspaceOf: async () => workspace,
              logger: silent,
              now: () => new Date(now),
              sendEveryone: async () => undefined,
            });
            await follower.idle();
            await follower.stop();
          };
          const people = told.map((person, i) => ({ profileId: String(100 + i), ...person }));
          const truth = (everyone: readonly ToldPerson[]) =>
            everyone.flatMap((person) => {
              const own = rules.flatMap((rule, n) => (interpretRule(rule, person, { now, timeZone }) ? [ids[n]!] : []));
              const isThere = person.events.length + person.lines.length + person.traits.length > 0;
              return own.length > 0 && isThere ? [`${person.profileId}: ${own}`] : [];
            });

          // Rows arrive in pieces, in an order of their own.
          const pieces = people.flatMap((person) => cut(person, chance)).toSorted(() => (chance.next().value % 3) - 1);
          for (let i = 0; i < pieces.length; i += 12) {
            const some = pieces.slice(i, i + 12);
            await storePeople(stores, workspace.id, some);
            await noteChangedPeople(
              stores.control,
              workspace.id,
              some.map(({ profileId }) => profileId),
            );
            if (chance.next().value % 2) await follow();
          }
          await follow();
          expect(await kept(workspace)).toEqual(truth(people));

          // Time passes and nothing happens.
          for (const hours of [30, 24 * 9, 24 * 40]) {
            now += hours * 3_600_000;
            await follow();
            expect(await kept(workspace)).toEqual(truth(people));
          }
          expect(await net(workspace)).toEqual(truth(people));
          expect(await copy(workspace)).toEqual(truth(people));

          // Two turn out to be one, and are two again.
          const [a, b, ...others] = people as [ToldPerson, ToldPerson, ...ToldPerson[]];
          await link(workspace, b.profileId, a.profileId, 1);
          await follow();
          const joined = {
            profileId: a.profileId,
            events: [...a.events, ...b.events],
            lines: [...a.lines, ...b.lines],
            traits: [...a.traits, ...b.traits],
          };
          // Of two traits of the same instant either may be the latest.
          const isClear = new Set(joined.traits.map((one) => `${one.name} ${one.at}`)).size === joined.traits.length;
          if (isClear) expect(await kept(workspace)).toEqual(truth([joined, ...others]));
          await link(workspace, b.profileId, b.profileId, 2);
          await follow();
          expect(await kept(workspace)).toEqual(truth(people));

          // From scratch it is the same.
          await computeSegments(stores, workspace, { segmentIds: null, now: () => new Date(now) });
          expect(await kept(workspace)).toEqual(truth(people));
          expect(await events(workspace)).toEqual(await changes(workspace));
        },
      ),
      { seed: 7, numRuns: 4 },
    );
  });

  it('sends a batch of changes once, wherever it was broken off', async () => {
    const workspace = await newBrand();
    await keepSegment(workspace, 'everybody', { kind: 'all', of: [] });
    const people = fc
      .sample(randomPerson, { seed: 3, numRuns: 30 })
      .map((person, i) => ({ profileId: String(500 + i), ...person }));
    await storePeople(stores, workspace.id, people);
    await computeSegments(stores, workspace, { segmentIds: null, now: () => new Date(about) });
    for (const fails of ['append', 'note'] as const) {
      const broken = {
        control:
          fails === 'note'
            ? {
                ...stores.control,
                of: (id: Workspace['id']) => failing(stores.control.of(id), /^delete from segment_batches/),
              }
            : stores.control,
        events:
          fails === 'append' ? { ...stores.events, append: () => Promise.reject(new Error('cut off')) } : stores.events,
      };
      Object.setPrototypeOf(broken.control, Object.getPrototypeOf(stores.control));
      await expect(sendChanges(broken as never, workspace.id)).rejects.toThrow('cut off');
    }
    await sendChanges(stores, workspace.id);
    expect(await events(workspace)).toEqual(await changes(workspace));
    expect((await events(workspace)).length).toBeGreaterThan(20);
  });
});

const failing = (scoped: ReturnType<TestStores['control']['of']>, pattern: RegExp) => ({
  query: (sql: string, values?: never[]) =>
    pattern.test(sql) ? Promise.reject(new Error('cut off')) : scoped.query(sql, values),
});

async function newBrand(): Promise<Workspace> {
  const id = await stores.newWorkspace({ timeZone, currency: 'CNY' });
  return {
    id,
    name: 'Brand',
    timeZone,
    currency: 'CNY',
    locale: 'en',
    isDemo: false,
    createdAt: new Date(),
    settings: {} as never,
  };
}

async function keepSegment(workspace: Workspace, name: string, rule: SegmentRule): Promise<void> {
  await stores.control
    .of(workspace.id)
    .query('insert into segments (workspace_id, name, rule) values ($1, $2, $3)', [name, rule]);
}

const segmentIds = async ({ id }: Workspace): Promise<number[]> =>
  (
    await stores.control.of(id).query<{ id: number }>('select id from segments where workspace_id = $1 order by id')
  ).map((row) => row.id);

/** A person's rows, one by one. */
function cut(person: ToldPerson, _chance: unknown): ToldPerson[] {
  const none = { profileId: person.profileId, events: [], lines: [], traits: [] };
  return [
    ...person.events.map((event) => ({ ...none, events: [event] })),
    ...person.lines.map((line) => ({ ...none, lines: [line] })),
    ...person.traits.map((trait) => ({ ...none, traits: [trait] })),
  ];
}

async function kept({ id }: Workspace): Promise<string[]> {
  const rows = await stores.control
    .of(id)
    .query<{ profile_id: string; segment_ids: number[] }>(
      "select profile_id, segment_ids from profile_segments where workspace_id = $1 and segment_ids <> '{}' order by profile_id",
    );
  return rows.map((row) => `${row.profile_id}: ${row.segment_ids}`);
}

/** What entered and left add up to. */
async function net({ id }: Workspace): Promise<string[]> {
  const rows = await stores.control.of(id).query<{ profile_id: string; ids: number[] }>(
    `select profile_id, array_agg(segment_id order by segment_id) as ids from (
       select profile_id, segment_id, sum(case when entered then 1 else -1 end) as times
       from segment_changes where workspace_id = $1 group by 1, 2
     ) as sums where times = 1 group by 1 order by 1`,
  );
  return rows.map((row) => `${row.profile_id}: ${row.ids}`);
}

async function copy({ id }: Workspace): Promise<string[]> {
  const { rows } = await stores.events.read<{ profile_id: string; segments: number[] }>(id, {
    name: 'copy',
    sql: 'SELECT profile_id, segments FROM @segment_memberships WHERE notEmpty(segments) ORDER BY profile_id',
  });
  return rows.map((row) => `${row.profile_id}: ${row.segments}`);
}

async function events({ id }: Workspace): Promise<string[]> {
  const { rows } = await stores.events.read<{ line: string }>(id, {
    name: 'sent',
    sql: `SELECT concat(toString(identity_id), ' ', name, ' ', properties.segment_id::String) AS line
          FROM @events WHERE type = 'segment' ORDER BY line`,
  });
  return rows.map(({ line }) => line).sort();
}

async function changes({ id }: Workspace): Promise<string[]> {
  await sendChanges(stores, id);
  const rows = await stores.control.of(id).query<{ line: string }>(
    `select profile_id || ' ' || case when entered then 'segment_entered' else 'segment_left' end || ' ' || segment_id as line
     from segment_changes where workspace_id = $1`,
  );
  return rows.map(({ line }) => line).sort();
}

/** As identity resolution leaves it. */
async function link({ id }: Workspace, identityId: string, profileId: string, version: number): Promise<void> {
  await stores.control.of(id).query(
    `insert into profile_links (workspace_id, identity_id, profile_id, version, pushed) values ($1, $2, $3, $4, true)
     on conflict (workspace_id, identity_id) do update set profile_id = excluded.profile_id, version = excluded.version`,
    [identityId, profileId, version],
  );
  await stores.events.append(
    'profile_links',
    [{ workspace_id: id, identity_id: identityId, profile_id: profileId, version }],
    `link:${identityId}:${version}`,
  );
  await noteChangedPeople(stores.control, id, [identityId, profileId, '100']);
}
