import { recommendRulesSchema, type SurfaceUpdate } from '@zhiyin/contract';
import { describe, expect, it } from 'vitest';
import { findProblems, listChanges } from './draft.ts';

const saved: SurfaceUpdate = {
  name: 'Home',
  kind: 'home',
  enabled: true,
  isPublic: false,
  k: 4,
  chain: ['personal', 'popular'],
  rules: recommendRulesSchema.parse({}),
  experiment: null,
};
const withRules = (rules: Partial<SurfaceUpdate['rules']>): SurfaceUpdate => ({
  ...saved,
  rules: { ...saved.rules, ...rules },
});
const codesOf = (draft: SurfaceUpdate) => findProblems(draft).map(({ at, code }) => `${at}: ${code}`);

describe('a draft of a surface', () => {
  it('has no problem and no change as it was saved', () => {
    expect(findProblems(saved)).toEqual([]);
    expect(listChanges(saved, structuredClone(saved))).toEqual([]);
  });

  it('says which parts were changed', () => {
    const draft = { ...withRules({ diversity: 0.9, pins: [{ itemId: 'a', place: 1, until: null }] }), k: 8 };
    expect(listChanges(saved, draft)).toEqual(['k', 'rules.diversity', 'rules.pins']);
  });

  it('wants a name, somewhere items come from and prices the right way round', () => {
    expect(codesOf({ ...saved, name: ' ' })).toEqual(['name: nameMissing']);
    expect(codesOf({ ...saved, chain: [] })).toEqual(['chain: chainEmpty']);
    expect(codesOf(withRules({ priceToCart: { atLeast: 2, atMost: 1 } }))).toEqual(['rules.priceToCart: priceTurned']);
  });

  it('finds pins without an item, on one place, of one item, or behind the end of the list', () => {
    const until = null;
    const pins = [
      { itemId: '', place: 1, until },
      { itemId: 'a', place: 2, until },
      { itemId: 'a', place: 3, until },
      { itemId: 'b', place: 2, until },
      { itemId: 'c', place: 5, until },
    ];
    expect(codesOf(withRules({ pins }))).toEqual([
      'rules.pins.0: pinItem',
      'rules.pins.2: pinTwice',
      'rules.pins.3: pinPlaceTwice',
      'rules.pins.4: pinBeyond',
    ]);
  });

  it('finds conditions without values and boosts without a target', () => {
    const condition = { attribute: 'category', is: 'in' as const, values: [] };
    const draft = withRules({ conditions: [condition], boosts: [{ condition, factor: 2, until: null }] });
    expect(codesOf(draft)).toEqual(['rules.conditions.0: conditionEmpty', 'rules.boosts.0: boostTarget']);
  });

  it('wants arms with different names that add up to everybody', () => {
    const arm = { name: 'a', share: 0.5 };
    expect(codesOf({ ...saved, experiment: { name: 'x', arms: [arm, { ...arm, share: 0.4 }] } })).toEqual([
      'experiment.arms: armNames',
      'experiment.arms: armShares',
    ]);
    expect(codesOf({ ...saved, experiment: { name: 'x', arms: [arm, { ...arm, name: 'b' }] } })).toEqual([]);
  });

  it('lets the contract judge what is left', () => {
    expect(codesOf({ ...saved, k: 1_000 })).toEqual(['k: numberOutside']);
    expect(codesOf(withRules({ exploration: 0.9 }))).toEqual(['rules.exploration: numberOutside']);
  });
});
