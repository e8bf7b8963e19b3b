import fc from 'fast-check';
import { expect, it } from 'vitest';
import { selectLargest } from './select-largest.ts';

it('selects what sorting would put at that place, with many equal values too', () => {
  const numbers = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(numbers, fc.nat(), (list, at) => {
      const k = (at % list.length) + 1;
      const sorted = [...list].sort((a, b) => b - a);
      expect(selectLargest(Float32Array.from(list), k)).toBe(sorted[k - 1]);
    }),
  );
});
