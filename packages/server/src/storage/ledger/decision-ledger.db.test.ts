import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asProfileId, asWorkspaceId } from '../../domain/ids.ts';
import { openTestStores, type TestStores } from '../testing.ts';
import type { Decision } from './decision-ledger.ts';

const one = asWorkspaceId(1);
let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

const aDecision = (changes: Partial<Decision> = {}): Decision => ({
  workspaceId: one,
  decisionId: randomUUID(),
  profileId: asProfileId('4611686018427387905'),
  decidedAt: new Date('2026-03-01T10:00:00.500Z'),
  surface: 'home',
  action: 'item-1',
  candidates: ['item-1', 'item-2'],
  scores: [0.75, 0.5],
  model: 'popular',
  modelVersion: '1',
  propensity: 0.8,
  experiment: '',
  arm: '',
  reasons: [{ kind: 'bought', item: '茶' }],
  consentBasis: 'marketing',
  policyChecks: ['cap', { passed: true }],
  ...changes,
});

describe('the decision ledger', () => {
  it('gives back a decision as it was written', async () => {
    const decision = aDecision();
    await stores.ledger.write([decision]);
    expect(await stores.ledger.list(one, { profileId: decision.profileId, limit: 10 })).toEqual([decision]);
  });

  it('keeps a decision once: in one call, in another call, and among new ones', async () => {
    const surface = 'once';
    const decision = aDecision({ surface });
    await stores.ledger.write([decision, decision]);
    await stores.ledger.write([decision]);
    await stores.ledger.write([aDecision({ surface }), decision, { ...decision, action: 'other' }]);
    const kept = await stores.ledger.list(one, { surface, limit: 10 });
    expect(kept).toHaveLength(2);
    expect(kept.find((other) => other.decisionId === decision.decisionId)?.action).toBe('item-1');
  });

  it('keeps a decision once when two writers race', async () => {
    const decision = aDecision({ surface: 'raced' });
    await Promise.all([
      stores.ledger.write([decision]),
      stores.ledger.write([decision]),
      stores.ledger.write([decision]),
    ]);
    const { rows } = await stores.events.read(one, {
      name: 'count',
      sql: `SELECT count() AS n FROM @decisions WHERE surface = 'raced'`,
    });
    expect(rows).toEqual([{ n: '1' }]);
  });

  it('lists the newest first, before an instant, up to a limit, for one workspace', async () => {
    const surface = 'ordered';
    const at = (hour: number) => new Date(Date.UTC(2026, 2, 1, hour));
    await stores.ledger.write([1, 2, 3, 4].map((hour) => aDecision({ surface, decidedAt: at(hour) })));
    await stores.ledger.write([aDecision({ surface, workspaceId: asWorkspaceId(2) })]);
    const kept = await stores.ledger.list(one, { surface, before: at(4), limit: 2 });
    expect(kept.map((decision) => decision.decidedAt)).toEqual([at(3), at(2)]);
    expect(await stores.ledger.list(asWorkspaceId(2), { surface, limit: 10 })).toHaveLength(1);
  });

  it.each([0, -0.1, 1.5, Number.NaN])('refuses a propensity of %s', async (propensity) => {
    await expect(stores.ledger.write([aDecision({ propensity })])).rejects.toThrow(/propensity must be in \(0, 1\]/);
  });

  it('refuses candidates without their scores', async () => {
    await expect(stores.ledger.write([aDecision({ scores: [1] })])).rejects.toThrow(/2 candidates but 1 scores/);
  });
});
