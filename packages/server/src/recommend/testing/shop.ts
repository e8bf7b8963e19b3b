import { setTimeout as sleep } from 'node:timers/promises';
import type { Surface, Training } from '@zhiyin/contract';
import { expect } from 'vitest';
import type { Brand, RecommendServer } from './open-recommend-server.ts';

const day = 86_400_000;
export const at = (daysAgo: number) => new Date(Date.now() - daysAgo * day).toISOString();
let messages = 0;
function nextMessage(): number {
  messages += 1;
  return messages;
}
/** Somebody did something with an item. */
export const did = (userId: string, event: string, productId: string, daysAgo = 0, more: object = {}) => ({
  type: 'track',
  messageId: `m-${nextMessage()}`,
  event,
  userId,
  timestamp: at(daysAgo),
  properties: { product_id: productId, price: 10, ...more },
});
export const bought = (userId: string, productIds: readonly string[], daysAgo = 0) => ({
  type: 'track',
  messageId: `m-${nextMessage()}`,
  event: 'Order Completed',
  userId,
  timestamp: at(daysAgo),
  properties: {
    order_id: `o-${messages}`,
    currency: 'CNY',
    products: productIds.map((id) => ({ product_id: id, price: 10 })),
  },
});

/** What of a surface can be saved. */
export const settingsOf = ({ surface: _s, isChanged: _c, answers7d: _a, updatedAt: _u, ...settings }: Surface) =>
  settings;

/** Other rules for a surface; the rest of them stays. */
export async function change(one: Brand, surface: string, rules: object, more: object = {}): Promise<void> {
  const all = ((await one.api('GET', '/surfaces')).body as { rows: Surface[] }).rows;
  const settings = settingsOf(all.find((each) => each.surface === surface)!);
  const answer = await one.api('PUT', `/surfaces/${surface}`, {
    ...settings,
    ...more,
    rules: { ...settings.rules, ...rules },
  });
  expect(answer).toMatchObject({ status: 200 });
  // The change is told to every process; this one hears it a moment later.
  await sleep(150);
}

/** So many events of the brand are stored. */
export async function cleaned(server: RecommendServer, one: Brand, events: number): Promise<void> {
  const count = async () =>
    Number(
      (
        await server.stores.events.read<{ n: string }>(one.workspaceId, {
          name: 'n',
          sql: 'SELECT count() AS n FROM @events',
        })
      ).rows[0]!.n,
    );
  for (let waited = 0; (await count()) < events; waited += 1) {
    if (waited > 300) throw new Error('the events were not cleaned in 30 s');
    await sleep(100);
  }
}

/** A training from its start to its end, whatever that is. */
export async function train(one: Brand): Promise<Training> {
  expect(await one.api('POST', '/trainings', {})).toMatchObject({ status: 200, body: { state: 'queued' } });
  let latest: Training | undefined;
  await expect
    .poll(
      async () => {
        latest = ((await one.api('GET', '/trainings')).body as { rows: Training[] }).rows[0]!;
        return ['queued', 'running'].includes(latest.state);
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBe(false);
  await sleep(300);
  return latest!;
}
