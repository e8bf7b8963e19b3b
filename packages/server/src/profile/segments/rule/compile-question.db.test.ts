import type { SegmentRule } from '@zhiyin/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asIdentityId, asProfileId, type IdentityId, type ProfileId, type WorkspaceId } from '../../../domain/ids.ts';
import { openTestStores, type TestStores } from '../../../storage/testing.ts';
import { interpretRule, type ToldPerson } from '../testing/interpret-rule.ts';
import { about, randomPerson, randomRule } from '../testing/random-rules.ts';
import { storePeople } from '../testing/store-people.ts';
import { type MembershipRow, membershipQuestion } from './compile-question.ts';
import { inlineSegments } from './compile-rule.ts';
import { earliestDue, evaluateRule } from './evaluate-rule.ts';
import { collectNeeds } from './facts.ts';
import { loadFacts } from './load-facts.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(async () => {
  await stores.close();
});

const timeZone = 'Asia/Shanghai';
const seed = 20_260_408;

describe('compiled rules', () => {
  let workspaceId: WorkspaceId;
  let people: ToldPerson[];
  beforeAll(async () => {
    workspaceId = await stores.newWorkspace({ timeZone, currency: 'CNY' });
    people = fc.sample(randomPerson, { seed, numRuns: 120 }).map((person, i) => ({
      profileId: String(1_000 + i),
      ...person,
      events: person.events.map((event, n) => ({ ...event, key: uuid(i * 100 + n) })),
    }));
    await storePeople(stores, workspaceId, people);
  });

  async function ask(rules: readonly SegmentRule[], now: number) {
    const context = { moment: { now: new Date(now), timeZone }, currency: 'CNY' };
    const inlined = new Map(rules.map((rule, i) => [i + 1, inlineSegments(rule, new Map())]));
    const answer = await stores.events.read<MembershipRow>(workspaceId, membershipQuestion(inlined, context, null));
    return new Map(answer.rows.map((row) => [row.profile_id, row]));
  }

  /** The same by loading facts and evaluating them here. */
  async function evaluate(rules: readonly SegmentRule[], now: number, among: Map<ProfileId, IdentityId[]>) {
    const context = { moment: { now: new Date(now), timeZone }, currency: 'CNY' };
    const inlined = rules.map((rule) => inlineSegments(rule, new Map()));
    const needs = collectNeeds(inlined, context.moment);
    const facts = await loadFacts(stores.events, workspaceId, needs, among);
    return new Map(
      [...facts!].map(([profileId, own]) => {
        const findings = inlined.map((rule) => evaluateRule(rule, profileId, own, { context, needs }));
        const due = earliestDue(
          findings.flatMap(({ dues }) => dues),
          context.moment,
        );
        const segments = findings.flatMap(({ holds }, i) => (holds ? [i + 1] : []));
        return [profileId, { profile_id: profileId, segments, due: due === null ? null : String(due) }];
      }),
    );
  }

  it('say of everybody what the interpreter says, and nothing changes before it is due', async () => {
    let compared = 0;
    let held = 0;
    const instants = fc.record({
      now: fc.integer({ min: -3, max: 30 * 24 }),
      later: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(randomRule, { minLength: 6, maxLength: 6 }),
        instants,
        async (rules, { now: hours, later }) => {
          const now = about + hours * 3_600_000;
          const rows = await ask(rules, now);
          const everyone = new Map(people.map(({ profileId }) => [asProfileId(profileId), [asIdentityId(profileId)]]));
          expect(await evaluate(rules, now, everyone)).toEqual(rows);
          for (const person of people) {
            const row = rows.get(person.profileId);
            const isThere = person.events.length + person.traits.length + person.lines.length > 0;
            if (!row) {
              expect(isThere).toBe(false);
              continue;
            }
            const due = row.due === null ? now + 400 * 86_400_000 : Number(row.due);
            expect(due).toBeGreaterThan(now);
            const until = later.map((share) => Math.floor((due - now) * share));
            for (const at of [now, ...until.map((ms) => Math.min(due - 1, now + ms)), due - 1]) {
              const truth = rules.flatMap((rule, i) =>
                interpretRule(rule, person, { now: at, timeZone }) ? [i + 1] : [],
              );
              if (truth.join() !== row.segments.join()) expect({ at, person, row }).toEqual({ at, person, truth });
              compared += rules.length;
              held += truth.length;
            }
          }
        },
      ),
      { seed, numRuns: 25 },
    );
    // Rules that are never or always true would prove little.
    expect(held / compared).toBeGreaterThan(0.2);
    expect(held / compared).toBeLessThan(0.8);
  });
});

const uuid = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
