import { randomUUID } from 'node:crypto';
import type { Import, Source } from '@zhiyin/contract';
import type { ProfileId, WorkspaceId } from '../domain/ids.ts';
import type { Stores } from '../storage/stores.ts';
import { type Address, type ApiClient, collect, newSource } from './api-client.ts';

/** What two brands have in common: ids that both use for different people and things. */
export const shared = {
  userId: 'customer-1',
  email: 'same@example.com',
  phone: '+8613812345678',
  orderId: 'order-1',
  itemId: 'sku-1',
};

/** Fills a workspace with something of every kind. Ids are the same for every brand, words carry the brand's name. */
export async function fillBrand(at: Address, owner: ApiClient, workspaceId: number, brand: string): Promise<Source> {
  const source = await newSource(owner, workspaceId, `${brand} shop`);
  const send = async (route: string, body: unknown) => {
    const answer = await collect(at, source.writeKey, route, body);
    if (answer.status !== 200) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  };
  const { userId, email, phone, orderId, itemId } = shared;
  const product = { product_id: itemId, name: `${brand} teapot`, category: `${brand} pots`, price: 30, quantity: 1 };
  const traits = { email, phone, name: `${brand} Wang`, city: `${brand}-town` };
  const earlier = new Date(Date.now() - 60_000).toISOString();
  await send('batch', {
    batch: [
      { messageId: 'm-1', timestamp: earlier, type: 'identify', userId, anonymousId: 'visitor-1', traits },
      {
        messageId: 'm-2',
        type: 'track',
        event: `${brand} Viewed`,
        userId,
        properties: { [`${brand}_note`]: `${brand} note` },
      },
      {
        messageId: 'm-3',
        type: 'track',
        event: 'Order Completed',
        userId,
        properties: { order_id: orderId, total: 30, currency: 'CNY', products: [product] },
      },
      {
        messageId: 'm-4',
        type: 'page',
        name: `${brand} Home`,
        anonymousId: 'visitor-1',
        context: { campaign: { name: brand } },
      },
      { messageId: 'm-5', type: 'group', userId, groupId: 'group-1', traits: { name: `${brand} club` } },
      // A second known person on the first one's device: refused, and reported.
      { messageId: 'm-7', type: 'identify', userId: `${brand}-2`, anonymousId: 'visitor-1' },
      // Nobody is named: quarantined.
      { messageId: 'm-6', type: 'track', event: `${brand} Broken`, properties: { note: `${brand} broken` } },
    ],
  });
  await send('catalogue', {
    upsert: [{ id: itemId, name: `${brand} teapot`, category: `${brand} pots`, price: 30, currency: 'CNY' }],
  });
  await send('reviews', {
    reviews: [{ reviewId: 'r-1', itemId, userId, rating: 5, title: brand, text: `${brand} is fine` }],
  });

  const base = `/api/workspaces/${workspaceId}`;
  await owner.call('POST', `${base}/members`, {
    email: `${brand}-analyst@example.com`,
    name: `${brand} analyst`,
    role: 'analyst',
  });
  await owner.call('POST', `${base}/import-mappings`, {
    name: `${brand} mapping`,
    kind: 'spend',
    mapping: { day: `${brand}_day` },
  });
  // One that has run, and one that waits with its preview.
  for (const isStarted of [true, false]) {
    const made = await owner.call<Import>('POST', `${base}/imports`, { fileName: `${brand}-spend.csv`, kind: 'spend' });
    await owner.fetch(`${base}/imports/${made.id}/file`, {
      method: 'PUT',
      body: `date,channel,campaign,spend,currency\n2026-01-02,search,${brand} campaign ${isStarted},12.50,CNY\n`,
      headers: { 'content-type': 'application/octet-stream' },
    });
    if (isStarted) await owner.call('POST', `${base}/imports/${made.id}/start`);
  }
  const actions = [{ do: 'default', path: 'properties.mended_by', value: brand }];
  await owner.call('POST', `${base}/quarantine/replay`, { filter: {}, actions, keepAs: `${brand} rule` });
  return source;
}

export async function writeDecision(
  stores: Stores,
  workspaceId: WorkspaceId,
  profileId: ProfileId,
  brand: string,
): Promise<void> {
  await stores.ledger.write([
    {
      workspaceId,
      decisionId: randomUUID(),
      profileId,
      decidedAt: new Date(),
      surface: `${brand} home`,
      action: `${brand} action`,
      candidates: [shared.itemId],
      scores: [1],
      model: brand,
      modelVersion: '1',
      propensity: 1,
      experiment: '',
      arm: '',
      reasons: [],
      consentBasis: 'contract',
      policyChecks: [],
    },
  ]);
}
