import { setTimeout as sleep } from 'node:timers/promises';
import type { RecommendAnswer, RecommendModel, Training } from '@zhiyin/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Brand, openRecommendServer, type RecommendServer } from './testing/open-recommend-server.ts';

/**
 * A school: an introduction to one of six subjects, three courses that all take in any order, then two of the subject. What comes after
 * the common ones is told by how somebody began, four steps before; counts of what follows the last courses know nothing of it.
 */
const subjects = 6;
const common = ['logic', 'writing', 'statistics'];
const people = 480;
const stepsEach = 6;
const intro = (subject: number) => `intro-${subject}`;
const special = (subject: number, step: number) => `special-${subject}-${step}`;

function lifeOf(person: number): string[] {
  const subject = person % subjects;
  const turn = Math.floor(person / subjects) % 3;
  return [intro(subject), ...common.slice(turn), ...common.slice(0, turn), special(subject, 0), special(subject, 1)];
}

let server: RecommendServer;
let school: Brand;

const enrolled = (userId: string, itemId: string, at: number) => ({
  type: 'track',
  messageId: `${userId}-${itemId}`,
  event: 'Course Enrolled',
  userId,
  timestamp: new Date(at).toISOString(),
  properties: { item_id: itemId },
});
const dayMs = 86_400_000;

beforeAll(async () => {
  server = await openRecommendServer();
  school = await server.newBrand();
  const subjectsHave = (subject: number) => [intro(subject), special(subject, 0), special(subject, 1)];
  const courses = [...common, ...Array.from({ length: subjects }, (_, subject) => subjectsHave(subject)).flat()];
  await school.items(courses.map((id) => ({ id, name: `Course ${id}`, price: 10, stock: 99 })));
  const now = Date.now();
  await school.track(
    Array.from({ length: people }, (_, person) =>
      lifeOf(person).map((id, step) => enrolled(`u-${person}`, id, now - (100 - step * 15 - (person % 14)) * dayMs)),
    ).flat(),
  );
  const count = async () =>
    (
      await server.stores.events.read<{ n: string }>(school.workspaceId, {
        name: 'n',
        sql: 'SELECT count() AS n FROM @events',
      })
    ).rows[0]!.n;
  for (let waited = 0; Number(await count()) < people * stepsEach; waited += 1) {
    if (waited > 300) throw new Error('the events were not cleaned in 30 s');
    await sleep(100);
  }
  expect(await school.api('POST', '/trainings', {})).toMatchObject({ status: 200 });
  for (;;) {
    const [training] = ((await school.api('GET', '/trainings')).body as { rows: Training[] }).rows;
    if (training!.state === 'done') break;
    if (training!.state === 'failed') throw new Error(training!.error ?? '');
    await sleep(100);
  }
  await sleep(300);
}, 120_000);
afterAll(() => server?.close());

const first = ({ items }: RecommendAnswer) => items[0]!;

it('a model of sequences serves what comes next where it ranks the test days better than counts', async () => {
  const [model] = ((await school.api('GET', '/models')).body as { rows: RecommendModel[] }).rows;
  const { next } = model!;
  expect(next).toMatchObject({ serves: true, steps: 'taken', measures: { k: 20 } });
  expect(next!.measures.ndcg).toBeGreaterThan(next!.baseline.ndcg);
  expect(next!.measures.ndcgInterval.low).toBeGreaterThan(next!.baseline.ndcgInterval.high);
  expect(next!.tried.map(({ kind }) => kind)).toEqual(['popularity', 'transition-knn', 'vsknn']);
});

it('knows from the events of a moment ago where somebody goes, and says which of them speak for it', async () => {
  const now = Date.now();
  await school.track([intro(4), ...common].map((id, step) => enrolled('new', id, now - (60 - step) * 60_000)));
  const ask = () => school.ask({ surface: 'next', person: { userId: 'new' }, locale: 'en' });
  const answer = first(await ask());
  expect(answer).toMatchObject({ itemId: special(4, 0), method: 'next' });
  const { because } = answer.reason;
  expect(because.length).toBeGreaterThan(0);
  expect(because.every(({ did, itemId }) => did === 'next' && [intro(4), ...common].includes(itemId))).toBe(true);
  expect(because.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1.000001);
  await school.track([enrolled('new', special(4, 0), now)]);
  expect(first(await ask()).itemId).toBe(special(4, 1));
});

it('answers a session of somebody unknown, and goes on from what is at hand', async () => {
  const ask = async (...items: string[]) => first(await school.ask({ surface: 'next', items })).itemId;
  expect(await ask(intro(2), ...common)).toBe(special(2, 0));
  const atHand = { surface: 'next', items: [intro(2), ...common], context: { itemId: special(2, 0) } };
  expect(first(await school.ask(atHand)).itemId).toBe(special(2, 1));
});
