import { describe, expect, it } from 'vitest';
import { applyRowActions } from './apply-row-actions.ts';

describe('applyRowActions', () => {
  it('sets, fills, renames, removes and replaces cells by column name', () => {
    const mended = applyRowActions({ 'Unit.Price': '2,5', Qty: '', old: 'x', drop: '1' }, [
      { do: 'replace', path: 'Unit.Price', find: ',', with: '.' },
      { do: 'default', path: 'Qty', value: 1 },
      { do: 'rename', path: 'old', to: 'new' },
      { do: 'remove', path: 'drop' },
      { do: 'set', path: 'CustomerID', value: 'walk-in-1' },
    ]);
    expect(mended).toEqual({ 'Unit.Price': '2.5', Qty: 1, new: 'x', CustomerID: 'walk-in-1' });
  });

  it('does not touch the prototype of anything', () => {
    applyRowActions({ a: '1' }, [{ do: 'set', path: '__proto__', value: 'polluted' }]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
